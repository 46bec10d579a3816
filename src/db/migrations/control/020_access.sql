-- Who may do what: people, their sessions and roles, tokens of programs, one-time links, and the audit.

create table sluice.user (
  id             bigint generated always as identity primary key,
  -- As it is compared: trimmed and in lower case.
  email          text not null unique check (email = lower(email) and length(email) between 3 and 254),
  name           text not null check (length(name) between 1 and 100),
  -- scrypt with its parameters and salt; null: nobody chose a password yet.
  password       text,
  -- Looks after the whole installation; an owner of every namespace.
  admin          boolean not null default false,
  disabled_at    timestamptz,
  created_at     timestamptz not null,
  signed_in_at   timestamptz
);

-- Only hashes of what opens a door are kept, here and below: who reads a dump cannot sign in with it.
create table sluice.session (
  id             bigint generated always as identity primary key,
  hash           bytea not null unique,
  user_id        bigint not null references sluice.user on delete cascade,
  created_at     timestamptz not null,
  seen_at        timestamptz not null,
  expires_at     timestamptz not null,
  address        text,
  browser        text
);
create index session_of_user on sluice.session (user_id);

create table sluice.member (
  namespace_id   int not null references sluice.namespace on delete cascade,
  user_id        bigint not null references sluice.user on delete cascade,
  role           text not null check (role in ('owner', 'admin', 'operator', 'approver', 'viewer')),
  added_by       text not null,
  added_at       timestamptz not null,
  primary key (namespace_id, user_id)
);
create index member_user on sluice.member (user_id);

-- One-time links: to become the first admin, to join a namespace, to choose another password.
create table sluice.link (
  id             bigint generated always as identity primary key,
  hash           bytea not null unique,
  kind           text not null check (kind in ('first_admin', 'invitation', 'reset')),
  user_id        bigint references sluice.user on delete cascade,
  namespace_id   int references sluice.namespace on delete cascade,
  email          text,
  role           text check (role in ('owner', 'admin', 'operator', 'approver', 'viewer')),
  made_by        text not null,
  made_at        timestamptz not null,
  expires_at     timestamptz not null,
  used_at        timestamptz
);
-- A second invitation or reset takes the place of the first.
create unique index link_one on sluice.link (kind, coalesce(user_id, 0), coalesce(namespace_id, 0), coalesce(email, ''))
  where used_at is null;

create table sluice.token (
  id             bigint generated always as identity primary key,
  hash           bytea not null unique,
  namespace_id   int not null references sluice.namespace on delete cascade,
  -- Whose it is: it never may more than they may. Null: made at the machine itself.
  user_id        bigint references sluice.user on delete cascade,
  name           text not null check (length(name) between 1 and 60),
  -- The beginning, to recognise it by.
  prefix         text not null,
  rights         text[] not null,
  made_by        text not null,
  made_at        timestamptz not null,
  expires_at     timestamptz,
  revoked_at     timestamptz,
  used_at        timestamptz
);
create unique index token_name on sluice.token (namespace_id, name) where revoked_at is null;

-- How often somebody tried to sign in: by account, by address, by both. Keys are hashes.
create table sluice.sign_in_tries (
  key            bytea primary key,
  tries          int not null,
  since          timestamptz not null
);

create table sluice.audit (
  id             bigint generated always as identity primary key,
  at             timestamptz not null,
  -- Its name: the line outlives the namespace. Null: the whole installation.
  namespace      text,
  who            text not null,
  via            text not null check (via in ('socket', 'session', 'token', 'home_token', 'none')),
  address        text,
  action         text not null,
  -- What it was done to: r1042, a job, an address.
  what           text,
  did            text not null,
  -- done, or the code of the problem it was refused with.
  result         text not null,
  asked          jsonb,
  before         jsonb,
  after          jsonb
);
create index audit_list on sluice.audit (namespace, id desc);
create index audit_who on sluice.audit (namespace, who, id desc);
create index audit_what on sluice.audit (namespace, what, id desc);

-- The audit is only added to. Retention says so in its transaction before it removes what is old (db/audit.ts).
create function sluice.audit_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('sluice.audit_retention', true) = 'on' then return old; end if;
  raise exception 'the audit is only added to';
end $$;
create trigger audit_stays before update or delete on sluice.audit for each row execute function sluice.audit_stays();
create trigger audit_whole before truncate on sluice.audit for each statement execute function sluice.audit_stays();
