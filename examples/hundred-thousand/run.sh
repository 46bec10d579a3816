#!/usr/bin/env bash
# Makes two files of 100,000 customers and imports both: the second one updates the same people.
. "$(dirname "$0")/../expect.sh"

data=$SLUICE_HOME/example-data
mkdir "$data"
node ../generate.mjs --rows 100000 --bad 0.01 --out "$data/customers.csv"
node ../generate.mjs --rows 100000 --bad 0.01 --kind updated --out "$data/customers-later.csv"

expect 3 '{
  "run": {"state": "completed_with_errors"},
  "counters": {"total": 100000, "read": 100000, "left": 0, "finished": {"total": 98996, "created": 98996}, "failed": {"total": 1004}}
}' sluice import "$data/customers.csv" --yes

expect 3 '{
  "run": {"state": "completed_with_errors"},
  "counters": {"total": 100000, "read": 100000, "left": 0, "finished": {"total": 98996, "updated": 98996}, "failed": {"total": 1004}}
}' sluice import "$data/customers-later.csv" --yes
