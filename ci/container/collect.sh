#!/usr/bin/env bash
# Gathers what a container needs of a build into a folder that is laid over its root: the command, the workers of engines
# with the libraries that they were linked to in the cache, and the names of the Debian packages that all of it needs.
#   ci/container/collect.sh BUILD FOLDER ENGINE…      an ENGINE is wasmtime@VERSION, and installed (scripts/engines.sh)
set -euo pipefail
scripts=$(cd "$(dirname "$0")/../../scripts" && pwd)
[[ $# -ge 2 ]] || { echo "usage: ci/container/collect.sh BUILD FOLDER ENGINE…" >&2; exit 2; }
build=$1
folder=$2
shift 2
cache=${SLABHOUND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slabhound}

fail() { echo "collect: $*" >&2; exit 1; }
# Below the folder it keeps its place.
keep() { mkdir -p "$folder$(dirname "$1")" && cp -a "$1" "$folder$(dirname "$1")/"; }

mkdir -p "$folder/usr/local/bin" "$folder/usr/local/share/slabhound"
programs=()
for program in slabhound slabhound-binaryen; do
  [[ -x $build/$program ]] || fail "no $program in $build; scripts/build.sh release slabhound"
  cp "$build/$program" "$folder/usr/local/bin/"
  programs+=("$build/$program")
done
for engine in "$@"; do
  place=$("$scripts/engines.sh" --folder "$engine")
  [[ -x $place/worker ]] || fail "$engine is not installed; scripts/engines.sh $engine"
  # Workers name files of the cache: they keep their places.
  keep "$place"
  programs+=("$place/worker")
done

packages=()
while read -r library; do
  if [[ $library == "$cache"/* ]]; then
    keep "$library"
  else
    # The lists of dpkg have some files below /lib and some below /usr/lib.
    owner=$(dpkg -S "$library" 2>/dev/null || dpkg -S "/usr$library" 2>/dev/null || dpkg -S "${library#/usr}" 2>/dev/null) ||
      fail "$library is of no package"
    packages+=("${owner%%:*}")
  fi
done < <(ldd "${programs[@]}" | grep -oE '/[^ :]+\.so[^ :]*' | sort -u)
printf '%s\n' "${packages[@]}" | sort -u >"$folder/usr/local/share/slabhound/packages"
