#!/usr/bin/env python3
"""The service file and the container image, as far as they can be tried without systemd and Docker at work: systemd reads
the one, and what the other copies runs by itself.

Usage: deploy_test.py SLABHOUND ROOT
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SLABHOUND, ROOT = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2)) if len(sys.argv) > 2 else (None, None)
ENGINE = "wasmtime@50.0.1"


class Deploy(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_service(self):
        text = (ROOT / "scripts/slabhound.service").read_text()
        command = re.search(r"^ExecStart=(.*)$", text, re.M).group(1).split()
        self.assertEqual(command[0], "/usr/local/bin/slabhound")
        # Its flags are flags.
        flags = subprocess.run([SLABHOUND, "campaign", "--help"], capture_output=True, text=True, check=True).stdout
        for word in command[1:]:
            if word.startswith("--"):
                self.assertIn(word, flags)
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd-analyze here")
        unit = self.folder / "slabhound.service"
        unit.write_text(text.replace("/usr/local/bin/slabhound", str(SLABHOUND)))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)

    def test_dockerfile(self):
        text = (ROOT / "ci/container/Dockerfile").read_text()
        self.assertEqual(text.count("FROM debian:12-slim"), 2)
        for word in ("USER slabhound", "VOLUME /findings", "HEALTHCHECK"):
            self.assertIn(word, text)
        for script in re.findall(r"(?:scripts|ci)/[\w/]+\.sh", text):
            self.assertTrue(os.access(ROOT / script, os.X_OK), script)
        command = json.loads(re.search(r"^CMD (\[.*\])", text.replace("\\\n", ""), re.M).group(1))
        self.assertIn(ENGINE, command)
        flags = subprocess.run([SLABHOUND, "campaign", "--help"], capture_output=True, text=True, check=True).stdout
        for word in command:
            if word.startswith("--"):
                self.assertIn(word, flags)

    def test_what_is_copied_runs(self):
        where = subprocess.run([ROOT / "scripts/engines.sh", "--folder", ENGINE], capture_output=True, text=True, check=True)
        if not os.access(pathlib.Path(where.stdout.strip()) / "worker", os.X_OK):
            self.skipTest(f"{ENGINE} is not installed")
        subprocess.run([ROOT / "ci/container/collect.sh", SLABHOUND.parent, self.folder, ENGINE], check=True)
        packages = (self.folder / "usr/local/share/slabhound/packages").read_text().split()
        self.assertIn("libc6", packages)
        self.assertIn("libfmt9", packages)
        copied = str(self.folder) + where.stdout.strip()
        self.assertTrue(os.access(copied + "/worker", os.X_OK))
        campaign = [self.folder / "usr/local/bin/slabhound", "campaign", "--out", self.folder / "findings", "--engine", ENGINE,
                    "--modules", "5", "--quiet"]
        done = subprocess.run(campaign, capture_output=True, text=True, timeout=200)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertRegex(done.stdout, r"modules +5 ")


if __name__ == "__main__":
    unittest.main()
