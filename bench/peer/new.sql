-- The peer, second part for new customers: writes profiles, identifiers, stamps and ledger rows.
update res set pid = nextval('profile_id') where pid is null;
insert into profile(_id,_created_as_of,_created_run,_created_ordinal,first_name,last_name,phone,city,country,signup_date,lifetime_value,opt_in,tags,notes) select pid,now(),:run,ordinal,first_name,last_name,phone,city,country,signup_date,lifetime_value,opt_in,tags,notes from res;
insert into identifier(value,kind,profile_id) select customer_id,1,pid from res;
insert into identifier(value,kind,profile_id) select email,2,pid from res;
insert into stamp(profile_id,as_of,run,ordinal) select pid,now(),:run,ordinal from res;
insert into record(run_month,run,ordinal,state,outcome,reason,identifier,profile_id,problem) select date_trunc('month',now()),:run,ordinal,3,1,null,customer_id,pid,null from res;
