#!/usr/bin/env bash
# Line coverage of src/ and minimizer/ from the profiles that a test run left in a build folder.
#   ci/coverage.sh BUILD_FOLDER
set -euo pipefail
build=${1:?usage: ci/coverage.sh BUILD_FOLDER}
profiles=("$build"/profile/*.profraw)
if [[ ! -e ${profiles[0]} ]]; then
  echo "coverage: no profiles in $build/profile: build with SLABHOUND_COVERAGE and run the tests first" >&2
  exit 2
fi
llvm-profdata-19 merge -sparse "${profiles[@]}" -o "$build/coverage.profdata"
binaries=()
for binary in "$build"/*_test "$build/slabhound"; do
  [[ -x $binary ]] && binaries+=(-object "$binary")
done
# A row a room, from lcov's per-file line counts: room, lines hit, lines, per cent.
llvm-cov-19 export -format=lcov -instr-profile "$build/coverage.profdata" "${binaries[@]}" \
  -ignore-filename-regex='(_test\.cc|_bench\.cc|/fixture\.h|/test_folder\.h|^/usr/|/\.cache/)' |
  awk -F: -v root="$PWD/" '
    # ccache makes paths relative to the build folder: BUILD/../../src/room/file.
    /^SF/ {
      path = $2
      if (!sub(/^.*\/\.\.\//, "", path) && index(path, root) == 1) path = substr(path, length(root) + 1)
      split(path, part, "/")
      room = part[1] == "src" ? "src/" part[2] : part[1]
      ours = part[1] == "src" || part[1] == "minimizer"
    }
    /^LH/ && ours { hit[room] += $2; all_hit += $2 }
    /^LF/ && ours { found[room] += $2; all_found += $2 }
    END {
      for (room in found) if (found[room]) printf "coverage: %-14s %6d of %6d lines  %5.1f %%\n", room, hit[room], found[room], 100 * hit[room] / found[room]
      if (all_found) printf "coverage: %-14s %6d of %6d lines  %5.1f %%\n", "total", all_hit, all_found, 100 * all_hit / all_found
    }' | sort
