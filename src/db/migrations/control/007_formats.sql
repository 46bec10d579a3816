-- What is inside a container (a workbook, a table in columns, an archive), and which landing is a part of which.

alter table sluice.landing
  -- {kind, parts}: only of a container, which is never read by a run itself.
  add column contents     jsonb,
  add column container_id uuid references sluice.landing,
  -- {name, noun}: which part of its container a landing is.
  add column part         jsonb,
  add constraint landing_part check ((container_id is null) = (part is null));

-- A part is unpacked once.
create unique index landing_parts on sluice.landing (container_id, (part ->> 'name')) where container_id is not null;
