#!/usr/bin/env python3
"""Prints the tests that ctest skipped and that nothing allows to be.

Usage: ci/skips.py PRESET LOG [ENGINE…]     exit code 0: none; 1: some

LOG is what ctest printed. ci/skips.txt names what may be skipped; tests of an ENGINE, as in wasmtime@31.0.0, may too.
"""

import fnmatch
import pathlib
import re
import sys

# The parameter behind a test's name may be an address.
SKIPPED = re.compile(r"^\s*\d+ - (.+?)(?:\s+# GetParam.*)? \(Skipped\)$", re.M)


def rules_of(text):
    """[(presets, glob, reason)]"""
    lines = [line.split(None, 2) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(presets.split(","), glob, reason) for presets, glob, reason in lines]


def unexpected(preset, log, rules, engines):
    globs = [glob for presets, glob, _ in rules if preset in presets or presets == ["*"]]
    # Names of C++ tests have _ where engines have other signs.
    globs += [f"*{re.sub('[^A-Za-z0-9]', '?', engine)}*" for engine in engines]
    return [name for name in SKIPPED.findall(log) if not any(fnmatch.fnmatchcase(name, glob) for glob in globs)]


def main(arguments):
    if len(arguments) < 2:
        print("usage: ci/skips.py PRESET LOG [ENGINE…]", file=sys.stderr)
        return 2
    preset, log, *engines = arguments
    rules = rules_of((pathlib.Path(__file__).parent / "skips.txt").read_text())
    names = unexpected(preset, pathlib.Path(log).read_text(errors="replace"), rules, engines)
    for name in names:
        print(f"skipped in {preset}: {name}")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
