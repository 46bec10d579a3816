-- Undo runs are found by the run they revert.
create index run_reverts on sluice.run (namespace_id, (settings ->> 'reverts')) where trigger = 'undo';
