-- Child runs are found by the runs whose records they retry: settings.parents is a list such as ["r1001"].
create index run_parents on sluice.run using gin ((settings -> 'parents')) where trigger = 'retry';

-- Earlier runs of the same content are found by their landings.
create index run_landing on sluice.run (landing_id);
