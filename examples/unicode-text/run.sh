#!/usr/bin/env bash
# Imports a "Unicode text" export: UTF-16, tabs, line breaks inside fields.
. "$(dirname "$0")/../expect.sh"

expect 0 '{
  "run": {"state": "completed"},
  "counters": {"total": 200, "read": 200, "left": 0, "finished": {"total": 200, "created": 200}, "failed": {"total": 0}}
}' sluice import loyalty.txt --yes
