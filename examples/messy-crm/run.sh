#!/usr/bin/env bash
# Imports what can be imported and sets the rest aside; exit code 3 says so.
. "$(dirname "$0")/../expect.sh"

expect 3 '{
  "run": {"state": "completed_with_errors"},
  "counters": {
    "total": 125, "read": 125, "left": 0,
    "finished": {"total": 114, "created": 109, "updated": 3, "unchanged": 2},
    "failed": {
      "total": 11, "read.field_count": 3, "read.quote_open": 1, "read.quote_text": 1,
      "email.invalid": 3, "date.invalid": 1, "identifier.none": 2
    }
  }
}' sluice import contacts.csv --yes

# The same file with another setting is a new run: values that do not fit are left out instead.
expect 3 '{
  "counters": {"total": 125, "left": 0, "finished": {"total": 118, "created": 4}, "failed": {"total": 7}}
}' sluice import contacts.csv --on-bad-value blank --yes
