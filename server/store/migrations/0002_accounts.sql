-- Who our customers are. One row an account, current content only; what changed when is in the
-- change log. Deleted accounts stay: their facts are still true.
CREATE TABLE accounts (
  account_id            text COLLATE "C" PRIMARY KEY,
  display_name          text COLLATE "C" NOT NULL,
  parent_id             text COLLATE "C" NOT NULL,  -- '' at the top of a group
  external_ids          jsonb NOT NULL,             -- [[system, id], …], ascending
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
