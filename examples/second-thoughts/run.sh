#!/usr/bin/env bash
# Import, correct, import the next day, explain, undo, and undo the undo.
. "$(dirname "$0")/../expect.sh"

expect 3 '{"run": {"id": "r1001"}, "counters": {"total": 5, "finished": {"created": 3}, "failed": {"email.invalid": 2}}}' \
  sluice import monday.csv --job customers --yes

# The error file, with one of two addresses mended. Its name does not matter.
sluice run errors r1001 --save "$SLUICE_HOME/errors.csv" >/dev/null || true
sed -i.bak 's/^\(r1001,C3,\)[^,]*/\1cleo@example.com/' "$SLUICE_HOME/errors.csv"
expect 0 '{
  "run": {"id": "r1002", "parent": "r1001"},
  "counters": {"total": 2, "finished": {"created": 1}, "skipped": {"unchanged_correction": 1}}
}' sluice import "$SLUICE_HOME/errors.csv" --yes

expect 0 '{
  "run": {"id": "r1003"},
  "counters": {"total": 5, "left": 0, "finished": {"created": 1, "updated": 2}, "skipped": {"already_processed": 1}}
}' sluice import tuesday.csv --job customers --skip-seen --yes

expect 0 '{"record": "r1003/1"}' sluice explain tuesday.csv --line 2

expect 0 '{"run": {"id": "r1004", "reverts": "r1003"}}' sluice undo r1003 --yes
expect 0 '{"count": 4}' sluice profiles find --count
expect 0 '{"run": {"id": "r1005", "reverts": "r1004"}}' sluice undo r1004 --yes
expect 0 '{"count": 5}' sluice profiles find --count
