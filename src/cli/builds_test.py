#!/usr/bin/env python3
"""Bugs of a folder on builds of their engine: an engine whose file changes, and one that the cache's folder points at.

Usage: builds_test.py SLABHOUND SOURCE_DIR
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv.pop(2)).resolve()
SLABHOUND = os.path.abspath(sys.argv.pop(1))
HOSTILE = SOURCE / "src/workers/hostile/hostile_worker.py"
CACHE = pathlib.Path(os.environ.get("SLABHOUND_CACHE") or
                     pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "slabhound")


class Builds(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_command(self, *arguments, code, **environment):
        result = subprocess.run([SLABHOUND, *map(str, arguments)], capture_output=True, text=True, timeout=280,
                                cwd=self.folder, env={**os.environ, **environment})
        self.assertEqual(result.returncode, code, result)
        return result.stdout + result.stderr

    def build_engine(self, how, mark=""):
        """The hostile worker as an engine with a version of its own, which the file's bytes are all that tells apart."""
        text = HOSTILE.read_text().replace('"version":"%d"', '"version":"1.0"').replace("% (os.getpid(), counts)", "% counts")
        (self.folder / "engine.py").write_text(text.replace("import zlib\n", f"import zlib\n\nsys.argv[1:] = [{how!r}]  # {mark}\n"))

    def campaign(self, code):
        engine = f"worker:{sys.executable} {self.folder / 'engine.py'}"
        return self.run_command("campaign", "--engine", engine, "--modules", 1, "--jobs", 1, code=code)

    def test_a_bug_is_tried_on_each_build_once(self):
        self.build_engine("idle-panic")
        self.campaign(1)
        self.assertIn("still there on worker:", self.run_command("findings", code=0))
        self.assertNotIn("tried first", self.campaign(1))
        self.build_engine("idle-panic", "another build")
        told = self.campaign(1)
        self.assertIn("a kept bug is tried first: the build is new to it", told)
        self.assertIn("still there on worker:", told)
        self.assertNotIn("tried first", self.campaign(1))
        # The same bytes in another place, at another time, are the same build.
        shutil.copy(self.folder / "engine.py", self.folder / "copy.py")
        os.replace(self.folder / "copy.py", self.folder / "engine.py")
        self.assertNotIn("tried first", self.campaign(1))

    def test_what_a_person_marked_fixed_comes_back(self):
        self.build_engine("idle-panic")
        self.campaign(1)
        self.run_command("findings", "fixed", "worker-panic", code=0)
        self.build_engine("idle-panic", "another build")
        told = self.campaign(1)
        self.assertIn("came back on worker:", told)
        self.assertIn("it was fixed, and came back", told)
        self.assertIn("CAME BACK, memory corruption", told)
        self.assertIn("CAME BACK: it was fixed", self.run_command("findings", code=0))

    def test_an_engine_that_cannot_run_it_says_nothing(self):
        self.build_engine("idle-panic")
        self.campaign(1)
        self.build_engine("idle-fine", "another build")
        engine = f"worker:{sys.executable} {self.folder / 'engine.py'}"
        told = self.run_command("findings", "retry", "--engine", engine, code=0)
        self.assertIn("not tried on worker:", told)
        self.assertIn("1 bugs tried, 0 came back", told)
        self.assertNotIn("fixed on", self.run_command("findings", code=0))

    def test_a_folder_of_the_cache_that_points_at_another_release(self):
        releases = {each.name: each for each in CACHE.glob("engines-*/wasmtime@*")}
        old, new = releases.get("wasmtime@31.0.0"), releases.get("wasmtime@50.0.1")
        if old is None or new is None:
            self.skipTest("not installed. scripts/engines.sh wasmtime@31.0.0 wasmtime@50.0.1")
        moving = self.folder / "cache" / old.parent.name / "wasmtime@31.0.0"
        moving.parent.mkdir(parents=True)
        moving.symlink_to(old)
        arguments = ("campaign", "--engine", "wasmtime@31.0.0:collections=4", "--modules", 40, "--seed", 9001, "--jobs", 1)
        cache = str(self.folder / "cache")
        self.run_command(*arguments, code=1, SLABHOUND_CACHE=cache)
        moving.unlink()
        moving.symlink_to(new)
        told = self.run_command(*arguments, code=1, SLABHOUND_CACHE=cache)
        self.assertRegex(told, r"fixed on wasmtime 50\.0\.1 [0-9a-f]{12} \(0 of 2\)")
        self.assertNotIn("came back", told)
        moving.unlink()
        moving.symlink_to(old)
        self.assertNotIn("tried first", self.run_command(*arguments, code=1, SLABHOUND_CACHE=cache))
        by_hand = self.run_command("findings", "retry", "--engine", "wasmtime@31.0.0", code=0, SLABHOUND_CACHE=cache)
        self.assertRegex(by_hand, r"still there on wasmtime 31\.0\.0 [0-9a-f]{12}")


if __name__ == "__main__":
    unittest.main()
