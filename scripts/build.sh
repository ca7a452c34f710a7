#!/usr/bin/env bash
# Installs what a build needs, builds Binaryen's library once, and builds targets of one preset.
#   scripts/build.sh PRESET [TARGET …]
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -eq 0 ]]; then
  echo "usage: scripts/build.sh dev|release|faulty|asan|fuzz|afl [TARGET …]" >&2
  exit 2
fi
preset=$1
shift

scripts/setup.sh build
scripts/binaryen.sh >/dev/null
if ! output=$(cmake --preset "$preset" 2>&1); then
  printf '%s\n' "$output" >&2
  exit 1
fi
targets=()
[[ $# -eq 0 ]] || targets=(--target "$@")
cmake --build --preset "$preset" "${targets[@]}" >&2
