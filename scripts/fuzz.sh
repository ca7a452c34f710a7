#!/usr/bin/env bash
# Installs what is missing, builds one fuzz target and runs it, on several processes if asked to.
#   scripts/fuzz.sh TARGET [--engine libfuzzer|afl++] [--time 60s] [--jobs N] [--fresh] [-- flags of the fuzzer]
# The corpus grows in build/corpus/TARGET, or with AFL++ in build/afl/out-TARGET, from where the next run goes on; --fresh
# begins AFL++'s anew. Crashes are left in build/crashes/TARGET. Exit code 0: none found; 1: found; 2: it did not run.
# With --jobs N libFuzzer is one process that hands work to N (-fork) and goes on after a crash. AFL++ is one main process and
# N-1 secondary ones of distinct schedules that share their finds through the folder (-M, -S); each has its log there.
# Ctrl-C ends all of them, and the summary is printed as at the end of the time.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: scripts/fuzz.sh TARGET [--engine libfuzzer|afl++] [--time 60s] [--jobs N] [--fresh] [-- flags of the fuzzer]" >&2
  echo "targets: $(basename -a -s .cc fuzz/fuzz_*.cc | tr '\n' ' ')" >&2
  exit 2
}

engine=libfuzzer
time=60s
jobs=1
fresh=
target=
extra=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --engine) engine=${2:-}; shift 2 || usage ;;
    --time) time=${2:-}; shift 2 || usage ;;
    --jobs) jobs=${2:-}; shift 2 || usage ;;
    --fresh) fresh=1; shift ;;
    --) shift; extra=("$@"); break ;;
    -*) usage ;;
    *) [[ -z $target ]] || usage; target=$1; shift ;;
  esac
done
[[ -n $target && -f fuzz/$target.cc && $jobs =~ ^[1-9][0-9]{0,2}$ ]] || usage
case $time in
  *[!0-9smh]* | '') usage ;;
  *h) seconds=$((${time%h} * 3600)) ;;
  *m) seconds=$((${time%m} * 60)) ;;
  *) seconds=${time%s} ;;
esac

corpus=build/corpus/$target
crashes=build/crashes/$target
mkdir -p "$corpus" "$crashes"
seeds=corpus/fuzz/$target
[[ -d $seeds ]] || seeds=
# Targets whose input is a module have a dictionary, made from opcodes.def; the others feed a generator, to which
# length is nothing to begin with little of.
modules=
lengths=()
if grep -q "fuzz_target($target MODULES" fuzz/CMakeLists.txt; then
  modules=wasm_dict
else
  lengths=(-max_len=2048 -len_control=0)
fi

# Fuzzers run in process groups of their own, so that each can be ended with all that it started.
declare -A processes=()
interrupted=
start() { # NAME COMMAND…
  local name=$1
  shift
  set -m
  "$@" &
  set +m
  processes[$name]=$!
}
end_all() {
  interrupted=1
  trap '' INT TERM
  local process
  for process in "${processes[@]}"; do kill -INT -- "-$process" 2>/dev/null || true; done
  for ((i = 0; i < 100; i++)); do
    kill -0 "${processes[@]}" 2>/dev/null || return 0
    sleep 0.1
  done
  for process in "${processes[@]}"; do kill -KILL -- "-$process" 2>/dev/null || true; done
}
trap end_all INT TERM
# Waits for all; `failed` names those that failed by themselves.
failed=
wait_for_all() {
  local name status
  for name in "${!processes[@]}"; do
    status=0
    wait "${processes[$name]}" || status=$?
    # What ended that wait was a signal to this script.
    while kill -0 "${processes[$name]}" 2>/dev/null; do
      status=0
      wait "${processes[$name]}" || status=$?
    done
    [[ $status -eq 0 || -n $interrupted ]] || failed+=" $name"
  done
}

case $engine in
  libfuzzer)
    scripts/setup.sh build fuzz
    scripts/build.sh fuzz "$target" $modules
    status=0
    flags=()
    [[ $jobs -eq 1 ]] || flags=(-fork="$jobs" -ignore_crashes=1)
    marker=$(mktemp)
    trap 'rm -f "$marker"' EXIT
    start "$target" build/fuzz/"$target" -max_total_time="$seconds" -artifact_prefix="$crashes/" -timeout=10 \
      -rss_limit_mb=2560 -print_final_stats=1 "${flags[@]}" "${lengths[@]}" ${modules:+-dict=build/fuzz/wasm.dict} "${extra[@]}" \
      "$corpus" ${seeds:+"$seeds"}
    wait_for_all
    [[ -z $failed && -z $(find "$crashes" -type f -newer "$marker") ]] || status=1
    [[ $status -eq 0 ]] || { echo "fuzz: $target failed; inputs are in $crashes" >&2; exit 1; }
    ;;
  afl++)
    scripts/setup.sh build fuzz afl
    scripts/build.sh afl "$target" $modules
    input=$(mktemp -d)
    trap 'rm -rf "$input"' EXIT
    printf '\0asm\1\0\0\0' >"$input/empty-module"
    [[ -z $seeds ]] || cp "$seeds"/* "$input/"
    output=build/afl/out-$target
    [[ -z $fresh ]] || rm -rf "$output"
    mkdir -p "$output"
    # FrameShift of AFL++ 4.40 passes custom mutators by.
    export AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_ALLOW_TMP=1 \
      AFL_AUTORESUME=1 AFL_FRAMESHIFT_DISABLE=1
    fuzz=(afl-fuzz -V "$seconds" -t 10000 -i "$input" -o "$output" ${modules:+-x build/afl/wasm.dict})
    schedules=(explore coe lin quad exploit rare seek)
    if [[ $jobs -eq 1 ]]; then
      start default "${fuzz[@]}" "${extra[@]}" -- "build/afl/$target" >&2
    else
      AFL_FINAL_SYNC=1 start main "${fuzz[@]}" -M main "${extra[@]}" -- "build/afl/$target" >"$output/main.log" 2>&1
      for ((job = 1; job < jobs; job++)); do
        start "secondary-$job" "${fuzz[@]}" -S "secondary-$job" -p "${schedules[(job - 1) % ${#schedules[@]}]}" "${extra[@]}" \
          -- "build/afl/$target" >"$output/secondary-$job.log" 2>&1
      done
      echo "fuzz: $jobs processes for $seconds s; their logs are $output/*.log" >&2
    fi
    wait_for_all
    found=0
    for name in $(printf '%s\n' "${!processes[@]}" | sort); do
      [[ -e $output/$name/fuzzer_stats ]] || continue
      for file in "$output/$name"/crashes/id* "$output/$name"/hangs/id*; do
        [[ -e $file ]] || continue
        cp "$file" "$crashes/$name-${file##*/}"
        found=1
      done
      awk -v name="$name" -F' *: *' '{ is[$1] = $2 } END {
        printf "%-14s %10d executions %8s/s %6d inputs %4d crashes %4d hangs  stability %s\n", name, is["execs_done"],
          is["execs_per_sec"], is["corpus_count"], is["saved_crashes"], is["saved_hangs"], is["stability"] }' \
        "$output/$name/fuzzer_stats"
    done
    [[ $found -eq 0 ]] || { echo "fuzz: $target failed; inputs are in $crashes" >&2; exit 1; }
    [[ -z $failed ]] || { echo "fuzz: did not run to the end:$failed (see $output)" >&2; exit 2; }
    ;;
  *) usage ;;
esac
