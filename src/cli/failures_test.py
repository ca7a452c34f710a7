#!/usr/bin/env python3
"""Ways in which an engine, or a user's command, can fail: what is said of each, and the exit code. None passes for one
that agrees.

Usage: failures_test.py SLABHOUND [--table]     --table prints the rows as they were found, and checks them too
"""

import concurrent.futures
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PRINTS_TABLE = "--table" in sys.argv and not sys.argv.remove("--table")
SLABHOUND = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "slabhound"
HOSTILE = pathlib.Path(__file__).resolve().parent.parent / "workers" / "hostile" / "hostile_worker.py"

CASES = {
    "plain.wat": """(module (func (export "f") (result i32) (i32.const 7)) (func (export "g") unreachable))""",
    # Engines take almost all the time that it takes.
    "long.wat": """(module (func (export "f") (local $i i32) (loop (br_if 0 (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5000000))))))""",
    # No engine's budget has room for the array: the oracle stops in the second of three calls.
    "heap.wat": """(module (type $a (array i8)) (func (export "before") (result i32) (i32.const 7))
        (func (export "exhausts") (drop (array.new_default $a (i32.const 0x20000000))))
        (func (export "behind") (result i32) (i32.const 8)))""",
    "import.wat": """(module (import "env" "memory" (memory 1000 1000)) (func (export "f")))""",
    "invalid.wat": """(module (func (export "f") (result i32)))""",
    "script.wast": """(module (func (export "f") (result i32) (i32.const 7)))
        (assert_return (invoke "f") (i32.const 7))""",
}

# A command that passes its canaries, three modules, and then does as its first argument says.
TURNCOAT = """import os, sys, time
how, count, path = sys.argv[1:4]
with open(count, "a+") as file:
    file.write(".")
    runs = file.tell()
if runs <= 3:
    sys.exit(runs == 2)
if how == "hangs":
    time.sleep(600)
if how == "crashes":
    os.kill(os.getpid(), 11)
if how == "panics":
    sys.exit("thread 'main' panicked at src/a.rs:1:2:\\nid from different slab")
sys.exit({"refuses": 1, "is-gone": 127}[how])
"""

OTHER_PROTOCOL = """import struct, sys
answer = b'{"protocol":1,"engine":"old","version":"1","capabilities":{"gc":[]}}'
sys.stdout.buffer.write(struct.pack("<I", len(answer)) + answer)
sys.stdout.buffer.flush()
sys.stdin.buffer.read()
"""


def hostile(how):
    return f"worker:{sys.executable} {HOSTILE} {how}"


def command(shell):
    return f"command:{shell}; : {{}}"


def turncoat(how):
    return f"command:{sys.executable} FOLDER/turncoat.py {how} FOLDER/count {{}}"


