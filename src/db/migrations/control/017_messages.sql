-- Whom we tell what: webhooks, messages on their way, and which jobs are in trouble.

create table sluice.webhook (
  id             bigint generated always as identity primary key,
  namespace_id   int not null references sluice.namespace on delete cascade,
  name           text not null check (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
  url            text not null,
  -- The name of the secret that signs what is sent (standard webhooks).
  secret         text not null,
  created_by     text,
  created_at     timestamptz not null default now(),
  -- Since when the other side says it is gone.
  gone_at        timestamptz,
  unique (namespace_id, name)
);

create table sluice.message (
  id             bigint generated always as identity primary key,
  namespace_id   int not null references sluice.namespace on delete cascade,
  job_id         bigint,
  run_id         bigint,
  -- The line of the log it is about; null: a test.
  log_id         bigint,
  channel        text not null check (channel in ('email', 'webhook')),
  recipient      text not null,
  cause          text not null,
  subject        text not null,
  body           jsonb not null,
  status         text not null default 'waiting' check (status in ('waiting', 'sent', 'failed')),
  -- Sent together with others of the same recipient.
  digest         boolean not null default false,
  not_before     timestamptz not null default now(),
  attempts       int not null default 0,
  last_error     text,
  created_at     timestamptz not null default now(),
  sent_at        timestamptz,
  -- Nobody is told twice of one thing.
  unique (log_id, channel, recipient)
);
create index message_list on sluice.message (namespace_id, id);
create index message_waiting on sluice.message (not_before) where status = 'waiting';

-- Jobs in trouble, since when and by which run; a job that is well has no row.
create table sluice.job_trouble (
  job_id         bigint primary key references sluice.job on delete cascade,
  since          timestamptz not null,
  run_id         bigint
);
