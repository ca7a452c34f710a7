#!/usr/bin/env python3
"""Tests of ci/oss_fuzz/check.py: it accepts a good target and refuses bad ones; and of the project's files."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOOD = """
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  %s
  return size > 3 && data[0] == 'x' && data[1] == 'y' && data[2] > data[3] ? printf("") : 0;
}
"""
# Keys of project.yaml that OSS-Fuzz knows; any other fails its presubmit.
KEYS = {"homepage", "language", "primary_contact", "auto_ccs", "main_repo", "sanitizers", "fuzzing_engines", "architectures",
        "builds_per_day", "help_url", "coverage_extra_args", "file_github_issue", "base_os_version"}


@unittest.skipUnless(shutil.which("clang++-19"), "no clang++-19")
class CheckTest(unittest.TestCase):
    def check(self, sanitizers, body="", sanitizer="address"):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            out.mkdir()
            (out / "data").write_text("here")
            source = pathlib.Path(folder) / "target.cc"
            source.write_text(GOOD % body.replace("OUT", str(out)))
            subprocess.run(["clang++-19", "-O1", f"-fsanitize={sanitizers}", source, "-static-libstdc++", "-o", out / "target"],
                           check=True)
            done = subprocess.run([HERE / "check.py", out, "--quick"], stdout=subprocess.PIPE, text=True,
                                  env=dict(os.environ, SANITIZER=sanitizer, FUZZING_ENGINE="libfuzzer"))
            self.assertTrue((out / "target").exists(), "it is back where it was")
            return done.returncode, done.stdout

    def assert_refused(self, words, *arguments, **options):
        status, output = self.check(*arguments, **options)
        self.assertEqual(status, 1, output)
        self.assertIn("BAD BUILD: target: " + words, output)

    def test_a_good_target_is_accepted(self):
        for sanitizer in ("address", "undefined"):
            status, output = self.check(f"fuzzer,{sanitizer}", sanitizer=sanitizer)
            self.assertEqual(status, 0, output)

    def test_no_sanitizer_is_refused(self):
        self.assert_refused("it is not built with the sanitizer address", "fuzzer")

    def test_an_exit_is_refused(self):
        self.assert_refused("it crashes at its start, or exits", "fuzzer,address", "exit(0);")

    def test_two_sanitizers_are_refused(self):
        # A target of no size has fewer calls of UBSan than an ASan build may have.
        much = "int much = size; if (size > 1000) { %s printf(\"%%d\", much); }" % ("much = much * 7 / (much - 3) << much;" * 30)
        self.assert_refused("it is built with another sanitizer, too", "fuzzer,address,undefined", much)

    def test_a_path_that_is_written_into_it_is_refused(self):
        self.assert_refused("it crashes at its start, or exits", "fuzzer,address",
                            'if (FILE* file = fopen("OUT/data", "r")) fclose(file); else abort();')


class ProjectTest(unittest.TestCase):
    def test_project_files_have_the_keys_that_oss_fuzz_knows(self):
        for path in (HERE / "project.yaml", ROOT / ".clusterfuzzlite" / "project.yaml"):
            keys = re.findall(r"^(\w+):", path.read_text(), re.M)
            self.assertLessEqual({"language"}, set(keys))
            self.assertEqual(set(keys) - KEYS, set())
        self.assertIn("main_repo:", (HERE / "project.yaml").read_text())

    def test_the_targets_exist(self):
        targets = re.search(r"^targets=\((.*)\)$", (HERE / "build.sh").read_text(), re.M)[1].split()
        for target in targets:
            self.assertTrue((ROOT / "fuzz" / f"{target}.cc").is_file())
            self.assertTrue(list((ROOT / "corpus" / "fuzz" / target).iterdir()))

    def test_both_projects_run_one_script(self):
        self.assertIn("ci/oss_fuzz/build.sh", (ROOT / ".clusterfuzzlite" / "build.sh").read_text())
        for path in (HERE / "Dockerfile", ROOT / ".clusterfuzzlite" / "Dockerfile"):
            self.assertIn("scripts/setup.sh oss_fuzz", path.read_text())


if __name__ == "__main__":
    sys.exit(unittest.main())
