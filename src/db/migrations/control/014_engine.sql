-- Lanes, attempts, stuck things: what the engine keeps on a run.

alter table sluice.run
  -- In retry_wait: when it goes on by itself.
  add column wake_at        timestamptz,
  -- Since when it sleeps without having got any further (design section 7: 24 h in a row are a failure).
  add column sleeping_since timestamptz,
  -- When a worker last took it; an earlier one that is still at it is fenced by the attempt.
  add column claimed_at     timestamptz,
  -- Workers that died at this stage of it.
  add column deaths         int not null default 0,
  -- When its progress last grew.
  add column progress_at    timestamptz;

-- Whoever is at work takes its lane when it is claimed next.
update sluice.run set holds_lane = false where holds_lane;
-- The last word on lanes: one run at a time in each.
create unique index run_lane on sluice.run (namespace_id, lane) where holds_lane;
-- The queue: first come, first served; a run that comes back is older than those that wait, and so the first.
create index run_waiting on sluice.run (namespace_id, lane, id)
  where state in ('queued', 'fetching', 'validating', 'importing', 'processing') and not holds_lane;
create index run_at_work on sluice.run (namespace_id, id) where holds_lane or state = 'stopping';
create index run_asleep on sluice.run (wake_at) where state = 'retry_wait';
create index run_leased on sluice.run (leased_by) where leased_by is not null;
create index chunk_leased on sluice.chunk (leased_by) where leased_by is not null;
