-- What programs send over the API: requests that are repeated are recognised, and large files come in parts.

-- A request that makes something, under the key its caller gave it.
create table sluice.idempotency (
  -- SHA-256 of namespace, caller, route and key: none of them is looked for in any other way.
  id             bytea primary key,
  -- Null: it concerns the whole installation.
  namespace_id   int references sluice.namespace on delete cascade,
  -- SHA-256 of the request, its body included; null: a body that is still coming.
  request        bytea,
  -- The answer; null: under way. A body that is null held a secret, which is kept nowhere.
  status         smallint,
  headers        jsonb not null default '{}',
  body           text,
  made_at        timestamptz not null default now(),
  -- Renewed while it is under way: one that is old belongs to a server that died.
  alive_at       timestamptz not null default now()
);
create index idempotency_made on sluice.idempotency (made_at);
create index idempotency_namespace on sluice.idempotency (namespace_id);

-- A file that comes in parts (tus 1.0).
create table sluice.resumable (
  id             uuid primary key,
  namespace_id   int not null references sluice.namespace on delete cascade,
  made_by        text not null,
  file_name      text not null,
  -- As it was given, to be answered as it is.
  metadata       text not null,
  bytes          bigint not null check (bytes >= 0),
  made_at        timestamptz not null default now(),
  -- When its last byte came.
  moved_at       timestamptz not null default now(),
  -- What it became when it was complete.
  landing_id     uuid
);
create index resumable_moved on sluice.resumable (moved_at);
create index resumable_namespace on sluice.resumable (namespace_id);

-- What is on disk of it. Of two parts that begin at the same byte, the first one is it.
create table sluice.resumable_part (
  resumable_id   uuid not null references sluice.resumable on delete cascade,
  start          bigint not null,
  bytes          bigint not null check (bytes > 0),
  blob_key       text not null,
  primary key (resumable_id, start)
);
