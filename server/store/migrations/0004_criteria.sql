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

-- Fitted lifetime models, with what each fit stands on.
CREATE TABLE lifetime_models (
  number                     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state                      integer NOT NULL,  -- 1 running, 2 succeeded, 3 failed
  as_of                      date NOT NULL,
  known_at                   timestamptz,       -- NULL until the fit has read its data
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
  create_time                timestamptz NOT NULL
);

-- Runs over the portfolio.
CREATE TABLE evaluations (
  evaluation_id      text COLLATE "C" PRIMARY KEY,  -- ids made later sort later
  scorecard_id       text COLLATE "C" NOT NULL,
  scorecard_revision integer NOT NULL,
  lifetime_model     integer NOT NULL,  -- 0: none
  as_of              date NOT NULL,     -- windows end at its start, UTC
  known_at           timestamptz,       -- what was recorded up to then counts; NULL until it reads
  state              integer NOT NULL,  -- 1 running, 2 succeeded, 3 failed
  currency           text NOT NULL,
  accounts           bigint NOT NULL,
  revenue_12m        bigint NOT NULL,   -- minor units
  tier_accounts      bigint[] NOT NULL, -- by the number of the tier, from 0
  tier_revenue_12m   bigint[] NOT NULL,
  create_time        timestamptz NOT NULL,
  end_time           timestamptz
);
CREATE INDEX evaluations_succeeded ON evaluations (scorecard_id, end_time DESC) WHERE state = 2;

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
