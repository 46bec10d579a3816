-- Activity of a job over time is read from the runs that ended in that time.
create index run_activity on sluice.run (job_id, ended_at) where ended_at is not null;
