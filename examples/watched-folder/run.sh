#!/usr/bin/env bash
# A job that reads a folder: one file after the other, one of them wrong, and the same content under another name.
. "$(dirname "$0")/../expect.sh"

export SLUICE_ROOT="$SLUICE_HOME.root"
mkdir -p "$SLUICE_ROOT/in"
trap 'rm -rf "$SLUICE_ROOT"; leave' EXIT

# settled RUN: waits for its end.
settled() {
  until sluice run show "$1" --json | node -e 'process.exit(JSON.parse(require("fs").readFileSync(0)).run.settled ? 0 : 1)'; do
    sleep 0.3
  done
}

cp customers_20260301.csv "$SLUICE_ROOT/in"
expect 0 '{"job": "nightly", "state": "draft"}' \
  sluice job create nightly --folder 'in/customers_{date:YYYYMMDD}.csv' --every 1d
expect 0 '{"sample": {"file": "customers_20260301.csv", "records": 3}}' sluice job sample nightly
expect 0 '{"job": {"state": "active"}}' sluice job activate nightly
settled r1001
expect 0 '{"run": {"state": "completed", "trigger": "activation"}, "counters": {"finished": {"created": 3}}}' sluice run show r1001

# Another order of columns, and one more of them.
cp customers_20260302.csv "$SLUICE_ROOT/in"
expect 0 '{"run": {"state": "completed"}, "counters": {"total": 3, "finished": {"created": 1, "updated": 1, "unchanged": 1}}}' \
  sluice job run nightly --wait

# The same once more under another name: it is recognised, and nothing is imported.
cp customers_20260302.csv "$SLUICE_ROOT/in/customers_20260304.csv"
expect 0 '{"run": {"state": "skipped", "skippedFor": "r1002"}}' sluice job run nightly --wait

# A column that the mapping reads is gone: the run waits, and reads the corrected file when it is told to.
cp customers_20260303.csv "$SLUICE_ROOT/in"
sluice job run nightly >/dev/null
until sluice run show r1004 --json | grep -q retry_wait; do sleep 0.3; done
expect 0 '{"run": {"state": "retry_wait", "fetch": {"status": "failed"}}}' sluice run show r1004
sed 's/mail/email/' customers_20260303.csv >"$SLUICE_ROOT/in/customers_20260303.csv"
sluice run retry-now r1004 >/dev/null
settled r1004
expect 0 '{"run": {"state": "completed"}, "counters": {"finished": {"created": 1}}}' sluice run show r1004

expect 0 '{"files": [
  {"path": "in/customers_20260304.csv", "state": "taken", "run": "r1003"},
  {"path": "in/customers_20260303.csv", "state": "taken", "run": "r1004"},
  {"path": "in/customers_20260302.csv", "state": "taken", "run": "r1002"},
  {"path": "in/customers_20260301.csv", "state": "taken", "run": "r1001"}
]}' sluice job source nightly
expect 0 '{"count": 5}' sluice profiles find --count