# (what the engine does, the engine, the subcommand and its case, exit code, what is said)
ROWS = [
    ("worker: not there", "worker:/no/such/program", "repro plain.wat", 2, "does not start"),
    ("worker: exits at once", hostile("exit"), "repro plain.wat", 2, "does not start: exit: code 3"),
    ("worker: aborts on start", hostile("abort"), "repro plain.wat", 2, "does not start: abort"),
    ("worker: hangs on start", hostile("hang"), "repro plain.wat", 2, "does not start: timeout"),
    ("worker: floods on start", hostile("flood"), "repro plain.wat", 2, "does not start: timeout"),
    ("worker: speaks another protocol", f"worker:{sys.executable} FOLDER/other_protocol.py", "repro plain.wat", 2, "protocol"),
    ("worker: refuses all", hostile("canary-refuses"), "repro plain.wat", 2, "a module that must return is refused: not today"),
    ("worker: traps always", hostile("canary-traps"), "repro plain.wat", 2, "a module that must return traps: Unreachable"),
    ("worker: logs something else", hostile("canary-fine"), "repro plain.wat", 2, "a module that must return logs wrong values"),
    ("worker: refuses the case", hostile("refuses"), "repro plain.wat", 1, "rejected (not today)"),
    ("worker: dies by SIGSEGV always", hostile("canary-run-crash"), "repro plain.wat", 1, "panic: crash: SIGSEGV"),
    ("worker: dies by SIGSEGV", hostile("run-crash"), "repro plain.wat", 1, "panic: crash: SIGSEGV"),
    ("worker: the same where the oracle runs out of heap", hostile("run-crash"), "repro heap.wat", 1, "panic: crash: SIGSEGV"),
    ("worker: aborts", hostile("run-abort"), "repro heap.wat", 1, "panic: abort"),
    ("worker: panics", hostile("run-panic"), "repro heap.wat", 1, "panic: id from different slab"),
    ("worker: hangs", hostile("run-hang"), "repro heap.wat", 1, "panic: timeout"),
    ("worker: floods", hostile("run-flood"), "repro plain.wat", 1, "panic: timeout"),
    ("worker: answers garbage", hostile("run-garbage"), "repro heap.wat", 1, "panic: garbage"),
    ("worker: answers without end", hostile("run-long"), "repro plain.wat", 1, "an answer of 4294967295 bytes"),
    ("worker: closes its output", hostile("run-closed"), "repro plain.wat", 1, "it closed its output"),
    ("worker: exits", hostile("run-exit"), "repro heap.wat", 1, "panic: exit: code 3"),
    ("worker: is killed by SIGTERM", hostile("run-term"), "repro plain.wat", 1, "panic: killed: SIGTERM"),
    ("worker: runs out of memory", hostile("run-reserve"), "repro plain.wat", 3, "host limit (memory) ran out in the instantiation"),
    ("command: not there", "command:/no/such/program {}", "repro plain.wat", 2, "not found"),
    ("command: no place for the module", "command:true", "repro plain.wat", 2, "{} where the module's file goes"),
    ("command: exits 0 always", "command:true {}", "repro plain.wat", 2, "a module that must trap ends with exit code 0"),
    ("command: exits 1 always", "command:false {}", "repro plain.wat", 2, "a module that must return ends with exit code 1"),
    ("command: dies by SIGSEGV always", command("kill -SEGV $$"), "repro heap.wat", 1, "panic: crash: SIGSEGV"),
    ("command: dies by SIGSEGV behind its canaries", turncoat("crashes"), "repro heap.wat", 1, "panic: crash: SIGSEGV"),
    ("command: dies by SIGSEGV in a script", command("sh -c 'kill -SEGV $$'; exit $?"), "repro plain.wat", 1, "crash: SIGSEGV"),
    ("command: aborts", command("kill -ABRT $$"), "repro plain.wat", 1, "panic: abort"),
    ("command: prints a panic and exits 0", command("echo \"thread 'main' panicked at a.rs:1:\nid from different slab\""),
     "repro plain.wat", 1, "panic: id from different slab"),
    ("command: panics behind its canaries", turncoat("panics"), "repro heap.wat", 1, "panic: id from different slab"),
    ("command: hangs", turncoat("hangs"), "repro heap.wat", 1, "panic: timeout"),
    ("command: floods", command("yes"), "repro plain.wat", 1, "panic: timeout"),
    ("command: refuses the case", turncoat("refuses"), "repro heap.wat", 1, "fails where it must return"),
    ("command: is gone behind its canaries", turncoat("is-gone"), "repro plain.wat", 2, "exit code 127"),
    ("real: not installed", "wasmtime@9.9.9", "repro plain.wat", 2, "not installed"),
    ("case: an import that cannot be had", "slab", "repro import.wat", 2, "not run     slab"),
    ("case: the same", "slab", "run import.wat", 2, "did not run it"),
    ("case: invalid", "slab", "repro invalid.wat", 2, "invalid.wat: "),
    ("worker: aborts on start", hostile("abort"), "run plain.wat", 2, "does not start: abort"),
    ("worker: dies by SIGSEGV", hostile("run-crash"), "run plain.wat", 1, "crash: SIGSEGV"),
    ("worker: aborts on start", hostile("abort"), "campaign", 2, "does not start: abort"),
    ("worker: refuses all", hostile("canary-refuses"), "campaign", 2, "a module that must return is refused"),
    ("worker: dies by SIGSEGV always", hostile("canary-run-crash"), "campaign", 2, "ends its worker: crash: SIGSEGV"),
    ("worker: dies by SIGSEGV", hostile("run-crash"), "campaign", 1, "finding: worker panic: crash: SIGSEGV"),
    ("worker: refuses the cases", hostile("refuses"), "campaign", 2, "ran 0 of 12 cases: 0 not run, 12 refused"),
    ("command: exits 0 always", "command:true {}", "campaign", 2, "a module that must trap ends with exit code 0"),
    ("command: is gone behind its canaries", turncoat("is-gone"), "campaign", 2, "ran 0 of 12 cases: 12 not run, 0 refused"),
    ("command: dies by SIGSEGV behind its canaries", turncoat("crashes"), "campaign", 1, "command panic: crash: SIGSEGV"),
    ("worker: aborts on start", hostile("abort"), "regress plain.wat", 2, "does not start: abort"),
    ("command: is gone behind its canaries", turncoat("is-gone"), "regress plain.wat", 2, "ran 0 of 1"),
    ("worker: aborts on start", hostile("abort"), "wast script.wast", 2, "abort"),
    ("worker: dies by SIGSEGV", hostile("run-crash"), "wast script.wast", 1, "crash: SIGSEGV"),
    ("worker: aborts on start", hostile("abort"), "minimize plain.wat", 2, "does not start: abort"),
    ("command: exits 0 always", "command:true {}", "engines check", 2, "a module that must trap ends with exit code 0"),
]


