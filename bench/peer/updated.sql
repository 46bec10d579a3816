-- The peer, second part for customers who are there: compares, updates what changed, keeps what was replaced.
create temp table dif on commit drop as
select res.*, (p.first_name,p.last_name,p.phone,p.city,p.country,p.signup_date,p.lifetime_value,p.opt_in,p.tags) is distinct from (res.first_name,res.last_name,res.phone,res.city,res.country,res.signup_date,res.lifetime_value,res.opt_in,res.tags) or coalesce(res.notes,p.notes) is distinct from p.notes as changed,
  case when (p.first_name,p.last_name,p.phone,p.city,p.country,p.signup_date,p.lifetime_value,p.opt_in,p.tags) is distinct from (res.first_name,res.last_name,res.phone,res.city,res.country,res.signup_date,res.lifetime_value,res.opt_in,res.tags)
    then jsonb_strip_nulls(jsonb_build_object('first_name',nullif(p.first_name,res.first_name),'last_name',nullif(p.last_name,res.last_name),'city',nullif(p.city,res.city),'country',nullif(p.country,res.country),'lifetime_value',nullif(p.lifetime_value,res.lifetime_value),'_stamp',jsonb_build_array(s.as_of,s.run,s.ordinal))) end as before
from res join profile p on p._id = res.pid join stamp s on s.profile_id = res.pid;
update profile p set first_name=d.first_name,last_name=d.last_name,phone=d.phone,city=d.city,country=d.country,signup_date=d.signup_date,lifetime_value=d.lifetime_value,opt_in=d.opt_in,tags=d.tags,notes=coalesce(d.notes,p.notes),_updated_at=now() from dif d where p._id=d.pid and d.changed;
insert into change(run,ordinal,profile_id,before) select :run,ordinal,pid,coalesce(before,'{}') from dif where changed;
update stamp s set as_of=now(),run=:run,ordinal=d.ordinal,version=version+1 from dif d where s.profile_id=d.pid;
insert into record(run_month,run,ordinal,state,outcome,reason,identifier,profile_id,problem) select date_trunc('month',now()),:run,ordinal,3,case when changed then 2 else 3 end,null,customer_id,pid,null from dif;
