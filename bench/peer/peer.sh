#!/usr/bin/env bash
# peer.sh KIND PARTS_DIR [RUN]: the parts dealt to two sessions, one transaction per part. Prints the seconds.
set -euo pipefail
kind=$1; dir=$2; run=${3:-1}; here=$(cd "$(dirname "$0")" && pwd)
session() { # session K: every second part
  local i=0
  for part in "$dir"/*.csv; do
    if [ $((i % 2)) -eq "$1" ]; then
      echo "begin; create temp table raw(customer_id text,email text,first_name text,last_name text,phone text,city text,country text,signup_date text,lifetime_value text,opt_in text,tags text,notes text) on commit drop;"
      echo "\\copy raw from '$part' csv header"
      echo "\\set run $run"; echo "\\set base $((i * 100000))"
      cat "$here/stage.sql" "$here/$kind.sql"; echo "commit;"
    fi
    i=$((i + 1))
  done | psql -q -v ON_ERROR_STOP=1 -c 'set search_path to sluice_peer' -f - >/dev/null
}
start=$(date +%s.%N)
session 0 & a=$!; session 1 & b=$!; wait $a; wait $b
end=$(date +%s.%N)
awk -v s="$start" -v e="$end" 'BEGIN{printf "%.3f\n", e-s}'
