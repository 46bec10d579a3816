-- Throw-away namespaces (sluice try).

alter table sluice.namespace
  -- When it is dropped by itself; null: it stays.
  add column expires_at  timestamptz,
  -- Set when dropping begins: from then on nobody finds it, and whoever dies in the middle is followed by the next one.
  add column dropping_at timestamptz;
create index namespace_expiring on sluice.namespace (expires_at) where expires_at is not null;
