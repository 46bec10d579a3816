-- What retention took away: the rows stay, and say so.

-- {ledger, changes, artifacts}: when each went.
alter table sluice.run add column purged jsonb not null default '{}';
-- When its content went; its name, size and hash stay.
alter table sluice.landing add column purged_at timestamptz;

create index landing_kept on sluice.landing (namespace_id, landed_at) where purged_at is null;
create index run_ended on sluice.run (namespace_id, ended_at) where ended_at is not null;