def run_row(row):
    """What was said, and the exit code."""
    _, engine, arguments, _, _ = row
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (*CASES.items(), ("turncoat.py", TURNCOAT), ("other_protocol.py", OTHER_PROTOCOL)):
            pathlib.Path(folder, name).write_text(content)
        words = arguments.split()
        words += [engine.replace("FOLDER", folder)] if words[0] == "engines" else ["--engine", engine.replace("FOLDER", folder)]
        if words[0] == "campaign":
            words += ["--modules", "12", "--jobs", "1", "--out", "findings"]
        result = subprocess.run([SLABHOUND, *words], cwd=folder, capture_output=True, text=True, timeout=200)
        return (result.stdout + result.stderr).replace(folder, "FOLDER"), result.returncode


def told_line(output, told):
    """The line of the output in which it is told."""
    return next((line for line in output.splitlines() if told in line), output)


class Failures(unittest.TestCase):
    def test_each_is_told(self):
        with concurrent.futures.ThreadPoolExecutor(max_workers=6) as pool:
            found = list(pool.map(run_row, ROWS))
        for row, (output, code) in zip(ROWS, found):
            what, engine, arguments, expected, told = row
            if PRINTS_TABLE:
                line = told_line(output, told).replace(engine, "ENGINE").removeprefix("slabhound: ")
                print(f"| {what} | {arguments} | {line.strip()} | {code} |")
            with self.subTest(f"{what}, {arguments}"):
                self.assertEqual(code, expected, output)
                self.assertIn(told, output)
                self.assertNotRegex(output, r"(?m)^verdict +agree$")
                self.assertNotRegex(output, r"(?m)^agree +[1-9]")

    def test_all_engines_that_did_not_run_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            case = pathlib.Path(folder, "import.wat")
            case.write_text(CASES["import.wat"])
            result = subprocess.run([SLABHOUND, "repro", case], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout.count("not run     "), 4, result.stdout)

    def test_a_disk_that_is_full_from_the_start_is_told(self):
        """A limit on the size of files is as good as a full disk. What is full later: resume_test.py."""
        def no_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run([SLABHOUND, "campaign", "--engine", hostile("run-crash"), "--modules", "20", "--jobs", "1",
                                     "--out", "findings"], cwd=folder, capture_output=True, text=True, timeout=60,
                                    preexec_fn=no_files)
        self.assertEqual(result.returncode, 2, result)
        self.assertRegex(result.stderr, r"^slabhound: findings/campaign.db: .*\n$")
        self.assertEqual(result.stdout, "")

    def test_numbers_out_of_range_are_told_with_the_range(self):
        for arguments, told in (("campaign --jobs 0", "--jobs: 0: a whole number from 1 to 256"),
                                ("campaign --modules 0", "--modules: 0: a whole number from 1 on"),
                                ("campaign --seed 99999999999999999999", "a whole number"),
                                ("repro x.wat --times 0", "a whole number from 1 to 1000000"),
                                ("minimize x.wat --time -1", "seconds from 0 to 1000000")):
            result = subprocess.run([SLABHOUND, *arguments.split()], capture_output=True, text=True, timeout=60)
            self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1), result)
            self.assertIn(told, result.stderr)

    def test_an_engine_of_this_process_that_dies_is_a_finding(self):
        """The guarded child gets the signal from here, while it runs a case over and over."""
        with tempfile.TemporaryDirectory() as folder:
            case = pathlib.Path(folder, "long.wat")
            case.write_text(CASES["long.wat"])
            process = subprocess.Popen([SLABHOUND, "repro", case, "--times", "1000000"], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            time.sleep(1)
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            self.assertEqual(len(children), 1)
            os.kill(int(children[0]), signal.SIGSEGV)
            stdout, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1, stdout)
        # A sanitizer takes the signal, and ends the process by itself.
        self.assertRegex(stdout,
                         r"verdict +crash\nsignature +(oracle|slab|decoder) (crash: SIGSEGV|exit: code 1)")


if __name__ == "__main__":
    unittest.main()
