#!/usr/bin/env bash
# Imports one sheet of the workbook; without --sheet it says which sheets there are.
. "$(dirname "$0")/../expect.sh"

expect 5 '{"problem": {"code": "container.part_open"}}' sluice import customers.xlsx --yes

expect 3 '{
  "run": {"state": "completed_with_errors", "job": "customers.xlsx/Customers"},
  "counters": {"total": 240, "read": 240, "left": 0, "finished": {"total": 238, "created": 238}, "failed": {"total": 2, "read.cell_error": 2}}
}' sluice import customers.xlsx --sheet Customers --yes

# The two whose formula divides by zero, with that cell taken as empty; the rest is unchanged.
expect 0 '{
  "run": {"state": "completed"},
  "counters": {"total": 240, "left": 0, "finished": {"total": 240, "created": 2, "unchanged": 238}, "failed": {"total": 0}}
}' sluice import customers.xlsx --sheet Customers --on-bad pad --yes
