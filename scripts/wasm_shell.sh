#!/usr/bin/env bash
# Builds Binaryen's own command wasm-shell once, beside its library (scripts/binaryen.sh), and prints its path: a plain
# command line that knows nothing of Slabhound, for ci/self_checking.py.
#   scripts/wasm_shell.sh
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)

folder=$("$scripts/binaryen.sh")
if [[ ! -x $folder/wasm-shell ]]; then
  source=${SLABHOUND_BINARYEN_SOURCE:-$("$scripts/fetch.sh" binaryen)/binaryen}
  made=$(mktemp "$folder/wasm-shell.XXXXXX")
  trap 'rm -f "$made"' EXIT
  clang++-19 -O2 -DNDEBUG -std=c++20 -w -I "$folder/include" "$source/src/tools/wasm-shell.cpp" \
    "$folder/lib/libbinaryen.a" -lpthread -o "$made" >&2
  chmod 755 "$made"
  mv "$made" "$folder/wasm-shell"
fi
echo "$folder/wasm-shell"
