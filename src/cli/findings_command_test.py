#!/usr/bin/env python3
"""slabhound findings, and campaigns with --known, on what a campaign with the hostile worker leaves.

Usage: findings_command_test.py SLABHOUND SOURCE_DIR
"""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv.pop(2))
SLABHOUND = os.path.abspath(sys.argv.pop(1))
WORKER = f"worker:{sys.executable} {SOURCE / 'src/workers/hostile/hostile_worker.py'} "
# What else there is of a bug's folder, as an older format has it: nothing that needs a minimization.
OTHERS = (("abort", "panic"), ("garbage", "panic"), ("diverges", "diverge"))


class Findings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.campaign("idle-panic", "findings")
        [cls.panic] = cls.folders("findings")
        for name, verdict in OTHERS:
            other = cls.folder / "findings" / f"worker-{name}"
            shutil.copytree(cls.panic, other)
            finding = json.loads((other / "finding.json").read_text())
            for field in ("signature_fields", "cause", "ingredients"):
                finding.pop(field, None)
            finding.update(format=2, signature=f"worker {name}", verdict=verdict, minimized=False)
            (other / "finding.json").write_text(json.dumps(finding))

    @classmethod
    def campaign(cls, how, out, *arguments):
        return cls.run_command("campaign", "--engine", WORKER + how, "--modules", "1", "--jobs", "1", "--out", out, *arguments)

    @classmethod
    def run_command(cls, *arguments):
        return subprocess.run([SLABHOUND, *map(str, arguments)], capture_output=True, text=True, timeout=200, cwd=cls.folder)

    @classmethod
    def folders(cls, out):
        return [path for path in (cls.folder / out).iterdir() if (path / "finding.json").exists()]

    def setUp(self):
        # What was said of the last test's bugs is said no more.
        with sqlite3.connect(self.folder / "findings/campaign.db") as database:
            database.execute("DELETE FROM said")
        self.findings("label", "worker-abort", "")

    def findings(self, *arguments, code=0):
        result = self.run_command("findings", *arguments)
        self.assertEqual(result.returncode, code, result)
        if code == 2:
            self.assertEqual((result.stdout, result.stderr.count("\n")), ("", 1), result)
        return result.stderr if code == 2 else result.stdout

    def bugs(self):
        return sorted(path.name for path in self.folders("findings"))

    def test_bugs_are_listed_the_most_severe_first(self):
        header, *lines = (line for line in self.findings().splitlines() if not line.startswith(" "))
        self.assertEqual(header.split()[:3], ["severity", "cases", "symptoms"])
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[0].startswith("memory corruption "))
        self.assertTrue(lines[-1].startswith("wrong value "))
        self.assertIn("stands for it", self.findings("findings", "--verbose"))

    def test_what_people_say_holds(self):
        before = self.bugs()
        self.findings("merge", "worker-ab", "findings/worker-garbage/")
        self.assertEqual(len(self.bugs()), 3)
        [bug] = (self.folder / "findings").glob("worker-[ag]*")
        [other] = (bug / "symptoms").iterdir()
        self.assertEqual({bug.name, other.name}, {"worker-abort", "worker-garbage"})
        self.assertIn("by hand", (bug / "bug.json").read_text())
        self.assertIn("label: mine\n", self.findings("label", other, "mine"))
        self.assertEqual(self.run_command("repro", other).returncode, 1)
        # A later campaign keeps to it.
        self.campaign("idle-fine", "findings")
        self.assertEqual(len(self.bugs()), 3)
        self.assertIn("label: mine\n", self.findings())
        self.findings("split", "worker-abort")
        self.assertEqual(self.bugs(), before)

    def test_unknown_names_are_one_line(self):
        self.assertIn("no such folder", self.findings("nowhere", code=2))
        self.assertIn("begins so", self.findings("split", "nothing", code=2))
        self.assertIn("begin so", self.findings("merge", "worker-", "worker-abort", code=2))
        self.assertIn("is required", self.findings("known", "worker-abort", code=2))
        self.assertIn("nothing tells it", self.findings("known", "worker-abort", "--out", "none.txt", code=2))
        (self.folder / "findings/overrides.json").write_text("{")
        self.assertIn("overrides.json: ", self.findings("split", "worker-abort", code=2))
        (self.folder / "findings/overrides.json").unlink()

    def test_known_rows_are_counted_and_not_kept(self):
        self.findings("known", self.panic, "--out", "known.txt")
        self.assertIn("already", self.findings("known", self.panic, "--out", "known.txt", code=2))
        result = self.campaign("idle-panic", "others", "--known", "known.txt")
        self.assertEqual(result.returncode, 0, result)
        self.assertRegex(result.stdout, r"(?m)^known +1 ")
        self.assertIn(f"  known {self.panic.name}: 1 times\n", result.stdout)
        self.assertEqual(self.folders("others"), [])
        self.assertEqual(self.run_command("repro", self.panic).returncode, 1)
        known = self.run_command("repro", self.panic, "--known", "known.txt")
        self.assertNotEqual(known.returncode, 1, known)
        self.assertIn(f"known       {self.panic.name}\n", known.stdout)

    def test_files_of_known_rows_are_told_by_line(self):
        for text, line, what in (
            ("engine v8\n", 1, "begins with"),
            ("known a\nengine iwasm\n", 2, "no such engine"),
            ("# x\n\nknown a\nengine v8\nshows nonsense\n", 5, "no outcome"),
            ("known a\nengine v8\nshows panic\nmessage x\nexpires soon\n", 5, "no day"),
            ("known a\nengine v8\nshows panic\nexpires 2030-01-01\n", 1, "lacks"),
            ("known a\nkind x\n", 2, "begins no line"),
        ):
            with self.subTest(text):
                (self.folder / "bad.txt").write_text(text)
                result = self.campaign("idle-fine", "bad", "--known", "bad.txt")
                self.assertEqual(result.returncode, 2)
                self.assertIn(f"bad.txt:{line}: ", result.stderr)
                self.assertIn(what, result.stderr)


if __name__ == "__main__":
    unittest.main()
