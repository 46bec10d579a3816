-- Signing in with more than a password: codes of an app, an identity provider; and addresses that people had before.

-- The secret of somebody's app, sealed like those of the vault; one that is only being set up has no confirmed_at.
create table sluice.two_factor (
  user_id        bigint primary key references sluice.user on delete cascade,
  id             uuid not null,
  key_id         text not null,
  wrapped_key    bytea not null,
  sealed         bytea not null,
  made_at        timestamptz not null,
  confirmed_at   timestamptz,
  -- The time step of the newest code that was used (RFC 6238, 5.2: none is taken twice).
  used_step      bigint not null default 0
);

-- One row for each code that was not used yet.
create table sluice.recovery_code (
  user_id        bigint not null references sluice.user on delete cascade,
  hash           bytea not null,
  primary key (user_id, hash)
);

-- Somebody whose password was right, and whose code is still to come.
create table sluice.half_session (
  hash           bytea primary key,
  user_id        bigint not null references sluice.user on delete cascade,
  expires_at     timestamptz not null
);
create index half_session_expiring on sluice.half_session (expires_at);

-- Who is known to an identity provider under which name.
create table sluice.sign_on (
  issuer         text not null,
  subject        text not null,
  user_id        bigint not null references sluice.user on delete cascade,
  linked_at      timestamptz not null,
  primary key (issuer, subject)
);
create index sign_on_user on sluice.sign_on (user_id);

-- Browsers on their way to the provider and back.
create table sluice.sign_on_try (
  hash           bytea primary key,
  state          text not null,
  nonce          text not null,
  verifier       text not null,
  back           text not null,
  expires_at     timestamptz not null
);
create index sign_on_try_expiring on sluice.sign_on_try (expires_at);

-- Lines of the past name people by the address they had then; nobody escapes a rule by taking another one.
create table sluice.former_email (
  user_id        bigint not null references sluice.user on delete cascade,
  email          text not null,
  until          timestamptz not null,
  primary key (user_id, email)
);

alter table sluice.link drop constraint link_kind_check;
alter table sluice.link add constraint link_kind_check check (kind in ('first_admin', 'invitation', 'reset', 'email'));
