#!/usr/bin/env bash
# Builds the OSS-Fuzz project as its builder would, with Debian's clang 19 and nothing of this shell's environment, moves
# $OUT elsewhere, and checks the targets there (ci/oss_fuzz/check.py).
#   ci/oss_fuzz/emulate.sh libfuzzer|afl|none address|undefined|coverage FOLDER
# FOLDER gets work/ and the targets in checked/. SLABHOUND_LIBCXX=DIR, with include/c++/v1 and lib/libc++.a, builds with that
# libc++, as OSS-Fuzz does (Debian's package of it cannot be installed beside libunwind-dev); else it is the system's
# library. NINJAFLAGS (-j 1) goes on to the build, SLABHOUND_TARGETS to build.sh. Packages: scripts/setup.sh build fuzz afl oss_fuzz.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)
usage() { echo "usage: ci/oss_fuzz/emulate.sh libfuzzer|afl|none address|undefined|coverage FOLDER" >&2; exit 2; }
[[ $# -eq 3 ]] || usage
engine=$1 sanitizer=$2
mkdir -p "$3"
folder=$(cd "$3" && pwd)

flags="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
case $sanitizer in
  address) flags+=" -fsanitize=address -fsanitize-address-use-after-scope" ;;
  undefined)
    checks=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,returns-nonnull-attribute
    checks+=,shift,signed-integer-overflow,unreachable,vla-bound,vptr
    flags+=" -fsanitize=$checks,unsigned-integer-overflow -fno-sanitize-recover=$checks" ;;
  coverage) flags+=" -fprofile-instr-generate -fcoverage-mapping" ;;
  *) usage ;;
esac
library=
case $engine in
  libfuzzer) library=-fsanitize=fuzzer && [[ $sanitizer == coverage ]] || flags+=" -fsanitize=fuzzer-no-link" ;;
  # Debian's afl-clang-fast wraps clang 14, which is too old for us: its instrumentation by clang 19's own means.
  afl) library="/usr/lib/afl/libAFLDriver.a /usr/lib/afl/afl-compiler-rt.o" && flags+=" -fsanitize-coverage=trace-pc-guard" ;;
  none) ;;
  *) usage ;;
esac
cxxflags=$flags
if [[ -n ${SLABHOUND_LIBCXX:-} ]]; then
  [[ $engine != libfuzzer ]] || { echo "emulate: Debian's libFuzzer is made with libstdc++: no SLABHOUND_LIBCXX there" >&2; exit 2; }
  cxxflags+=" -nostdinc++ -isystem $SLABHOUND_LIBCXX/include/c++/v1 -stdlib=libc++ -L$SLABHOUND_LIBCXX/lib"
fi

# The C++ library goes into the targets (LDFLAGS), as OSS-Fuzz's does: its runner has none.
rm -rf "$folder/out" "$folder/checked"
mkdir -p "$folder/out" "$folder/work"
started=$SECONDS
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$folder" NINJAFLAGS="${NINJAFLAGS:-}" \
  SLABHOUND_TARGETS="${SLABHOUND_TARGETS:-}" UBSAN_OPTIONS=silence_unsigned_overflow=1 \
  SRC="$source/.." WORK="$folder/work" OUT="$folder/out" CC=clang-19 CXX=clang++-19 CFLAGS="$flags" CXXFLAGS="$cxxflags" \
  LDFLAGS=-static-libstdc++ LIB_FUZZING_ENGINE="$library" FUZZING_ENGINE="$engine" SANITIZER="$sanitizer" ARCHITECTURE=x86_64 \
  bash -eu "$source/ci/oss_fuzz/build.sh" >"$folder/build.log" 2>&1 ||
  { grep -m 3 -A 5 -E 'error|Error' "$folder/build.log" >&2 || tail -n 5 "$folder/build.log" >&2; exit 1; }
echo "emulate: $engine x $sanitizer built in $((SECONDS - started)) s"
# Whatever has its old place written into it does not find it again.
mv "$folder/out" "$folder/checked"
FUZZING_ENGINE=$engine SANITIZER=$sanitizer "$source/ci/oss_fuzz/check.py" "$folder/checked"
