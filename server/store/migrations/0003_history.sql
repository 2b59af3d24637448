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

-- The orders of an account by time: ListOrders, and the rollup of a month.
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
-- one array element a day that has any, ascending. Recomputed from `orders` for the touched months
-- in the transaction that records them; a month without completed orders has no row.
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
