#!/usr/bin/env python3
"""slabhound check on the hostile worker and on engines of this process.

Usage: check_command_test.py SLABHOUND SOURCE_DIR
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

SOURCE = pathlib.Path(sys.argv.pop(2)).resolve()
SLABHOUND = os.path.abspath(sys.argv.pop(1))
WORKER = f"worker:{sys.executable} {SOURCE / 'src/workers/hostile/hostile_worker.py'} "
GOOD = '(module (func (export "f") (result i32) (i32.const 1)))\n(assert_return (invoke "f") (i32.const 1))\n'
BAD = GOOD.replace("i32.const 1)))", "i32.const 2)))")


class Check(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *arguments):
        return subprocess.run([SLABHOUND, *map(str, arguments)], capture_output=True, text=True, timeout=280, cwd=self.folder)

    def check(self, engine, *arguments, code, modules=4, out="check"):
        result = self.run_command("check", "--engine", engine, "--modules", modules, "--out", out, *arguments)
        self.assertEqual(result.returncode, code, result)
        return result.stderr if code == 2 else result.stdout

    def read(self, name, out="check"):
        return (self.folder / out / name).read_text()

    def suite(self):
        [suite] = xml.etree.ElementTree.fromstring(self.read("junit.xml"))
        self.assertEqual(suite.tag, "testsuite")
        cases = suite.findall("testcase")
        for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            self.assertEqual(int(suite.get(count)), sum(case.find(element) is not None for case in cases))
        self.assertEqual(int(suite.get("tests")), len(cases))
        return suite

    def test_a_new_bug_fails_it_and_is_told_first(self):
        text = self.check(WORKER + "idle-panic", code=1)
        first = text.splitlines()[0]
        self.assertTrue(first.startswith("look at the worst new bug first: slabhound repro check/findings/worker-panic"), text)
        self.assertEqual(self.suite().get("failures"), "1")
        summary = json.loads(self.read("summary.json"))
        self.assertEqual((summary["verdict"], summary["exit_code"], len(summary["bugs"])), ("failed", 1, 1))
        [result] = json.loads(self.read("slabhound.sarif"))["runs"][0]["results"]
        self.assertEqual(result["ruleId"], "memory-corruption/panic")
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        self.assertTrue((self.folder / "check" / place).is_file(), place)
        self.assertEqual(self.run_command(*first.split(": slabhound ")[1].split()).returncode, 1)

    def test_two_runs_are_alike(self):
        reports = set()
        for jobs, out in ((1, "one"), (2, "two"), (2, "two")):
            self.check("slab", "--engine", WORKER + "idle-holds fb01 panic", "--jobs", jobs, "--junit", f"{out}.xml", code=1, modules=70, out=out)
            self.assertEqual((self.folder / f"{out}.xml").read_text(), self.read("junit.xml", out))
            reports.add((self.read("junit.xml", out), self.read("slabhound.sarif", out), self.read("summary.json", out)))
        self.assertEqual(len(reports), 1)

    def test_known_bugs_and_those_below_the_bound_pass(self):
        self.check(WORKER + "idle-panic", code=1)
        [bug] = (self.folder / "check/findings").glob("worker-*")
        self.assertEqual(self.run_command("findings", "known", bug, "--out", "known.txt").returncode, 0)
        self.assertIn("known: ", self.check(WORKER + "idle-panic", "--known", "known.txt", code=0))
        self.assertEqual(self.suite().get("skipped"), "1")
        self.check(WORKER + "fine", code=1)
        self.assertIn("below --fail-on", self.check(WORKER + "fine", "--fail-on", "memory-corruption", code=0))
        self.assertEqual((self.suite().get("failures"), self.suite().get("skipped")), ("0", "1"))

    def test_regression_files(self):
        files = self.folder / "files"
        files.mkdir()
        (files / "good.wast").write_text(GOOD)
        text = self.check("slab", "--regressions", files, code=0)
        self.assertIn("0 of 1 run of regression file fail", text)
        (files / "worse.wast").write_text(BAD)
        text = self.check("slab", "--regressions", files, code=1)
        self.assertTrue(text.startswith(f"look at the regression first: {files}/worse.wast:2: slab:"), text)
        self.assertEqual(self.suite().get("failures"), "1")
        [result] = json.loads(self.read("slabhound.sarif"))["runs"][0]["results"]
        self.assertEqual(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2)
        self.check(WORKER + "run-crash", "--regressions", files / "good.wast", code=1)
        (files / "none.wast").write_text("(module")
        self.assertIn("none.wast", self.check("slab", "--regressions", files, code=2))

    def test_what_cannot_be_checked(self):
        self.assertIn("it cannot be used", self.check("worker:/nowhere", code=2))
        self.check(WORKER + "refuses", code=2, modules=20)
        self.assertEqual(self.suite().get("errors"), "1")
        self.assertIn("one of memory-corruption ", self.check("slab", "--fail-on", "bad", code=2))
        (self.folder / "mine").mkdir()
        (self.folder / "mine/notes").write_text("mine")
        self.assertIn("no check wrote", self.check("slab", code=2, out="mine"))


if __name__ == "__main__":
    unittest.main()
