#!/usr/bin/env bash
# Tests scripts/fuzz.sh --jobs 2 in a minute, behind the builds: finds are shared, a second run goes on from the first, Ctrl-C
# ends everything, and no process is left.
#   ci/fuzz_jobs_test.sh afl++|libfuzzer
set -euo pipefail
cd "$(dirname "$0")/.."
engine=${1:-}
target=fuzz_decode
fail() { echo "fuzz_jobs_test: $engine: $*" >&2; exit 1; }
left() { pgrep -f "^(build/[a-z]+/$target|afl-fuzz .*/$target$|.*build/fuzz/$target )" || true; }
case $engine in
  afl++) output=build/afl/out-$target ;;
  libfuzzer) output=build/corpus/$target ;;
  *) echo "usage: ci/fuzz_jobs_test.sh afl++|libfuzzer" >&2; exit 2 ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
inputs() { find "$output" -type f ! -path '*/.state/*' | wc -l; }

scripts/fuzz.sh "$target" --engine "$engine" --jobs 2 --time 20s --fresh >"$log" 2>&1 || fail "it failed: $(tail -n 3 "$log")"
[[ -z $(left) ]] || fail "processes are left at the end of the time: $(left)"
if [[ $engine == afl++ ]]; then
  [[ $(find "$output" -name fuzzer_stats | wc -l) -eq 2 ]] || fail "there are not two fuzzer_stats"
  grep -c executions "$log" | grep -qx 2 || fail "the summary has not two lines"
  [[ -n $(find "$output/main/queue" -name '*sync:secondary-1*') ]] || fail "the main process took nothing from the other"
  [[ -n $(find "$output/secondary-1/queue" -name '*sync:main*') ]] || fail "the secondary process took nothing from the main one"
  # Each command line is in its folder.
  [[ $(cat "$output"/*/cmdline "$output"/*/fuzzer_stats | grep -cE -- '-M main|-S secondary-1') -ge 2 ]] || fail "no -M and -S"
fi
before=$(inputs)

scripts/fuzz.sh "$target" --engine "$engine" --jobs 2 --time 1h >"$log" 2>&1 &
script=$!
for ((i = 0; i < 300; i++)); do
  [[ -z $(left) ]] || break
  sleep 0.2
done
sleep 15
start=$SECONDS
kill -TERM "$script"
status=0
wait "$script" || status=$?
[[ $status -eq 0 ]] || fail "ended by a signal it has exit code $status: $(tail -n 3 "$log")"
((SECONDS - start <= 15)) || fail "it took $((SECONDS - start)) s to end"
[[ -z $(left) ]] || fail "processes are left behind a signal: $(left)"
[[ $(inputs) -ge $before ]] || fail "the second run began anew: $(inputs) files behind $before"
echo "fuzz_jobs_test: $engine: $before, then $(inputs) files; ended $((SECONDS - start)) s behind the signal"
tail -n 2 "$log"
