-- Every profile of one side as a line, by customer id; what both sides must agree on. The phone is left out: only the product brings it to E.164.
set work_mem to '256MB';
copy (
  select c.value, e.value, first_name, last_name, city, country, signup_date, trim_scale(lifetime_value), opt_in, tags, notes
  from profile p
  left join identifier c on c.profile_id = p._id and c.kind = 1
  left join identifier e on e.profile_id = p._id and e.kind = 2
  order by c.value, e.value, p._id
) to stdout;
