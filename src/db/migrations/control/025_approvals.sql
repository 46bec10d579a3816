-- Changes of jobs that wait for somebody else to approve them. Held runs wait by their state and have no row here.

create table sluice.approval (
  id             bigint generated always as identity primary key,
  namespace_id   int not null references sluice.namespace on delete cascade,
  job_id         bigint not null references sluice.job on delete cascade,
  kind           text not null check (kind in ('activation', 'edit')),
  -- The version it was asked for: a job that is another one by then is not changed by it.
  version        int not null,
  -- What is to be done, as it was asked for; and in words.
  change         jsonb not null,
  says           text[] not null,
  requested_by   text not null,
  requested_at   timestamptz not null,
  -- Null: it waits.
  decision       text check (decision in ('approved', 'rejected', 'outdated')),
  decided_by     text,
  decided_at     timestamptz,
  note           text,
  check ((decision is null) = (decided_at is null))
);
create unique index approval_open on sluice.approval (job_id) where decision is null;
create index approval_list on sluice.approval (namespace_id, id desc);
