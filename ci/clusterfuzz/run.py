#!/usr/bin/env python3
"""A blackbox fuzzer for ClusterFuzz: writes test cases of Slabhound's generator. ci/clusterfuzz/bundle.py makes its archive.

Usage: run.py --input_dir=DIR --output_dir=DIR --no_of_files=N    as ClusterFuzz calls it
       run.py --output_dir=DIR --no_of_files=1 --seed=S --number=K    writes the file whose head names S and K again

It writes N files fuzz-slabhound-I and their flags-slabhound-I into the output folder, reads nothing from the input folder,
and prints the seed as `metadata::seed: S`. What a file is depends on the shell that bundle.py was told:
  d8, jsc    JavaScript: modules of one case, each of which returns or traps as the reference oracle does; where one does not,
             the line `ASSERTION FAILED: slabhound …`, which ClusterFuzz takes for the crash state, and exit code 1
  wasmtime   a module whose _start returns if all is as the oracle has it, and traps if not
  command, worker    a case for launcher.py, which runs it on the application and compares
"""

import argparse
import json
import os
import pathlib
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXPORT_SECONDS = 20  # of CPU, for one case
MUST = re.compile(r"^(?P<path>.*\.wasm): must (?P<end>return|trap) ")

# A shell's file ending, the flags that it always gets, and groups of flags, of each of which a file draws one or none.
SHELLS = {
    "d8": (".js", ["--wasm-staging"], [
        ["--stress-scavenge=50", "--stress-compaction", "--stress-compaction-random", "--stress-incremental-marking",
         "--stress-marking=50", "--gc-global", "--max-semi-space-size=1", "--single-threaded"],
        ["--liftoff-only", "--no-liftoff", "--no-wasm-tier-up", "--no-wasm-lazy-compilation", "--wasm-tiering-budget=100"]]),
    "jsc": (".js", [], [
        ["--collectContinuously=true", "--slowPathAllocsBetweenGCs=10", "--useGenerationalGC=false", "--useConcurrentGC=false",
         "--scribbleFreeCells=true", "--sweepSynchronously=true", "--useZombieMode=true"],
        ["--useBBQJIT=false", "--useOMGJIT=false", "--useWasmIPInt=false", "--thresholdForOMGOptimizeAfterWarmUp=10"]]),
    "wasmtime": (".wasm", ["run", "-W", "gc=y,function-references=y,tail-call=y,exceptions=y"], [
        ["-C collector=null", "-C collector=drc"], ["-O opt-level=0", "-O opt-level=2"]]),
    "command": (".wasm", [], []),
    "worker": (".wasm", [], []),
}

# What says nothing about the engine, its own limits, is passed over; numbers vary, and have no place in a crash state.
JAVASCRIPT = """\
// %s
const modules = [
%s
];
const say = globalThis.print ?? console.log;
const leave = globalThis.quit ?? (code => process.exit(code));
for (const [name, must, hex] of modules) {
  let end = 'return', text = 'it returns';
  try {
    const bytes = new Uint8Array(hex.length / 2);
    for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.substr(2 * i, 2), 16);
    new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.run();
  } catch (error) {
    text = String(error);
    if (error instanceof RangeError || /out of memory|too much recursion/i.test(text)) continue;
    end = error instanceof WebAssembly.RuntimeError ? 'trap' : 'error';
  }
  if (end === must) continue;
  say(`slabhound: ${name}: ${text}`);
  say(`ASSERTION FAILED: slabhound must ${must}: ${text.replace(/\\d+/g, 'N').slice(0, 80)}`);
  leave(1);
}
"""


def leb128(number):
    encoded = b""
    while number >= 0x80:
        encoded += bytes([number & 0x7F | 0x80])
        number >>= 7
    return encoded + bytes([number])


def with_origin(module, origin):
    """The module with one more custom section, which says where it is from."""
    name = b"origin"
    content = leb128(len(name)) + name + origin.encode()
    return module + b"\0" + leb128(len(content)) + content


def limit_time():
    resource.setrlimit(resource.RLIMIT_CPU, (EXPORT_SECONDS, EXPORT_SECONDS))


def start(command):
    """Its standard output, or None: a case that cannot be exported, or that takes too long."""
    environment = dict(os.environ, LD_LIBRARY_PATH=str(HERE / "lib"))
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, env=environment, preexec_fn=limit_time)
    return done.stdout if done.returncode == 0 else None


def test_case(bundle, seed, number, work):
    """The bytes of the file of this seed and number; None: there is none."""
    shell = bundle["shell"]
    checking = shell not in ("worker", "command")
    output = start([str(HERE / "slabhound"), "export", "--seed", str(seed), "--number", str(number), "--out", str(work)]
                   + (["--self-checking"] if checking else []) + ([] if bundle["exceptions"] else ["--no-exceptions"]))
    if output is None:
        return None
    origin = f"slabhound: run.py --output_dir=DIR --no_of_files=1 --seed={seed} --number={number}"
    if not checking:
        return with_origin((work / "case.wasm").read_bytes(), origin)
    modules = [(pathlib.Path(match["path"]), match["end"]) for match in map(MUST.match, output.splitlines()) if match]
    if SHELLS[shell][0] == ".js":
        rows = [f'  ["{path.stem}", "{end}", "{path.read_bytes().hex()}"],' for path, end in modules]
        return (JAVASCRIPT % (origin, "\n".join(rows))).encode() if rows else None
    returning = [path for path, end in modules if end == "return"]
    return with_origin(returning[0].read_bytes(), origin) if returning else None


def flags_of(shell, seed, number):
    _, always, groups = SHELLS[shell]
    draw = random.Random(f"{seed}/{number}")
    drawn = [draw.choice(group) for group in groups if draw.random() < 0.5]
    return " ".join(always + drawn)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input_dir", help="not read")
    parser.add_argument("--output_dir", type=pathlib.Path, required=True)
    parser.add_argument("--no_of_files", type=int, required=True)
    parser.add_argument("--seed", type=int, help="default: a new one")
    parser.add_argument("--number", type=int, default=0, help="the first case's number (default: 0)")
    flags = parser.parse_args()
    bundle = json.loads((HERE / "bundle.json").read_text())
    shell = bundle["shell"]
    seed = int.from_bytes(os.urandom(7), "little") if flags.seed is None else flags.seed
    asked_to_stop = []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.append(True))
    print(f"metadata::seed: {seed}")
    print(f"metadata::slabhound_shell: {shell}")
    flags.output_dir.mkdir(parents=True, exist_ok=True)
    written, number, last = 0, flags.number, flags.number + 2 * flags.no_of_files + 10
    with tempfile.TemporaryDirectory(prefix="slabhound-") as work:
        while written < flags.no_of_files and number < last and not asked_to_stop:
            content = test_case(bundle, seed, number, pathlib.Path(work))
            if content:
                written += 1
                rest = f"slabhound-{written}{SHELLS[shell][0]}"
                (flags.output_dir / f"fuzz-{rest}").write_bytes(content)
                (flags.output_dir / f"flags-{rest}").write_text(flags_of(shell, seed, number))
            number += 1
    print(f"{written} of {flags.no_of_files} files, {number - flags.number - written} cases had none")
    return 0 if written == flags.no_of_files else 1


if __name__ == "__main__":
    sys.exit(main())
