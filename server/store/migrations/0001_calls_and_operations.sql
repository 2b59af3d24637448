-- What was asked before: a request that is repeated with its id is answered from here, not done
-- again. Written in the transaction of the request's effect.
CREATE TABLE requests (
  principal    text COLLATE "C" NOT NULL,
  method       text COLLATE "C" NOT NULL,
  request_id   text COLLATE "C" NOT NULL,
  request_hash bytea NOT NULL,
  response     bytea,  -- serialized; NULL while the call is being done
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
  detail      text NOT NULL
);

-- A row for every change, stamped with the transaction that made it. The order of seq is not the
-- order of commits: readers take only rows with xid < pg_snapshot_xmin(pg_current_snapshot()).
CREATE TABLE changes (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind        text NOT NULL,
  account_id  text COLLATE "C" NOT NULL,  -- '' for what concerns no single account
  resource    text NOT NULL,
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
  error_code       integer NOT NULL DEFAULT 0,
  error_message    text NOT NULL DEFAULT '',
  error_details    jsonb,
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
CREATE INDEX operations_by_target ON operations (target, seq);
