#!/usr/bin/env bash
# Installs what is missing, builds one fuzz target and runs it.
#   scripts/fuzz.sh TARGET [--engine libfuzzer|afl++] [--time 60s] [-- flags of the fuzzer]
# The corpus grows in build/corpus/TARGET; crashes are left in build/crashes/TARGET. Exit code 0: none found; 1: found.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  echo "usage: scripts/fuzz.sh TARGET [--engine libfuzzer|afl++] [--time 60s] [-- flags of the fuzzer]" >&2
  echo "targets: $(basename -a -s .cc fuzz/fuzz_*.cc | tr '\n' ' ')" >&2
  exit 2
}

engine=libfuzzer
time=60s
target=
extra=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --engine) engine=${2:-}; shift 2 || usage ;;
    --time) time=${2:-}; shift 2 || usage ;;
    --) shift; extra=("$@"); break ;;
    -*) usage ;;
    *) [[ -z $target ]] || usage; target=$1; shift ;;
  esac
done
[[ -n $target && -f fuzz/$target.cc ]] || usage
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

case $engine in
  libfuzzer)
    scripts/setup.sh build fuzz
    scripts/build.sh fuzz "$target" $modules
    status=0
    build/fuzz/"$target" -max_total_time="$seconds" -artifact_prefix="$crashes/" -timeout=10 -rss_limit_mb=2560 \
      -print_final_stats=1 "${lengths[@]}" ${modules:+-dict=build/fuzz/wasm.dict} "${extra[@]}" "$corpus" ${seeds:+"$seeds"} || status=$?
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
    rm -rf "$output"
    AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_ALLOW_TMP=1 \
      afl-fuzz -V "$seconds" -t 10000 -i "$input" -o "$output" ${modules:+-x build/afl/wasm.dict} "${extra[@]}" -- "build/afl/$target" >&2
    grep -E '^(execs_done|execs_per_sec|corpus_count|saved_crashes|saved_hangs|stability) ' "$output/default/fuzzer_stats"
    found=0
    for file in "$output"/default/crashes/id* "$output"/default/hangs/id*; do
      [[ -e $file ]] || continue
      cp "$file" "$crashes/"
      found=1
    done
    [[ $found -eq 0 ]] || { echo "fuzz: $target failed; inputs are in $crashes" >&2; exit 1; }
    ;;
  *) usage ;;
esac
