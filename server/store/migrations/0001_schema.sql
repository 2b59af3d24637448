-- What was asked before: a request that is repeated with its id is answered from here, not done
-- again. Written in the transaction of the request's effect.
CREATE TABLE requests (
  principal    text COLLATE "C" NOT NULL,
  method       text COLLATE "C" NOT NULL,
  request_id   text COLLATE "C" NOT NULL,
  request_hash bytea NOT NULL,
  response     bytea NOT NULL DEFAULT '',  -- serialized; empty while the call is being done
  create_time  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (principal, method, request_id)
);
CREATE INDEX requests_by_age ON requests (create_time);

-- Who did what, when, from where, and how it ended. Rows are only ever added.
CREATE TABLE audit (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  audit_time  timestamptz NOT NULL DEFAULT clock_timestamp(),
  principal   text NOT NULL,
  method      text NOT NULL,
  peer        text NOT NULL,
  request_id  text NOT NULL,
  resource    text NOT NULL,
  outcome     text NOT NULL,
  detail      text NOT NULL,
  calls       bigint NOT NULL DEFAULT 1  -- that the line stands for
);

-- What all servers of this database share and nobody else knows; one row.
CREATE TABLE server_secrets (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  page_secret bytea NOT NULL  -- seals page tokens
);
-- Of an UUID, 122 bits are random.
INSERT INTO server_secrets (page_secret)
VALUES (sha256(decode(replace(concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), '-', ''), 'hex')));

