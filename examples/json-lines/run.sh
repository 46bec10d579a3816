#!/usr/bin/env bash
# Imports JSON lines; two of them are broken and go to the error file.
. "$(dirname "$0")/../expect.sh"

expect 3 '{
  "run": {"state": "completed_with_errors"},
  "counters": {
    "total": 250, "read": 250, "left": 0, "finished": {"total": 248, "created": 248},
    "failed": {"total": 2, "read.json_invalid": 1, "read.json_not_object": 1}
  }
}' sluice import app-users.jsonl --yes
