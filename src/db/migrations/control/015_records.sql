-- Records that wait: for a processing run, or to be tried again by themselves.

alter table sluice.run
  -- Some of its records may still be to be processed (new, retry, processing): where processing runs look.
  add column waits boolean not null default false;
-- When one of its records moved last after it had ended.
alter table sluice.run add column moved_at timestamptz;
create index run_waits on sluice.run (job_id, id) where waits;
-- The processing runs of a job, to know when the last one was.
create index run_process on sluice.run (job_id, id) where trigger = 'process';
