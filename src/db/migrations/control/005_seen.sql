-- Lines delivered before are told by keyed hashes; the key is a secret of the namespace.
alter table sluice.namespace add column line_key uuid not null default gen_random_uuid();

-- With which run the lines of this one were compared, or why with none: {base, oldest, carried, why}. Decided once, so
-- that every worker that reads the run leaves out the same lines.
alter table sluice.run add column seen jsonb;
