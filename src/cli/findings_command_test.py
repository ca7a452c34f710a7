#!/usr/bin/env python3
"""slabhound findings, and campaigns with --known, on what a campaign with the hostile worker leaves.

Usage: findings_command_test.py SLABHOUND SOURCE_DIR
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv.pop(2))
SLABHOUND = sys.argv.pop(1)
ENGINE = f"worker:{sys.executable} {SOURCE / 'src/workers/hostile/hostile_worker.py'} idle-by-module"


class Findings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.campaign("findings")

    @classmethod
    def campaign(cls, out, *arguments):
        return cls.run_command("campaign", "--engine", ENGINE, "--modules", "40", "--jobs", "1", "--out", out, *arguments)

    @classmethod
    def run_command(cls, *arguments):
        return subprocess.run([SLABHOUND, *map(str, arguments)], capture_output=True, text=True, timeout=300, cwd=cls.folder)

    def setUp(self):
        (self.folder / "findings/overrides.json").unlink(missing_ok=True)
        self.findings("label", "worker-panic-abort", "")

    def findings(self, *arguments, code=0):
        result = self.run_command("findings", *arguments)
        self.assertEqual(result.returncode, code, result)
        if code == 2:
            self.assertEqual((result.stdout, result.stderr.count("\n")), ("", 1), result)
        return result.stderr if code == 2 else result.stdout

    def bugs(self):
        return sorted(path.name for path in (self.folder / "findings").iterdir() if path.is_dir())

    def test_bugs_are_listed_the_most_severe_first(self):
        header, *lines = self.findings().splitlines()
        self.assertEqual(header.split()[:3], ["severity", "cases", "symptoms"])
        self.assertEqual(len(lines), 6)
        self.assertTrue(lines[0].startswith("memory corruption "))
        self.assertFalse(lines[-1].startswith("memory corruption "))
        self.assertIn("stands for it", self.findings("findings", "--verbose"))

    def test_what_people_say_holds(self):
        before = self.bugs()
        abort, garbage = [name for name in before if "abort" in name or "garbage" in name]
        self.findings("merge", "worker-panic-abort", f"findings/{garbage}/")
        self.assertEqual(len(self.bugs()), 5)
        [bug] = [name for name in self.bugs() if name in (abort, garbage)]
        [other] = (self.folder / "findings" / bug / "symptoms").iterdir()
        self.assertEqual({bug, other.name}, {abort, garbage})
        self.assertIn("by hand", json.dumps(json.loads((self.folder / "findings" / bug / "bug.json").read_text())))
        self.assertIn("label: mine\n", self.findings("label", other, "mine"))
        self.assertEqual(self.run_command("repro", other).returncode, 1)
        # A later campaign keeps to it.
        self.assertIn("mine", self.campaign("findings").stdout)
        self.assertEqual(len(self.bugs()), 5)
        self.findings("split", "worker-panic-abort")
        self.assertEqual(self.bugs(), before)

    def test_unknown_names_are_one_line(self):
        self.assertIn("no such folder", self.findings("nowhere", code=2))
        self.assertIn("begins so", self.findings("split", "nothing", code=2))
        self.assertIn("begin so", self.findings("merge", "worker-panic", "worker-panic-abort", code=2))
        self.assertIn("is required", self.findings("known", "worker-panic-abort", code=2))
        (self.folder / "findings/overrides.json").write_text("{")
        self.assertIn("overrides.json: ", self.findings(code=2))

    def test_known_rows_are_counted_and_not_kept(self):
        self.findings("known", "worker-panic-id", "--out", "known.txt")
        self.assertIn("already", self.findings("known", "worker-panic-id", "--out", "known.txt", code=2))
        result = self.campaign("others", "--known", "known.txt")
        self.assertRegex(result.stdout, r"(?m)^known +[1-9]")
        self.assertRegex(result.stdout, r"(?m)^  known worker-panic-id-from-different-slab-\w+: [1-9]\d* times$")
        left = [path.name for path in (self.folder / "others").iterdir()]
        self.assertEqual([len(left), sum("different-slab" in name for name in left)], [5, 0])
        [bug] = (self.folder / "findings").glob("worker-panic-id*")
        self.assertEqual(self.run_command("repro", bug).returncode, 1)
        known = self.run_command("repro", bug, "--known", "known.txt")
        self.assertEqual(known.returncode, 0, known)
        self.assertIn("known       worker-panic-id", known.stdout)

    def test_files_of_known_rows_are_told_by_line(self):
        for text, line, what in (
            ("engine v8\n", 1, "begins with"),
            ("known a\nengine iwasm\n", 2, "iwasm"),
            ("# x\n\nknown a\nengine v8\nshows nonsense\n", 5, "no outcome"),
            ("known a\nengine v8\nshows panic\nmessage x\nexpires soon\n", 5, "no day"),
            ("known a\nengine v8\nshows panic\nexpires 2030-01-01\n", 1, "lacks"),
            ("known a\nkind x\n", 2, "begins no line"),
        ):
            with self.subTest(text):
                (self.folder / "bad.txt").write_text(text)
                result = self.campaign("bad", "--known", "bad.txt")
                self.assertEqual(result.returncode, 2)
                self.assertIn(f"bad.txt:{line}: ", result.stderr)
                self.assertIn(what, result.stderr)


if __name__ == "__main__":
    unittest.main()
