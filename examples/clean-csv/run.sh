#!/usr/bin/env bash
# Imports the list, then the same file again: the second run is skipped.
. "$(dirname "$0")/../expect.sh"

expect 0 '{
  "run": {"state": "completed"},
  "counters": {"total": 500, "read": 500, "left": 0, "finished": {"total": 500, "created": 500}, "failed": {"total": 0}}
}' sluice import subscribers.csv --yes

expect 0 '{"run": {"state": "skipped"}}' sluice import subscribers.csv --yes
