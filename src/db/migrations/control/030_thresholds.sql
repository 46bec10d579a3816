-- How the numbers of jobs stand that somebody watches: what is judged already, and what was told of it.

create table sluice.threshold_watch (
  job_id         bigint not null references sluice.job on delete cascade,
  -- As the setup of the job has it: one that is edited is another one.
  threshold      jsonb not null,
  -- Periods that began before it are judged, or not to be judged.
  judged_to      timestamptz not null,
  -- Periods in a row that were outside the limits.
  outside        int not null default 0,
  -- Since when somebody is told of it, and what is to be said of the last period; null: it is within the limits, or tolerated.
  told_at        timestamptz,
  problem        jsonb,
  primary key (job_id, threshold),
  check ((told_at is null) = (problem is null))
);
create index threshold_told on sluice.threshold_watch (job_id) where told_at is not null;
