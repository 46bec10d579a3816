-- Schedules: what the scheduler read from a job's newest version, and which runs have been followed.

alter table sluice.job
  -- The version next_due, runs_after and ends_at were read from; anything else: they are read again.
  add column planned_version int,
  -- Runs when the job of this name has ended well.
  add column runs_after      text,
  -- The end of its schedule: then it is completed.
  add column ends_at         timestamptz;
create index job_unplanned on sluice.job (id) where state = 'active' and planned_version is distinct from last_version;
create index job_ends on sluice.job (ends_at) where state = 'active' and ends_at is not null;
create index job_after on sluice.job (namespace_id, runs_after) where runs_after is not null;

-- Whether the jobs that run after this one's have been started. What ended before this version existed has no followers.
alter table sluice.run add column followed boolean not null default true;
alter table sluice.run alter column followed set default false;
create index run_unfollowed on sluice.run (namespace_id, id)
  where not followed and state in ('completed', 'completed_with_errors');
-- One run of a job per run it follows, whatever the number of schedulers.
create unique index run_after on sluice.run (job_id, (settings ->> 'after')) where trigger = 'after';
