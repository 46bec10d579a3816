-- Who did what is kept for 90 days at least.
update sluice.namespace set settings = jsonb_set(settings, '{retention,audit}', '90')
where (settings #>> '{retention,audit}')::numeric < 90;
