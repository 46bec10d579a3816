#!/usr/bin/env bash
# Read by every run.sh: Sluice on a data folder of its own, removed at the end, and a check of what it answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[1]}")"

SLUICE_HOME=$(mktemp -d "${TMPDIR:-/tmp}/sluice-example-XXXXXX")
export SLUICE_HOME

sluice() { ../../sluice "$@"; }

leave() {
  sluice down >/dev/null 2>&1 || true
  rm -rf "$SLUICE_HOME"
}
trap leave EXIT

# expect EXIT_CODE JSON COMMAND…: runs it with --json; the answer must contain JSON, the exit code must be this one.
expect() {
  local code=$1 wanted=$2 answer got=0
  shift 2
  printf '$'
  printf ' %q' "$@"
  printf '\n'
  answer=$("$@" --json) || got=$?
  if [ "$got" -ne "$code" ]; then
    printf '%s\nexit code %s, expected %s\n' "$answer" "$got" "$code"
    exit 1
  fi
  printf '%s' "$answer" | node ../contains.mjs "$wanted"
}
