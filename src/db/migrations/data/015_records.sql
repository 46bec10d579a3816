-- Records that are tried again by themselves keep the problem they had, and how often that was.
alter table record add column attempts smallint;
alter table record drop constraint record_check2;
-- Old rows were held against the stricter rule: they need not be read again.
alter table record add constraint record_problem
  check ((state <> 5 or problem is not null) and (problem is null or state in (1, 2, 5))) not valid;
-- What processing runs have in hand: few rows, and found by the run.
create index record_taken on record (settled_by) where state = 1;
