-- The rows that were retried since: few, and followed to the newest row of a record.
create index record_retried on record (run, ordinal) where retried_in is not null;
