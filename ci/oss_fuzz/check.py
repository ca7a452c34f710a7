#!/usr/bin/env python3
"""Holds what a build script put into $OUT against the rules by which OSS-Fuzz refuses builds, and its runtime's.

Usage: SANITIZER=address|undefined|coverage FUZZING_ENGINE=libfuzzer|afl|none ci/oss_fuzz/check.py OUT [--quick]

It moves OUT away while it looks, as OSS-Fuzz does: a path that is written into a target does not lead anywhere then. Thresholds
are those of OSS-Fuzz's own check of bad builds. Each target
1. has a name of letters, digits, _ and -, is executable, and holds the name LLVMFuzzerTestOneInput (stripped ones are not found);
2. is for x86-64, and needs no library but the C library's and those beside it by $ORIGIN;
3. has sane files beside it: a seed corpus that is a zip with something in it, a dictionary, options of known sections;
4. runs: with libFuzzer four runs that end, with AFL++ until it is set, else its seeds; none of the seeds crashes it;
5. has the calls of its sanitizer, and not of another.
--quick leaves the third rule out, for targets that are tests. Exit code 0: all is well; 1: a line for each thing that is not.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

RUNS = 4
EDGES_MIN = 100        # fewer are told, and no fault
CALLS_MIN = {"address": ("__asan", 1000), "undefined": ("__ubsan", 168)}
CALLS_MAX = {"address": {"__ubsan": 200, "__msan": 3, "__dfsan": 0}, "undefined": {"__asan": 0, "__msan": 3, "__dfsan": 0}}
SECTIONS = {"libfuzzer", "asan", "msan", "ubsan", "hwasan", "env"}
C_LIBRARY = re.compile(r"^(linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|resolv|util|gcc_s)\.so)")
ASAN_OPTIONS = ("detect_leaks=1:detect_stack_use_after_return=1:strict_memcmp=1:handle_abort=1:quarantine_size_mb=10:"
                "allocator_may_return_null=1:symbolize=0")


def output_of(*command, seconds=120, **environment):
    """(exit code, what it wrote), with nothing of this environment, from a folder that holds nothing of ours."""
    whole = {"PATH": os.environ["PATH"], "HOME": "/tmp", "ASAN_OPTIONS": ASAN_OPTIONS,
             "UBSAN_OPTIONS": "silence_unsigned_overflow=1", **environment}
    try:
        done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds, cwd="/", env=whole)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode(errors="replace")


def last_line(text):
    return (text.strip().splitlines() or ["nothing"])[-1]


def is_target(path):
    return (path.is_file() and os.access(path, os.X_OK) and not path.name.startswith("afl-")
            and b"LLVMFuzzerTestOneInput" in path.read_bytes())


def check_file(target):
    if not re.fullmatch(r"[A-Za-z0-9_-]+", target.name):
        yield "its name has other characters than letters, digits, _ and -"
    kind = output_of("objdump", "-f", target)[1]
    if "elf64-x86-64" not in kind:
        yield f"it is not for x86-64: {last_line(kind)}"
    for line in output_of("ldd", target)[1].splitlines():
        name, _, where = line.strip().partition(" => ")
        beside = where.startswith(str(target.parent))
        if not C_LIBRARY.match(pathlib.Path(name.split()[0]).name) and not beside and "statically" not in name:
            yield f"it needs {name}, which its runner does not have"


def check_beside(target):
    seeds = target.parent / f"{target.name}_seed_corpus.zip"
    if not seeds.is_file() or not zipfile.is_zipfile(seeds) or not zipfile.ZipFile(seeds).namelist():
        yield f"{seeds.name} is no zip with seeds"
    for line in (target.parent / f"{target.name}.dict").read_text().splitlines():
        if line and not line.startswith("#") and not re.fullmatch(r'([\w.-]+\s*=\s*)?"([^"\\]|\\.)*"', line):
            yield f"a line of its dictionary is none: {line}"
            break
    options = (target.parent / f"{target.name}.options").read_text()
    for section in re.findall(r"^\[(.*)\]$", options, re.M):
        if section not in SECTIONS:
            yield f"its options have a section [{section}]"


def check_libfuzzer(target, seeds):
    dictionary = target.parent / f"{target.name}.dict"
    dictionaries = [f"-dict={dictionary}"] if dictionary.exists() else []
    text = output_of(target, "-seed=1337", f"-runs={RUNS}", "-rss_limit_mb=2560", "-timeout=25", *dictionaries)[1]
    if "ERROR: no interesting inputs were found. Is the code instrumented" in text:
        yield "it has no coverage instrumentation"
    elif f"Done {RUNS} runs" not in text:
        yield f"it crashes at its start, or exits: {last_line(text)}"
    edges = re.search(r"INFO: Loaded \d+ module.*\(.*(?:counters|guards)\):\s*(\d+)", text)
    if edges and int(edges[1]) < EDGES_MIN:
        print(f"note: {target.name} has {edges[1]} edges only")
    status, text = output_of(target, "-runs=0", "-rss_limit_mb=2560", "-timeout=25", seeds, seconds=600)
    if status != 0:
        yield f"a seed fails it: {last_line(text)}"


def check_afl(target, seeds):
    with tempfile.TemporaryDirectory() as folder:
        first = pathlib.Path(folder) / "input"
        first.mkdir()
        (first / "one").write_bytes(b"input")
        text = output_of("timeout", "--preserve-status", "-s", "INT", "35s", "afl-fuzz", "-m", "none", "-i", first, "-o",
                         pathlib.Path(folder) / "output", "--", target, AFL_FORKSRV_INIT_TMOUT="30000", AFL_NO_UI="1",
                         AFL_SKIP_CPUFREQ="1", AFL_NO_AFFINITY="1", AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1",
                         ASAN_OPTIONS=ASAN_OPTIONS.replace("detect_leaks=1", "detect_leaks=0") + ":abort_on_error=1")[1]
    if "All set and ready to roll" not in text:
        yield f"AFL++ cannot run it: {last_line(text)}"
    if re.search(r"target binary (crashed|terminated)", text):
        yield "it crashes at its start"
    yield from check_none(target, seeds)


def check_none(target, seeds):
    for seed in sorted(seeds.iterdir()):
        status, text = output_of(target, seed)
        if status != 0:
            yield f"the seed {seed.name} fails it: {last_line(text)}"


def check_sanitizer(target, sanitizer):
    code = output_of("objdump", "-dC", target, seconds=600)[1]
    calls = {name: len(re.findall(rf"callq?\s+[0-9a-f]+\s+<{name}", code)) for name in ("__asan", "__ubsan", "__msan", "__dfsan")}
    print(f"note: {target.name} calls {calls}")
    if sanitizer in CALLS_MIN:
        name, least = CALLS_MIN[sanitizer]
        if calls[name] < least:
            yield f"it is not built with the sanitizer {sanitizer}: {calls[name]} calls of {name}, fewer than {least}"
        for name, most in CALLS_MAX[sanitizer].items():
            if calls[name] > most:
                yield f"it is built with another sanitizer, too: {calls[name]} calls of {name}, more than {most}"


def problems_of(target, sanitizer, engine, quick):
    yield from check_file(target)
    if not quick:
        yield from check_beside(target)
    with tempfile.TemporaryDirectory() as folder:
        seeds = pathlib.Path(folder)
        corpus = target.parent / f"{target.name}_seed_corpus.zip"
        if corpus.is_file():
            zipfile.ZipFile(corpus).extractall(seeds)
        yield from {"libfuzzer": check_libfuzzer, "afl": check_afl, "none": check_none}[engine](target, seeds)
    if engine == "libfuzzer" or sanitizer == "address":  # OSS-Fuzz asks no other engine for UBSan's calls
        yield from check_sanitizer(target, sanitizer)


def main(arguments):
    sanitizer, engine = os.environ.get("SANITIZER"), os.environ.get("FUZZING_ENGINE")
    quick = "--quick" in arguments
    folders = [argument for argument in arguments if argument != "--quick"]
    if len(folders) != 1 or sanitizer not in ("address", "undefined", "coverage") or engine not in ("libfuzzer", "afl", "none"):
        print(__doc__, file=sys.stderr)
        return 2
    out = pathlib.Path(folders[0]).resolve()
    moved = pathlib.Path(tempfile.mkdtemp(prefix="not-out-")) / "out"
    shutil.move(out, moved)
    try:
        targets = sorted(filter(is_target, moved.iterdir()))
        broken = 0
        for target in targets:
            problems = list(problems_of(target, sanitizer, engine, quick))
            broken += bool(problems)
            for problem in problems:
                print(f"BAD BUILD: {target.name}: {problem}")
    finally:
        shutil.move(moved, out)
        moved.parent.rmdir()
    print(f"check: {engine} x {sanitizer}: {len(targets) - broken} of {len(targets)} targets are fit for OSS-Fuzz")
    return 1 if broken or not targets else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