-- A row for every change, stamped with the transaction that made it. The order of seq is not the
-- order of commits: readers take only rows with xid < pg_snapshot_xmin(pg_current_snapshot()).
CREATE TABLE changes (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind        text NOT NULL,
  account_id  text COLLATE "C" NOT NULL,  -- '' for what concerns no single account
  resource    text NOT NULL,
  version     bigint NOT NULL DEFAULT 0,  -- of the resource, after the change
  change_time timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Work that outlives a call, and the lease of the server that does it.
CREATE TABLE operations (
  id               text COLLATE "C" PRIMARY KEY,
  -- Which is older, whatever the clocks of the servers that gave the ids.
  seq              bigint GENERATED ALWAYS AS IDENTITY,
  kind             integer NOT NULL,
  target           text COLLATE "C" NOT NULL,
  principal        text NOT NULL,
  state            integer NOT NULL,  -- 1 pending, 2 running, 3 succeeded, 4 failed, 5 cancelled
  stage            text NOT NULL,
  done             bigint NOT NULL,
  total            bigint NOT NULL,
  cursor           text NOT NULL,  -- the job's own note of where to go on
  attempts         integer NOT NULL,
  cancel_requested boolean NOT NULL DEFAULT false,
  error            jsonb,            -- kam.stored.v1.Status; NULL unless it failed
  create_time      timestamptz NOT NULL,
  start_time       timestamptz,
  attempt_time     timestamptz,
  attempt_done     bigint NOT NULL DEFAULT 0,
  end_time         timestamptz,
  lease_owner      text,         -- NULL while nobody works on it
  lease_until      timestamptz,  -- nobody else takes it before
  CONSTRAINT operations_state CHECK (state BETWEEN 1 AND 5)
);
CREATE INDEX operations_open ON operations (seq) WHERE state IN (1, 2);
CREATE UNIQUE INDEX operations_seq ON operations (seq);

-- Who our customers are. One row an account, current content only; what changed when is in the
-- change log. Deleted accounts stay: their facts are still true.
CREATE TABLE accounts (
  account_id            text COLLATE "C" PRIMARY KEY,
  display_name          text COLLATE "C" NOT NULL,
  parent_id             text COLLATE "C" NOT NULL,  -- '' at the top of a group
  external_ids          text[] NOT NULL,            -- system, id, system, id, …, ascending
  currency              text COLLATE "C" NOT NULL,  -- ISO 4217; never changes
  industry              text COLLATE "C" NOT NULL,
  declared_annual_spend bigint CHECK (declared_annual_spend > 0),  -- minor units, as all amounts
  marketing_budget      bigint CHECK (marketing_budget >= 0),
  labels                jsonb NOT NULL,             -- {key: value}
  version               bigint NOT NULL,            -- the etag is made of it
  create_time           timestamptz NOT NULL,
  update_time           timestamptz NOT NULL,
  delete_time           timestamptz,                -- set while it is soft-deleted
  CHECK (parent_id <> account_id)
);

-- One index for each order of ListAccounts (the primary key is the third), and one for the
-- members of a group.
CREATE INDEX accounts_create_time ON accounts (create_time, account_id);
CREATE INDEX accounts_display_name ON accounts (display_name, account_id);
CREATE INDEX accounts_parent ON accounts (parent_id, account_id) WHERE parent_id <> '';

-- Which account has an id in another system. It makes the ids unique over all accounts, so it is
-- not a per-account table: distributed by external_id it needs no other account's shard. The
-- account's row repeats its own ids, so that reading an account reads one row.
CREATE TABLE account_external_ids (
  system      text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  account_id  text COLLATE "C" NOT NULL,
  PRIMARY KEY (external_id, system)
);

CREATE INDEX account_external_ids_account ON account_external_ids (account_id);

-- What customers ordered: the current version of each order. Only completed orders (status 2)
-- count as revenue. Amounts are minor units of the account's currency.
CREATE TABLE orders (
  account_id    text COLLATE "C" NOT NULL,
  order_id      text COLLATE "C" NOT NULL,  -- the caller's id
  version       integer NOT NULL,           -- from 1; one more with every correction
  order_time    timestamptz NOT NULL,
  list_amount   bigint NOT NULL CHECK (list_amount >= 0),
  net_amount    bigint NOT NULL CHECK (net_amount >= 0),
  service_level smallint NOT NULL,
  status        smallint NOT NULL,
  brand         text COLLATE "C" NOT NULL,
  channel       text COLLATE "C" NOT NULL,
  record_time   timestamptz NOT NULL,       -- when we learned this version
  PRIMARY KEY (account_id, order_id)
);

-- The orders of an account by time: ListOrders.
CREATE INDEX orders_order_time ON orders (account_id, order_time);

-- The versions that a correction has replaced. A version is what we knew from record_time up to,
-- not including, superseded_time; so any past can be asked as it was known at any time.
CREATE TABLE order_versions (
  account_id      text COLLATE "C" NOT NULL,
  order_id        text COLLATE "C" NOT NULL,
  version         integer NOT NULL,
  order_time      timestamptz NOT NULL,
  list_amount     bigint NOT NULL,
  net_amount      bigint NOT NULL,
  service_level   smallint NOT NULL,
  status          smallint NOT NULL,
  brand           text COLLATE "C" NOT NULL,
  channel         text COLLATE "C" NOT NULL,
  record_time     timestamptz NOT NULL,
  superseded_time timestamptz NOT NULL,
  PRIMARY KEY (account_id, order_id, version)
);

-- The rollup that evaluation reads: the completed orders of an account in a calendar month (UTC),
-- one array element a day that has any, ascending. Changed with the orders, in their transaction; a month without completed orders has no row.
CREATE TABLE account_months (
  account_id     text COLLATE "C" NOT NULL,
  month          date NOT NULL,        -- its first day
  day_of_month   integer[] NOT NULL,
  day_orders     integer[] NOT NULL,
  day_full_price integer[] NOT NULL,   -- orders charged at their list amount or more
  day_net        bigint[] NOT NULL,
  day_list       bigint[] NOT NULL,
  PRIMARY KEY (account_id, month)
);

-- Which accounts are key accounts: scorecards, models, runs over the portfolio and what they found.
-- Enumerations are stored by the numbers of the contract.

-- Scorecards, each with the draft under edit.
CREATE TABLE scorecards (
  scorecard_id    text COLLATE "C" PRIMARY KEY,
  display_name    text NOT NULL,
  definition      jsonb NOT NULL,
  latest_revision integer NOT NULL,  -- 0 while none is published
  version         bigint NOT NULL,   -- the etag is made of it
  create_time     timestamptz NOT NULL,
  update_time     timestamptz NOT NULL
);

-- Published scorecards; rows are never changed.
CREATE TABLE scorecard_revisions (
  scorecard_id text COLLATE "C" NOT NULL,
  number       integer NOT NULL,
  definition   jsonb NOT NULL,
  publish_time timestamptz NOT NULL,
  PRIMARY KEY (scorecard_id, number)
);

-- Fitted lifetime models, with what each fit stands on. Days are days since 1970-01-01, UTC.
CREATE SEQUENCE lifetime_model_numbers AS integer;

CREATE TABLE lifetime_models (
  number                     integer PRIMARY KEY,
  state                      integer NOT NULL,  -- 1 running, 2 succeeded, 3 failed
  as_of_day                  integer NOT NULL,  -- orders before it count
  known_at                   timestamptz,       -- what was recorded up to then counts; NULL until fitted
  kind                       integer NOT NULL,  -- 1 BG/NBD, 2 MBG/NBD
  r                          double precision NOT NULL,
  alpha                      double precision NOT NULL,
  a                          double precision NOT NULL,
  b                          double precision NOT NULL,
  purchase_customers         bigint NOT NULL,
  purchase_histories         bigint NOT NULL,
  purchase_iterations        integer NOT NULL,
  purchase_log_likelihood    double precision NOT NULL,
  purchase_converged         boolean NOT NULL,
  purchase_stop_reason       text NOT NULL,
  spend_p                    double precision,  -- NULL: no spend was fitted
  spend_q                    double precision,
  spend_v                    double precision,
  spend_customers            bigint NOT NULL,
  spend_histories            bigint NOT NULL,
  spend_iterations           integer NOT NULL,
  spend_log_likelihood       double precision NOT NULL,
  spend_converged            boolean NOT NULL,
  spend_stop_reason          text NOT NULL,
  version                    bigint NOT NULL,   -- 1 when created, 2 when ended
  create_time                timestamptz NOT NULL
);

-- Runs over the portfolio. Which of two ended later is said by evaluation_ends, not by clocks.
CREATE SEQUENCE evaluation_ends;

CREATE TABLE evaluations (
  evaluation_id      text COLLATE "C" PRIMARY KEY,  -- ids made later sort later
  scorecard_id       text COLLATE "C" NOT NULL,
  scorecard_revision integer NOT NULL,
  lifetime_model     integer NOT NULL,  -- 0: none
  as_of_day          integer NOT NULL,  -- windows end at its start
  known_at           timestamptz,       -- what was recorded up to then counts; NULL unless succeeded
  state              integer NOT NULL,  -- 1 running, 2 succeeded, 3 failed
  currency           text NOT NULL,
  accounts           bigint NOT NULL,
  revenue_12m        bigint NOT NULL,   -- minor units
  tier_accounts      bigint[] NOT NULL, -- by the number of the tier, from 0
  tier_revenue_12m   bigint[] NOT NULL,
  create_time        timestamptz NOT NULL,
  end_time           timestamptz,
  end_number         bigint,            -- the place among all that ended
  version            bigint NOT NULL    -- 1 when created, 2 when ended
);
CREATE INDEX evaluations_newest ON evaluations (end_number) WHERE state = 2;
CREATE INDEX evaluations_newest_of_scorecard ON evaluations (scorecard_id, end_number)
  WHERE state = 2;

-- What a run found of an account. Readers join the run and see only those that succeeded, so that a
-- run's rows appear together. Metric arrays run in parallel: id, window, value or NULL, evidence
-- found and needed.
CREATE TABLE assessments (
  account_id           text COLLATE "C" NOT NULL,
  evaluation_id        text COLLATE "C" NOT NULL,
  score                double precision NOT NULL,
  tier                 integer NOT NULL,
  previous_tier        integer NOT NULL,
  evidence_share       double precision NOT NULL,
  rank                 bigint NOT NULL,  -- from 1
  revenue_12m          bigint NOT NULL,  -- minor units
  expected_revenue_12m bigint NOT NULL,  -- minor units
  expected_orders_12m  double precision NOT NULL,
  pareto_class         integer NOT NULL, -- 1 A, 2 B, 3 C
  metrics              integer[] NOT NULL,
  windows_months       integer[] NOT NULL,
  metric_values        double precision[] NOT NULL,
  evidence_counts      bigint[] NOT NULL,
  evidence_needed      bigint[] NOT NULL,
  criteria_met         text[] NOT NULL,
  PRIMARY KEY (account_id, evaluation_id)
);
CREATE INDEX assessments_by_rank ON assessments (evaluation_id, rank);

-- What we can give, what pays for it, who has it, and the plans that decide. Amounts are minor units
-- of the currency beside them.

-- The catalogue. Small.
CREATE TABLE benefits (
  benefit_id     text COLLATE "C" PRIMARY KEY,
  display_name   text NOT NULL,
  terms          jsonb NOT NULL,             -- kam.stored.v1.BenefitTerms
  stacking_group text COLLATE "C" NOT NULL,  -- '' stacks with all
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
CREATE INDEX entitlements_active ON entitlements (account_id, budget_id) WHERE state = 1;

-- Allocation plans.
CREATE TABLE allocation_plans (
  plan_id         text COLLATE "C" PRIMARY KEY,  -- ids made later sort later
  evaluation_id   text COLLATE "C" NOT NULL,
  wanted_benefits text[] NOT NULL,
  state           smallint NOT NULL CHECK (state BETWEEN 1 AND 6),  -- as PlanState
  currency        text COLLATE "C" NOT NULL,
  summary         jsonb NOT NULL,  -- kam.stored.v1.PlanSummary
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

-- Those in a middle state, which is what housekeeping looks for.
CREATE INDEX allocation_plans_under_way ON allocation_plans (plan_id) WHERE state IN (1, 3);

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
