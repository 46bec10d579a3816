-- Jobs that people set up: names that are theirs alone, the sample they were made from; and sealed secrets.

-- Two that are in the lists never share a name; an archived one gives its name free.
create unique index job_name on sluice.job (namespace_id, name) where state <> 'archived';
create index job_updated on sluice.job (namespace_id, updated_at desc, id desc);
-- What was read when its mapping was proposed: {landing, file, records, at, …}.
alter table sluice.job add column sample jsonb;

create table sluice.secret (
  id             uuid primary key,
  namespace_id   int not null references sluice.namespace on delete cascade,
  name           text not null,
  -- The master key that wraps the key of this row.
  key_id         text not null,
  wrapped_key    bytea not null,
  sealed         bytea not null,
  created_by     text,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  unique (namespace_id, name)
);

-- What of a job has not ended, without looking at all its runs.
create index run_open on sluice.run (job_id) where ended_at is null;
