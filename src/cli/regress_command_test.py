#!/usr/bin/env python3
"""slabhound regress and campaign --releases, with fake releases in a cache folder of the test.

Usage: regress_command_test.py SLABHOUND SOURCE_DIR
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv.pop(2))
SLABHOUND = sys.argv.pop(1)
WORKER = SOURCE / "src/workers/hostile/hostile_worker.py"
# As diff::InstalledEngines looks for them.
VERSION = re.search(r"kProtocolVersion = (\d+)", (SOURCE / "src/worker/protocol.h").read_text()).group(1)
ENGINES = f"engines-{VERSION}"
CASE = b'(module (func (export "five") (result i32) (i32.const 5)))'


def run(*arguments, cache=None):
    environment = dict(os.environ)
    if cache is not None:
        environment["SLABHOUND_CACHE"] = str(cache)
    return subprocess.run([SLABHOUND, "regress", *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          env=environment)


class FakeReleases(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        # Releases that fail in two ways, and one whose worker does not start.
        self.cache = self.folder / "cache"
        for release, how in (("9.0.0", ""), ("31.0.0", "run-panic"), ("50.0.1", "exit")):
            worker = self.cache / ENGINES / f"wasmtime@{release}" / "worker"
            worker.parent.mkdir(parents=True)
            worker.write_text(f"#!/bin/sh\nexec python3 '{WORKER}' {how}\n")
            worker.chmod(0o755)
        self.cases = self.folder / "cases"
        self.cases.mkdir()


class Fake(FakeReleases):
    def case(self, name, record=""):
        path = self.cases / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record.encode() + CASE)
        return path

    def regress(self, *arguments):
        return run(*arguments, cache=self.cache)

    def test_the_table(self):
        self.case("b/other.wat")
        self.case("a.wat", ";; record wasmtime#1 fails 9.0.0 31.0.0 options points=1\n")
        result = self.regress(self.cases, "--engine", "wasmtime@all", "--engine", "slab")
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0].split(), ["case", "@9.0.0", "@31.0.0", "@50.0.1", "slab:mark_sweep:explicit"])
        for line, name in ((lines[1], "a.wat"), (lines[2], "b/other.wat")):
            self.assertEqual(line.split(), [f"{self.cases}/{name}", "FAIL", "1", "FAIL", "2", "-", "3", "pass"])
        self.assertRegex(lines[3], r"^  1  wasmtime diverges: ")
        self.assertEqual(lines[4], "  2  wasmtime panic: id from different slab")
        self.assertRegex(lines[5], r"^  3  its worker: exit: code 3")
        # The case with a record does what it says; the other one has none and fails.
        self.assertEqual(len(lines), 9)
        self.assertTrue(all(line.startswith(f"{self.cases}/b/other.wat: wasmtime@") for line in lines[6:8]))
        # A release that never ran is worse than one that fails.
        self.assertEqual(lines[8], "too few cases ran: wasmtime@50.0.1 ran 0 of 2")
        self.assertIn("a.wat: wasmtime@50.0.1 did not run it: its worker: exit: code 3", result.stderr)
        self.assertEqual(result.returncode, 2)

    def test_absent_releases_are_one_line(self):
        result = self.regress(self.case("a.wat"), "--engine", "wasmtime@all:opt=speed")
        [skipped] = [line for line in result.stderr.splitlines() if "SKIPPED" in line]
        self.assertIn("SKIPPED, not installed: ", skipped)
        self.assertIn(" wasmtime@45.0.0", skipped)
        self.assertNotIn("wasmtime@50.0.1", skipped)

    def test_records_are_held(self):
        fails = ";; record wasmtime#1 fails 9.0.0 31.0.0\n"
        for record, engine, code in ((fails, "wasmtime@31.0.0", 0), (fails, "slab", 0),
                                     (fails.replace("9.0.0 31.0.0", "31.0.0"), "wasmtime@9.0.0", 1),
                                     (fails, "wasmtime@50.0.1", 2),
                                     (fails + fails, "slab", 2), (";; record nonsense\n", "slab", 2),
                                     (";; record wasmtime#1 fails 9.0.0 options points=x\n", "wasmtime@9.0.0", 2)):
            with self.subTest(record=record, engine=engine):
                self.assertEqual(self.regress(self.case("a.wat", record), "--engine", engine).returncode, code)

    def test_a_finding(self):
        # The binary has the plan, its text the record.
        folder = self.cases / "bucket"
        exported = subprocess.run([SLABHOUND, "export", self.case("five.wat"), "--out", folder], capture_output=True)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        (folder / "portable.wasm").rename(folder / "case.wasm")
        (folder / "case.wat").write_text(";; record wasmtime#1 fails 31.0.0\n(module)")
        (folder / "finding.json").write_text(json.dumps({"suspect": "wasmtime@9.0.0:points=1"}))
        result = self.regress(folder, "--engine", "wasmtime@31.0.0")
        self.assertEqual(result.returncode, 0, result)
        self.assertIn("bucket/case.wasm", result.stdout)
        self.assertNotIn("case.wat", result.stdout)

    def test_bad_input_is_one_line(self):
        empty = self.folder / "empty"
        empty.mkdir()
        for arguments in ([empty], [self.folder / "missing.wat"], [self.cases / "missing"], [],
                          [self.case("a.wat"), "--engine", "endive@all"],
                          [self.case("a.wat"), "--engine", "wasmtime@1.2.3"]):
            with self.subTest(arguments):
                result = self.regress(*arguments)
                self.assertEqual(result.returncode, 2, result)
                self.assertEqual((result.stdout, result.stderr.count("\n")), ("", 1), result.stderr)


class FakeCampaign(FakeReleases):
    def campaign(self, *arguments):
        environment = dict(os.environ, SLABHOUND_CACHE=str(self.cache))
        return subprocess.run([SLABHOUND, "campaign", *map(str, arguments)], capture_output=True, text=True,
                              timeout=300, env=environment)

    def test_releases_are_part_of_the_bucket(self):
        out = self.folder / "findings"
        result = self.campaign("--engine", "wasmtime@31.0.0", "--releases", "wasmtime@all", "--modules", "3",
                               "--jobs", "1", "--out", out)
        self.assertEqual(result.returncode, 1, result)
        self.assertIn("wasmtime panic: id from different slab (9.0.0 to 31.0.0)", result.stdout)
        [bucket] = (finding.parent for finding in out.glob("*/finding.json"))
        self.assertRegex(bucket.name, "^wasmtime-panic-id-from-different-slab-9-0-0-to-31-0-0-[0-9a-f]{12}$")
        finding = json.loads((bucket / "finding.json").read_text())
        self.assertEqual((finding["releases"], finding["count"]), ("9.0.0 to 31.0.0", 3))

    def test_bad_releases_are_one_line(self):
        for releases, engine in (("wasmtime@all", "slab"), ("v8", "v8"), ("wasmtime@9.0.0:points=1", "wasmtime@9.0.0"),
                                 ("wasmtime@1.2.3", "wasmtime@9.0.0"), ("endive@all", "wasmtime@9.0.0")):
            with self.subTest(releases):
                result = self.campaign("--engine", engine, "--releases", releases, "--modules", "1", "--out",
                                       self.folder / "none")
                self.assertEqual(result.returncode, 2, result)
                lines = [line for line in result.stderr.splitlines() if "SKIPPED" not in line]
                self.assertEqual((result.stdout, len(lines)), ("", 1), result.stderr)


if __name__ == "__main__":
    unittest.main()
