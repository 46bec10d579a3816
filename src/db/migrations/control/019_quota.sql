-- Records taken per namespace and calendar month, in its own zone; kept where there is a quota (BC-24, BC-25).
create table sluice.quota_use (
  namespace_id   int not null references sluice.namespace on delete cascade,
  month          date not null,
  used           bigint not null default 0,
  -- The step of which somebody was told last (percent), and of what quota.
  told           smallint not null default 0,
  told_of        bigint,
  primary key (namespace_id, month)
);

alter table sluice.chunk
  -- Batches that the quota cut: by their place in the chunk, the last record that was taken. The rest follows.
  add column cuts jsonb;
