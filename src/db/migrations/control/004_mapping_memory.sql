-- Mapping memory: for every header the run that was last started with it, and so its mapping (core/headers.ts).

create table sluice.mapping_memory (
  namespace_id   int not null references sluice.namespace,
  -- Hash of format and names.
  fingerprint    text not null,
  -- What the columns mean, to find similar headers by; empty: only the very same header counts.
  meanings       text[] not null,
  run_id         bigint not null,
  used_at        timestamptz not null default now(),
  primary key (namespace_id, fingerprint)
);
create index mapping_memory_meanings on sluice.mapping_memory using gin (meanings);
create index mapping_memory_used on sluice.mapping_memory (namespace_id, used_at desc, fingerprint);
