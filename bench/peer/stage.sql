-- The peer, first part: validates, normalises, resolves (both kinds); session variables: run, base (ordinal of the part's first record - 1).
create temp table ok on commit drop as
select :base + row_number() over () as ordinal, customer_id, lower(trim(email)) email, nullif(first_name,'') first_name, nullif(last_name,'') last_name, nullif(phone,'') phone, nullif(city,'') city, nullif(country,'') country,
       signup_date::date signup_date, lifetime_value::numeric lifetime_value, opt_in::boolean opt_in, string_to_array(nullif(tags,''),',') tags, nullif(notes,'') notes
from raw where email ~ '^[^\s@]+@[^\s@]+\.[^\s@]+$' and signup_date ~ '^\d{4}-\d\d-\d\d$' and lifetime_value ~ '^-?\d+(\.\d+)?$' and customer_id <> '';
analyze ok;
create temp table res on commit drop as
select ok.*, coalesce(a.profile_id, b.profile_id) pid from ok left join identifier a on a.value = ok.customer_id and a.kind = 1 left join identifier b on b.value = ok.email and b.kind = 2;
analyze res;
