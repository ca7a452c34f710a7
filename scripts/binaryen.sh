#!/usr/bin/env bash
# Builds Binaryen's library and its module generator once, outside the checkout, and prints the folder that holds
# include/ and lib/.
#   scripts/binaryen.sh
#   SLABHOUND_BINARYEN_SOURCE=DIR    a checkout of your own instead of the pinned sources
# The folder's name has a key of version, compiler and flags. Runs may start at once: one builds, the others wait. A
# folder whose stamp is missing, or does not list what is there, is an interrupted or damaged build and is made anew.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
cache=${SLABHOUND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slabhound}
compiler=clang++-19
flags="-O2 -DNDEBUG"

[[ $# -eq 0 ]] || { echo "usage: scripts/binaryen.sh" >&2; exit 2; }

if [[ -n ${SLABHOUND_BINARYEN_SOURCE:-} ]]; then
  source=$(cd "$SLABHOUND_BINARYEN_SOURCE" 2>/dev/null && pwd) && [[ -f $source/src/wasm.h ]] ||
    { echo "binaryen: SLABHOUND_BINARYEN_SOURCE=$SLABHOUND_BINARYEN_SOURCE holds no Binaryen sources" >&2; exit 2; }
  # Names, sizes and times of the sources: an edit there is a new build here.
  version="$source $(find "$source/src" -type f -printf '%P %s %T@\n' | LC_ALL=C sort | sha256sum)"
else
  version=$(grep -E '^binaryen ' "$scripts/pins.txt")
fi
recipe=$(cat "$scripts/../ci/binaryen/CMakeLists.txt")
key=$(printf '%s\n' "$version" "$("$compiler" --version 2>/dev/null | head -n 1)" "$flags" "$recipe" | sha256sum | cut -c1-12)
folder=$cache/binaryen-$key

# Names and sizes of what a build installs.
listing() { (cd "$folder" && find include lib -type f -printf '%p %s\n' | LC_ALL=C sort); }
complete() { [[ -e $folder/complete ]] && listing 2>/dev/null | cmp -s - "$folder/complete"; }

if complete; then
  echo "$folder"
  exit 0
fi
command -v "$compiler" >/dev/null || { echo "binaryen: no $compiler; run scripts/setup.sh build" >&2; exit 2; }

mkdir -p "$cache"
exec {lock}>"$folder.lock"
if ! flock -n "$lock"; then
  echo "binaryen: another run is building it; waiting" >&2
  flock "$lock"
fi
if complete; then
  echo "$folder"
  exit 0
fi
[[ ! -e $folder/complete ]] || echo "binaryen: $folder is damaged; building it anew" >&2

if [[ -z ${source:-} ]]; then
  source=$("$scripts/fetch.sh" binaryen)/binaryen
fi
rm -rf "$folder"
mkdir -p "$folder/build"
log=$folder/build.log
cmake -S "$scripts/../ci/binaryen" -B "$folder/build" -G Ninja -DBINARYEN_SOURCE="$source" \
  -DCMAKE_C_COMPILER="${compiler/++/}" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_FLAGS_RELEASE="$flags" -DCMAKE_C_FLAGS_RELEASE="$flags" >"$log" 2>&1 ||
  { tail -n 20 "$log" >&2; echo "binaryen: configuration failed; the log is $log" >&2; exit 1; }

echo "binaryen: building its library once, about five minutes on two cores" >&2
start=$SECONDS
NINJA_STATUS='%f of %t ' ninja -C "$folder/build" everything >>"$log" 2>&1 &
build=$!
# How far it is: "12 of 400 files, 30 s, about 970 s left".
progress() {
  local built all seconds=$((SECONDS - start))
  read -r built all < <(sed -n 's/^\([0-9]\+\) of \([0-9]\+\) .*/\1 \2/p' "$log" | tail -n 1) || true
  printf '%s of %s files, %d s' "${built:-0}" "${all:-?}" "$seconds"
  [[ -z ${built:-} ]] || ((built == 0 || seconds < 5)) || printf ', about %d s left' $((seconds * (all - built) / built))
}
terminal=false
[[ ! -t 2 || ${TERM:-dumb} == dumb ]] || terminal=true
shown=$SECONDS
while kill -0 "$build" 2>/dev/null; do
  sleep 1
  if $terminal; then
    printf '\r\033[Kbinaryen: %s' "$(progress)" >&2
  elif ((SECONDS - shown >= 60)); then
    shown=$SECONDS
    echo "binaryen: $(progress)" >&2
  fi
done
! $terminal || echo >&2
wait "$build" || { grep -A 5 -m 1 -E 'error|FAILED' "$log" >&2 || tail -n 5 "$log" >&2; echo "binaryen: build failed; the log is $log" >&2; exit 1; }

# What our own build needs: headers and archives. The sources stay where they are.
mkdir -p "$folder/include" "$folder/lib"
cp -r "$source/src/." "$folder/include/"
find "$folder/include" -type f ! -name '*.h' ! -name '*.def' ! -name '*.inc' -delete
cp -r "$source/third_party/FP16/include/." "$folder/include/" 2>/dev/null || true
find "$folder/build" -name config.h -exec cp {} "$folder/include/" \;
find "$folder/build" -name 'libbinaryen*.a' -exec cp {} "$folder/lib/" \;
rm -rf "$folder/build"
listing >"$folder/listing"
mv "$folder/listing" "$folder/complete"
echo "binaryen: built in $((SECONDS - start)) s" >&2
echo "$folder"
