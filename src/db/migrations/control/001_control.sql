-- The control schema: who, what, when. Hot data lives in one schema per namespace (see ../data).

create table sluice.namespace (
  id             int generated always as identity primary key,
  name           text not null unique check (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  data_schema    text not null unique,
  -- Run ids are short and per namespace: r1001, r1002…
  last_run       bigint not null default 1000,
  -- Grows with every new attribute; a run pins the version it planned with.
  catalogue      bigint not null default 1,
  created_at     timestamptz not null default now()
);

create table sluice.attribute (
  namespace_id   int not null references sluice.namespace,
  key            text not null check (key ~ '^[a-z][a-z0-9_]{0,59}$'),
  type           text not null check (type in ('text', 'integer', 'number', 'boolean', 'date', 'timestamp', 'text_list', 'json')),
  label          text not null,
  pii            boolean not null default false,
  position       int not null,
  created_run    bigint,
  created_at     timestamptz not null default now(),
  primary key (namespace_id, key)
);

create table sluice.job (
  id             bigint generated always as identity primary key,
  namespace_id   int not null references sluice.namespace,
  name           text not null,
  kind           text not null check (kind in ('one_time', 'recurring')),
  last_version   int not null default 0,
  last_number    int not null default 0,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);
create index on sluice.job (namespace_id, name);

create table sluice.job_version (
  job_id         bigint not null references sluice.job,
  version        int not null,
  -- dialect, columns, mapping, write policy, breaker limits: everything that decides the result
  definition     jsonb not null,
  definition_hash text not null,
  created_at     timestamptz not null default now(),
  primary key (job_id, version)
);

-- The raw input of a run in the blob store; the manifest tells its frames.
create table sluice.landing (
  id             uuid primary key,
  namespace_id   int not null references sluice.namespace,
  file_name      text not null,
  blob_key       text not null,
  manifest       jsonb not null,
  content_sha256 text not null,
  content_bytes  bigint not null,
  original_bytes bigint not null,
  started_at     timestamptz not null,
  landed_at      timestamptz not null default now()
);
create index on sluice.landing (namespace_id, content_sha256);

create table sluice.run (
  namespace_id   int not null references sluice.namespace,
  id             bigint not null,
  job_id         bigint not null references sluice.job,
  job_version    int not null,
  number         int not null,
  trigger        text not null default 'manual',
  state          text not null default 'queued',
  state_from     text,
  state_at       timestamptz not null default now(),
  landing_id     uuid references sluice.landing,
  -- What makes an import the same: job, content, everything that decides the result (design section 4).
  same_as        text not null,
  skipped_for    bigint,
  -- Records without a timestamp of their own carry this one.
  as_of          timestamptz not null default now(),
  run_month      date not null default date_trunc('month', now() at time zone 'utc')::date,
  total          bigint,
  validation     jsonb,
  totals         jsonb,
  problem        jsonb,
  -- Why it sleeps and until when, while it does: {reason, until, …}.
  sleeping       jsonb,
  -- How far the stage is: {stage, done, total, bytes, bytesTotal}.
  progress       jsonb,
  stages         jsonb not null default '{}',
  artifacts      jsonb not null default '{}',
  settings       jsonb not null default '{}',
  attempt        bigint not null default 0,
  leased_by      text,
  lease_until    timestamptz,
  created_at     timestamptz not null default now(),
  started_at     timestamptz,
  ended_at       timestamptz,
  primary key (namespace_id, id),
  unique (job_id, number),
  foreign key (job_id, job_version) references sluice.job_version
);
create index on sluice.run (namespace_id, same_as);
create index on sluice.run (state) where state in ('queued', 'fetching', 'validating', 'importing', 'processing', 'retry_wait', 'stopping', 'held');

create table sluice.chunk (
  namespace_id   int not null,
  run_id         bigint not null,
  number         int not null,
  first_batch    int not null,
  batches        int not null check (batches between 1 and 60),
  records        bigint not null,
  -- One bit a batch. Checkpoint, fence and counter are one conditional update of this row (see ../../settle.ts).
  done           bigint not null default 0,
  complete       boolean generated always as (done = (1::bigint << batches) - 1) stored,
  counters       jsonb not null default '{}',
  attempt        bigint not null default 0,
  deaths         int not null default 0,
  leased_by      text,
  lease_until    timestamptz,
  primary key (namespace_id, run_id, number),
  foreign key (namespace_id, run_id) references sluice.run
);

-- Adds two flat objects of numbers key by key.
create function sluice.add_counters(a jsonb, b jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(key, total), '{}')
  from (select key, sum(value::bigint) as total
        from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) x group by key) y
$$;
