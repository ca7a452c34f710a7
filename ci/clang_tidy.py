#!/usr/bin/env python3
"""clang-tidy on every file that is no test, several of a room at once: most of its time goes to what they all include.

Usage: ci/clang_tidy.py BUILD_FOLDER     its compile_commands.json says how files are compiled; exit code 1: complaints

Files that cannot stand in one translation unit, as they have names of their own in common, are read one by one.
"""

import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

UNIT_FILES = 8
CONFIG = pathlib.Path(__file__).resolve().parent.parent / ".clang-tidy"
# A script compiles the workers of Wasmtime, whose headers it fetches.
NOT_HERE = re.compile(r"_(test|bench)\.cc$|/wasmtime/")
# clang-tidy reads all of a precompiled header, used or not; the rest is the compiler's business.
DROPPED = {"-include-pch": 2, "-o": 2, "-c": 1, "-MD": 1, "-MT": 2, "-MF": 2}
NOISE = re.compile(r"^(\d+ warnings?( and \d+ errors?)? generated\.|\[\d+/\d+\] Processing file .*)$")


def flags_of(entry):
    words, flags, at = shlex.split(entry["command"]), [], 1
    while at < len(words):
        if words[at] in DROPPED:
            at += DROPPED[words[at]]
        elif words[at] == entry["file"]:
            at += 1
        else:
            flags.append(words[at])
            at += 1
    return tuple(flags)


def units_of(database, tracked):
    """[(files of one folder and one set of flags, the flags)] for the tracked files."""
    flags, neighbours = {}, {}
    for entry in database:
        flags[entry["file"]] = neighbours[os.path.dirname(entry["file"])] = flags_of(entry)
    entries = []
    for file in tracked:
        # What another preset builds is compiled as what stands beside it.
        found = flags.get(file) or neighbours.get(os.path.dirname(file))
        if found is None:
            raise LookupError(f"{file}: nothing in its folder is built")
        entries.append((os.path.dirname(file), found, file))
    units = []
    for (_, flags), group in itertools.groupby(sorted(entries), key=lambda entry: entry[:2]):
        files = [entry[2] for entry in group]
        mains = [file for file in files if file.endswith("_main.cc")]
        units += [([file], flags) for file in mains]
        files = [file for file in files if file not in mains]
        units += [(files[at:at + UNIT_FILES], flags) for at in range(0, len(files), UNIT_FILES)]
    return units


def tidy(file, flags):
    command = ["clang-tidy-19", "--quiet", f"--config-file={CONFIG}", str(file), "--", *flags]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, "\n".join(line for line in done.stdout.splitlines() if not NOISE.match(line))


def check(number, files, flags, folder):
    """What clang-tidy says about the files; nothing: it is content."""
    if len(files) > 1:
        unit = folder / f"unit{number}.cc"
        unit.write_text("".join(f'#include "{file}"\n' for file in files))
        code, text = tidy(unit, flags)
        if code == 0:
            return ""
        if "[clang-diagnostic-" not in text:
            return text
    results = [tidy(file, flags) for file in files]
    return "\n".join(text for code, text in results if code != 0)


def main(arguments):
    if len(arguments) != 1:
        print("usage: ci/clang_tidy.py BUILD_FOLDER", file=sys.stderr)
        return 2
    build = pathlib.Path(arguments[0])
    root = CONFIG.parent
    names = subprocess.run(["git", "-C", str(root), "ls-files", "*.cc"], stdout=subprocess.PIPE, text=True, check=True).stdout
    tracked = [f"{root}/{name}" for name in names.splitlines() if not NOT_HERE.search(name)]
    units = units_of(json.loads((build / "compile_commands.json").read_text()), tracked)
    complaints = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(check, number, *unit, pathlib.Path(folder)) for number, unit in enumerate(units)]
        for job in jobs:
            if job.result():
                complaints += 1
                print(job.result(), flush=True)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
