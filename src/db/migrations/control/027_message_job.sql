-- The messages about one job, newest first: its page shows them.
create index message_job on sluice.message (job_id, id) where job_id is not null;
