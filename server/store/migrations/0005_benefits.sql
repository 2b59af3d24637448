-- What we can give, what pays for it, who has it, and the plans that decide. Amounts are minor units
-- of the currency beside them.

-- The catalogue. Small; the typed parts are jsonb (benefit_json.h says their form).
CREATE TABLE benefits (
  benefit_id     text COLLATE "C" PRIMARY KEY,
  display_name   text NOT NULL,
  kind           jsonb NOT NULL,
  eligibility    jsonb NOT NULL,
  stacking_group text COLLATE "C" NOT NULL,  -- '' stacks with all
  cost           jsonb NOT NULL,
  value          jsonb NOT NULL,
  validity_days  integer NOT NULL CHECK (validity_days > 0),
  budget_id      text COLLATE "C" NOT NULL,  -- '' when it costs nothing
  state          smallint NOT NULL CHECK (state BETWEEN 1 AND 3),  -- 1 draft, 2 active, 3 retired
  was_activated  boolean NOT NULL,
  version        bigint NOT NULL,
  create_time    timestamptz NOT NULL,
  update_time    timestamptz NOT NULL
);

-- Money and seats that pay for benefits. The row is the sum of its ledger, and the checks hold its
-- limits whatever runs beside.
CREATE TABLE budgets (
  budget_id      text COLLATE "C" PRIMARY KEY,
  display_name   text NOT NULL,
  currency       text COLLATE "C" NOT NULL,
  money_limit    bigint NOT NULL,
  account_limit  bigint CHECK (account_limit > 0),
  seat_limit     bigint,  -- NULL: no such limit
  start_time     timestamptz NOT NULL,
  end_time       timestamptz NOT NULL,
  reserved       bigint NOT NULL,
  spent          bigint NOT NULL,
  seats_reserved bigint NOT NULL,
  entries        bigint NOT NULL,  -- lines of the ledger; gives them their numbers
  version        bigint NOT NULL,
  create_time    timestamptz NOT NULL,
  update_time    timestamptz NOT NULL,
  CONSTRAINT budgets_period CHECK (start_time < end_time),
  CONSTRAINT budgets_reserved CHECK (reserved >= 0),
  CONSTRAINT budgets_spent CHECK (spent >= 0),
  CONSTRAINT budgets_money CHECK (reserved + spent <= money_limit),
  CONSTRAINT budgets_seats CHECK (seats_reserved >= 0 AND seats_reserved <= seat_limit)
);

-- The ledger: lines are only ever added, and numbered from 1 without gaps.
CREATE TABLE budget_entries (
  budget_id      text COLLATE "C" NOT NULL,
  number         bigint NOT NULL,
  kind           smallint NOT NULL CHECK (kind BETWEEN 1 AND 4),  -- 1 reserve, 2 release, 3 spend,
                                                                  -- 4 adjust
  amount         bigint NOT NULL,
  seats          bigint NOT NULL,
  account_id     text COLLATE "C" NOT NULL,  -- '' for a line about no entitlement
  entitlement_id text COLLATE "C" NOT NULL,
  reason         text NOT NULL,
  principal      text NOT NULL,
  create_time    timestamptz NOT NULL,
  PRIMARY KEY (budget_id, number),
  CONSTRAINT budget_entries_amount CHECK (kind = 4 OR (amount >= 0 AND seats >= 0))
);

-- The rights of accounts to benefits. That an account holds at most one of a benefit and of a
-- stacking group at a time is held by the lock on the account's row.
CREATE TABLE entitlements (
  account_id     text COLLATE "C" NOT NULL,
  entitlement_id text COLLATE "C" NOT NULL,  -- ids made later sort later
  benefit_id     text COLLATE "C" NOT NULL,
  stacking_group text COLLATE "C" NOT NULL,
  state          smallint NOT NULL CHECK (state IN (1, 3)),  -- 1 active, 3 revoked; expired follows
                                                             -- from end_time
  start_time     timestamptz NOT NULL,
  end_time       timestamptz NOT NULL,
  budget_id      text COLLATE "C" NOT NULL,
  reserved_cost  bigint NOT NULL CHECK (reserved_cost >= 0),
  currency       text COLLATE "C" NOT NULL,
  seats          bigint NOT NULL CHECK (seats >= 0),
  plan_id        text COLLATE "C" NOT NULL,        -- '' when a person granted it
  evaluation_id  text COLLATE "C" NOT NULL,        -- '' when it stands on no assessment
  principal      text NOT NULL,
  reason         text NOT NULL,
  version        bigint NOT NULL,
  create_time    timestamptz NOT NULL,
  revoke_time    timestamptz,
  revoke_reason  text NOT NULL,
  PRIMARY KEY (account_id, entitlement_id),
  CONSTRAINT entitlements_validity CHECK (start_time < end_time),
  CONSTRAINT entitlements_revoked CHECK ((state = 3) = (revoke_time IS NOT NULL))
);

-- The entitlements of all accounts, newest first; those that are live; what accounts have taken of
-- a budget.
CREATE INDEX entitlements_newest ON entitlements (entitlement_id, account_id);
CREATE INDEX entitlements_live ON entitlements (end_time) WHERE state = 1;
CREATE INDEX entitlements_budget ON entitlements (budget_id, account_id) WHERE state = 1;

-- Allocation plans; what a plan takes of each budget and makes of each benefit, with the versions it
-- saw, is jsonb (plan_json.h).
CREATE TABLE allocation_plans (
  plan_id         text COLLATE "C" PRIMARY KEY,  -- ids made later sort later
  evaluation_id   text COLLATE "C" NOT NULL,
  wanted_benefits text[] NOT NULL,
  state           smallint NOT NULL CHECK (state BETWEEN 1 AND 6),  -- as PlanState
  currency        text COLLATE "C" NOT NULL,
  budgets         jsonb NOT NULL,
  benefits        jsonb NOT NULL,
  grants          bigint NOT NULL,
  accounts        bigint NOT NULL,
  cost            bigint NOT NULL,
  value           bigint NOT NULL,
  version         bigint NOT NULL,
  create_time     timestamptz NOT NULL,
  ready_time      timestamptz,
  commit_time     timestamptz,
  commit_operation_id text COLLATE "C" NOT NULL  -- of the latest commit; '' before
);

-- What a plan decided of each account and benefit; belongs to the plan, not to the account.
CREATE TABLE allocation_items (
  plan_id    text COLLATE "C" NOT NULL,
  position   bigint NOT NULL,   -- from 1, best value per cost first
  account_id text COLLATE "C" NOT NULL,
  benefit_id text COLLATE "C" NOT NULL,
  decision   smallint NOT NULL CHECK (decision BETWEEN 1 AND 7),  -- as AllocationDecision
  cost       bigint NOT NULL,
  value      bigint NOT NULL,
  seats      bigint NOT NULL,
  PRIMARY KEY (plan_id, position)
);

-- The items of one account, and the granted ones.
CREATE INDEX allocation_items_account ON allocation_items (plan_id, account_id, position);
CREATE INDEX allocation_items_granted ON allocation_items (plan_id, position) WHERE decision = 1;
