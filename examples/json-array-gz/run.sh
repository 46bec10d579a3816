#!/usr/bin/env bash
# Imports a compressed JSON list straight from the shop system.
. "$(dirname "$0")/../expect.sh"

expect 0 '{
  "run": {"state": "completed"},
  "counters": {"total": 150, "read": 150, "left": 0, "finished": {"total": 150, "created": 150}, "failed": {"total": 0}}
}' sluice import shop-customers.json.gz --yes
