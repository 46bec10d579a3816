#!/usr/bin/env bash
# Imports the export as Excel writes it; --country says whose phone numbers these are.
. "$(dirname "$0")/../expect.sh"

expect 0 '{
  "run": {"state": "completed"},
  "counters": {"total": 300, "read": 300, "left": 0, "finished": {"total": 300, "created": 300}, "failed": {"total": 0}}
}' sluice import kunden.csv --country DE --yes
