#!/usr/bin/env bash
# Builds the programs of ci/real with the compilers that people use, into the cache, and prints the folder:
#   teavm.wasm           Words.java by TeaVM, with its own teavm-runtime.mjs, started by teavm.mjs
#   kotlin/words.wasm    words.kt by Kotlin as its compiler does it by default, with words.uninstantiated.mjs
#   kotlin-dce/words.wasm, kotlin-dce/letters.wasm    without what the program does not use
# The compilers are those of ci/real/*.xml, from Maven's registry. Without them: one line, exit code 77.
# The cache is that of scripts/fetch.sh. Runs may start at once: one builds, the others wait.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
programs=$root/ci/real
cache=${SLABHOUND_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/slabhound}

hash=$(cat "$0" "$programs"/* | sha256sum | cut -c1-12)
folder=$cache/real-modules-$hash
if [[ -e $folder/.made ]]; then
  echo "$folder"
  exit 0
fi
mkdir -p "$cache"
exec {lock}>"$folder.lock"
flock "$lock"
if [[ -e $folder/.made ]]; then
  echo "$folder"
  exit 0
fi

work=$(mktemp -d "$cache/real-modules.XXXXXX")
trap 'rm -rf "$work"' EXIT
log=$work/log

skip() {
  tail -n 3 "$log" >&2
  echo "real_modules: SKIPPED: $*" >&2
  exit 77
}
fail() {
  tail -n 20 "$log" >&2
  echo "real_modules: $*" >&2
  exit 1
}
: >"$log"
command -v mvn >/dev/null && command -v javac >/dev/null || skip "no mvn and javac"

mkdir -p "$work/teavm/src/main/java" "$work/made"
cp "$programs/teavm.xml" "$work/teavm/pom.xml"
cp "$programs/Words.java" "$work/teavm/src/main/java"
mvn -q -B -f "$work/teavm" process-classes >>"$log" 2>&1 || skip "TeaVM could not be had, or did not compile"
cp "$work/teavm/target/web/teavm.wasm" "$work/teavm/target/web/teavm-runtime.mjs" "$programs/teavm.mjs" "$work/made"

mvn -q -B -f "$programs/kotlin.xml" dependency:copy-dependencies "-DoutputDirectory=$work/kotlin" >>"$log" 2>&1 ||
  skip "Kotlin's compiler could not be had"
# kotlin ARGUMENT…: the compiler, which tells much and writes warnings of its own.
kotlin() {
  java -cp "$work/kotlin/*" org.jetbrains.kotlin.cli.js.K2JSCompiler -Xwasm -Xwasm-target=wasm-js \
    -libraries "$(echo "$work"/kotlin/kotlin-stdlib-wasm-js-*.klib)" "$@" >>"$log" 2>&1 || fail "Kotlin's compiler failed"
}
for program in words letters; do
  kotlin -Xir-produce-klib-file -ir-output-name "$program" -ir-output-dir "$work/klib" "$programs/$program.kt"
  kotlin -Xir-produce-js -Xir-dce "-Xinclude=$work/klib/$program.klib" -ir-output-name "$program" \
    -ir-output-dir "$work/made/kotlin-dce"
done
kotlin -Xir-produce-js "-Xinclude=$work/klib/words.klib" -ir-output-name words -ir-output-dir "$work/made/kotlin"

touch "$work/made/.made"
rm -rf "$folder"
mv "$work/made" "$folder"
echo "$folder"
