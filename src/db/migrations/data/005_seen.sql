-- A line that was delivered before has a row in the ledger and no profile: a million of them need no place in this index.
drop index record_profile;
create index record_profile on record (profile_id) where profile_id is not null;
