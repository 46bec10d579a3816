-- Sources: what a run fetched, which files of a folder were taken by which run, and which are arriving.

alter table sluice.run
  -- {status, file, bytes, startedAt, endedAt, columns, landings…}: the fetch has its own status (BS-12 to BS-15).
  add column fetched jsonb;

-- A file that changed since is another file: its size and time belong to its name. Nothing at the source is touched.
create table sluice.source_file (
  job_id         bigint not null references sluice.job on delete cascade,
  path           text not null,
  bytes          bigint not null,
  -- Microseconds since 1970.
  modified       bigint not null,
  namespace_id   int not null references sluice.namespace on delete cascade,
  -- Who takes it, or took it.
  run_id         bigint not null,
  -- How old it is among the files of its source (core/sourceFile.ts).
  age_order      text not null collate "C",
  -- Null: it was not read to its end yet.
  content_sha256 text,
  taken_at       timestamptz not null default clock_timestamp(),
  primary key (job_id, path, bytes, modified)
);
create index source_file_run on sluice.source_file (namespace_id, run_id);
create index source_file_age on sluice.source_file (job_id, age_order desc);

-- Files that were seen and may still be growing.
create table sluice.arrival (
  job_id         bigint not null references sluice.job on delete cascade,
  path           text not null,
  namespace_id   int not null references sluice.namespace on delete cascade,
  bytes          bigint not null,
  modified       bigint not null,
  -- Since when it has this size and time.
  unchanged_since timestamptz not null,
  primary key (job_id, path)
);

-- What was found wrong with the source of a job while watching it, and for which day a missing file was told.
create table sluice.source_watch (
  job_id       bigint primary key references sluice.job on delete cascade,
  namespace_id int not null references sluice.namespace on delete cascade,
  problem      jsonb,
  missing_told date
);

-- Jobs whose folder is looked at all the time.
create index job_version_watched on sluice.job_version (job_id, version)
  where setup #>> '{source,onArrival}' = 'true' or setup #>> '{source,expectedBy}' is not null;
