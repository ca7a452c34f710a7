#!/usr/bin/env bash
# OSS-Fuzz's and ClusterFuzzLite's build script: the targets whose input is a module, into $OUT, each with its seed corpus,
# dictionary and options. Run by their builder, which sets CC, CXX, CXXFLAGS, LIB_FUZZING_ENGINE, SRC, WORK and OUT;
# ci/oss_fuzz/emulate.sh does the same on a Debian machine.
# fuzz_binaryen and fuzz_wabt stay out: each needs a C++ library of another project, built with the builder's flags, and
# the first runs Binaryen in a process of its own, whose faults are not ours to report.
set -eu
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[[ -f $source/fuzz/CMakeLists.txt ]] || source=$SRC/slabhound # copied to $SRC, as OSS-Fuzz does
targets=(fuzz_decode fuzz_roundtrip fuzz_differential)
build=$WORK/slabhound
# All of them have the same seeds: modules.
seeds=$WORK/seeds
rm -rf "$seeds" && mkdir "$seeds"
for target in "${targets[@]}"; do
  for file in "$source/corpus/fuzz/$target"/*; do cp "$file" "$seeds/$target-${file##*/}"; done
done
# Fewer of them, for a person in a hurry.
[[ -z ${SLABHOUND_TARGETS:-} ]] || read -ra targets <<<"$SLABHOUND_TARGETS"

# An engine that is not there (FUZZING_ENGINE=none) is our own main, which replays files.
engine=${LIB_FUZZING_ENGINE:-}
[[ ${FUZZING_ENGINE:-} != none ]] || engine=
# The dictionary's maker runs here, instrumented like the rest; a container may forbid what the leak check needs.
export ASAN_OPTIONS=detect_leaks=0
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$CXXFLAGS" -DCMAKE_BUILD_TYPE=None \
  -DBUILD_SHARED_LIBS=OFF -DSLABHOUND_BINARYEN=OFF -DSLABHOUND_FUZZER=given -DSLABHOUND_FUZZING_ENGINE="$engine"
ninja -C "$build" ${NINJAFLAGS:-} "${targets[@]}" wasm_dict

for target in "${targets[@]}"; do
  cp "$build/$target" "$OUT/"
  cp "$build/wasm.dict" "$OUT/$target.dict"
  cp "$source/ci/oss_fuzz/target.options" "$OUT/$target.options"
  rm -f "$OUT/${target}_seed_corpus.zip"
  zip -q -j "$OUT/${target}_seed_corpus.zip" "$seeds"/*
done
