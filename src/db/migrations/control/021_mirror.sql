-- The run that deletes who is missing from a mirrored file, by the run of that file.
create index run_mirrors on sluice.run (namespace_id, (settings ->> 'mirrors')) where trigger = 'mirror';
