-- Jobs that run themselves: their states, their setup, what is due, lanes, and the log.

alter table sluice.namespace
  -- What holds for the whole namespace: see core/namespaceSettings.ts.
  add column settings jsonb not null default '{}';

alter table sluice.job
  add column state        text not null default 'draft',
  add column state_from   text,
  add column state_at     timestamptz not null default now(),
  -- Why it is halted, or why its sample was not understood.
  add column problem      jsonb,
  add column created_by   text,
  add column updated_by   text,
  add column activated_at timestamptz,
  -- The next occurrence of its schedule; null: none.
  add column next_due     timestamptz,
  -- Since when its attempts fail without a success, and how many did (the error window).
  add column failing_since timestamptz,
  add column failures     int not null default 0;
-- What was imported before this version existed is done; what is under way is active.
update sluice.job j set
  state_from = case when u.open then 'draft' else 'active' end,
  state = case when u.open then 'active' else 'completed' end
from (select o.id, exists (select from sluice.run r where r.job_id = o.id and r.ended_at is null) as open from sluice.job o) u
where u.id = j.id;
create index job_due on sluice.job (next_due) where state = 'active' and next_due is not null;
create index job_state on sluice.job (namespace_id, state, id);

alter table sluice.job_version
  -- Source, schedule, policies: see core/jobSetup.ts.
  add column setup      jsonb not null default '{}',
  add column created_by text;

alter table sluice.run
  -- The instant of its schedule it stands for.
  add column due_at          timestamptz,
  add column lane            text not null default 'main',
  -- While it works; kept by the moves (db/moves.ts).
  add column holds_lane      boolean not null default false,
  -- Attempts that failed, and what they were: [{at, stage, problem}].
  add column failed_attempts int not null default 0,
  add column attempts        jsonb not null default '[]',
  add column started_by      text;
-- One run per due instant of a job, whatever the number of schedulers.
create unique index run_due on sluice.run (job_id, due_at) where due_at is not null;
create index run_job on sluice.run (job_id, number desc);

-- What happened to jobs and runs, in order; also what notifications are made from.
create table sluice.log (
  id             bigint generated always as identity primary key,
  namespace_id   int not null references sluice.namespace on delete cascade,
  job_id         bigint,
  run_id         bigint,
  at             timestamptz not null default clock_timestamp(),
  -- core/logKinds.ts
  kind           text not null,
  -- Who, where it was a person.
  by             text,
  details        jsonb not null default '{}',
  -- Whether notifications have looked at it.
  told           boolean not null default false
);
create index log_run on sluice.log (namespace_id, run_id, id) where run_id is not null;
create index log_job on sluice.log (job_id, id) where job_id is not null;
create index log_untold on sluice.log (id) where not told;
create index log_at on sluice.log (namespace_id, at);
