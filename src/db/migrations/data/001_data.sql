-- The data of one namespace. No triggers and no foreign keys here: these are the hot tables (design section 11).

-- Ids are taken in blocks of 1,000 (see ../../profileIds.ts).
create sequence profile_id as bigint increment 1000;

-- One row a person, one typed column an attribute: `select count(*)` is the number of people. System columns start with _.
create table profile (
  _id              bigint primary key,
  _created_at      timestamptz not null default now(),
  _updated_at      timestamptz not null default now(),
  -- The creation stamp: which record made this profile.
  _created_as_of   timestamptz not null,
  _created_run     bigint not null,
  _created_ordinal bigint not null
);
-- Profiles made by one run lie together; "created" is counted apart from the ledger with this.
create index profile_created_run on profile using brin (_created_run) with (pages_per_range = 32, autosummarize = on);

-- Profiles that were merged away or deleted, whole.
create table profile_gone (
  profile_id       bigint not null,
  gone_run         bigint not null,
  gone_ordinal     bigint not null,
  gone_at          timestamptz not null default now(),
  into_profile_id  bigint,
  created_run      bigint not null,
  created_ordinal  bigint not null,
  row              jsonb not null,
  primary key (profile_id)
);
create index on profile_gone (created_run);
create index on profile_gone (gone_run);

-- Which record last asserted the values of a profile. `by` holds the stamps of attributes that differ from the row's:
-- {"city": [as-of in microseconds, run, ordinal]}, a fourth element 1 for "set if empty". A null value without an
-- entry in `by` was never asserted.
create table stamp (
  profile_id       bigint primary key,
  version          bigint not null default 1,
  as_of            timestamptz not null,
  run              bigint not null,
  ordinal          bigint not null,
  by               jsonb
) with (fillfactor = 60);

-- A normalised value of a kind points to at most one profile; 0: links nothing any more (identifier.too_many).
create table identifier (
  value            text collate "C" not null check (octet_length(value) <= 256),
  kind             smallint not null,
  profile_id       bigint not null,
  -- The value as the file gave it, where that differs.
  given            text,
  primary key (value, kind)
);
create index identifier_profile on identifier (profile_id);

-- The ledger: every record read and what became of it. Numbers: core/record.ts.
create table record (
  run_month        date not null,
  run              bigint not null,
  ordinal          bigint not null,
  state            smallint not null check (state between 0 and 6),
  outcome          smallint,
  reason           smallint,
  identifier       text,
  profile_id       bigint,
  problem          jsonb,
  warnings         jsonb,
  origin           text,
  retried_in       text,
  settled_by       bigint,
  updated_at       timestamptz not null default now(),
  primary key (run_month, run, ordinal),
  check ((state = 3) = (outcome is not null)),
  check ((state = 4) = (reason is not null)),
  check ((state = 5) = (problem is not null))
) partition by range (run_month);
create index record_profile on record (profile_id);
create index record_open on record (run, ordinal) where state in (0, 1, 2, 6);
create index record_failed on record (run, ordinal) where state = 5;

-- What a record replaced: old values with their stamps, identifiers added, moved, removed. Kept for undo and lineage.
create table change (
  run              bigint not null,
  ordinal          bigint not null,
  profile_id       bigint not null,
  before           jsonb not null,
  primary key (run, ordinal, profile_id)
);
create index change_profile on change (profile_id);
