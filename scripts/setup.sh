#!/usr/bin/env bash
# Installs the Debian packages that a task needs, and nothing that is there already.
#   scripts/setup.sh build|test|fuzz …
# Needs root or sudo only when something is missing.
# shellcheck disable=SC2034  # the lists are read by name
set -euo pipefail

packages_build="clang-19 lld-19 g++-12 cmake ninja-build ccache git libgoogle-perftools-dev libsqlitecpp-dev libcpp-httplib-dev
  libfmt-dev libcli11-dev nlohmann-json3-dev libxxhash-dev libgtest-dev libgmock-dev librapidcheck-dev"
packages_test="llvm-19 libclang-rt-19-dev clang-format-19 clang-tidy-19 libbenchmark-dev python3 python3-yaml wabt libssl-dev
  shellcheck pyflakes3 openjdk-17-jdk-headless maven chromium"
packages_fuzz="llvm-19 libclang-rt-19-dev wabt libssl-dev"
packages_afl="afl++"
# A builder of OSS-Fuzz brings compilers of its own.
packages_oss_fuzz="zip python3 $(printf '%s\n' $packages_build | grep -vE '^(clang|lld|g[+][+]|ccache)' | tr '\n' ' ')"

if [[ $# -eq 0 ]]; then
  echo "usage: scripts/setup.sh build|test|fuzz|afl|oss_fuzz …" >&2
  exit 2
fi
wanted=""
for task in "$@"; do
  list="packages_$task"
  if [[ -z ${!list:-} ]]; then
    echo "setup: unknown task '$task' (build, test, fuzz, afl or oss_fuzz)" >&2
    exit 2
  fi
  wanted+=" ${!list}"
done

missing=()
for package in $wanted; do
  state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [[ $state == "install ok installed" ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "setup: no apt-get here; please install: ${missing[*]}" >&2
  exit 2
fi
sudo=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: run as root or install sudo, to install: ${missing[*]}" >&2
    exit 2
  fi
  sudo=(sudo)
fi
echo "setup: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1
}
# A package list that is missing or out of date is the common failure: refresh it once.
if ! install; then
  "${sudo[@]}" apt-get update -qq >&2
  if ! install; then
    tail -n 5 "$log" >&2
    echo "setup: apt-get could not install: ${missing[*]}" >&2
    exit 1
  fi
fi
