#!/usr/bin/env python3
"""Campaigns that are ended and go on: `slabhound campaign` on one folder, as people and machines end it.

    resume_test.py SLABHOUND
"""

import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

SLABHOUND = sys.argv.pop(1)


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.out = self.folder / "findings"

    def command(self, *flags):
        return [SLABHOUND, "campaign", "--out", str(self.out), "--jobs", "2", *flags]

    def campaign(self, *flags, code=0):
        ended = subprocess.run(self.command(*flags), capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return ended.stdout + ended.stderr

    def done(self, out=None):
        with sqlite3.connect((out or self.out) / "campaign.db") as database:
            return sum(past - first for first, past in database.execute("SELECT first, past FROM done"))


class Campaigns(InFolder):
    def test_a_campaign_goes_on_where_it_ended(self):
        self.campaign("--modules", "100")
        text = self.campaign("--modules", "250")
        self.assertIn("goes on with seed 1: 100 modules are done, in 1 earlier run", text)
        self.assertIn("150 modules in this run, 100 in earlier ones", text)
        self.assertRegex(text, r"modules +250 ")
        self.assertEqual(self.done(), 250)
        text = self.campaign("--modules", "250")
        self.assertIn("all 250 modules of seed 1 are done", text)
        # Another seed has numbers of its own.
        self.assertNotIn("goes on", self.campaign("--modules", "64", "--seed", "2"))

    def test_fresh_starts_anew_beside_it(self):
        self.campaign("--modules", "64")
        self.campaign("--modules", "64", "--fresh")
        self.assertEqual(self.done(), 64)
        self.assertEqual(self.done(self.folder / "findings-2"), 64)
        self.campaign("--modules", "64", "--fresh")
        self.assertEqual(self.done(self.folder / "findings-3"), 64)

    def test_a_second_campaign_is_refused(self):
        with subprocess.Popen(self.command("--time", "60s"), stderr=subprocess.PIPE, text=True) as first:
            try:
                while not (self.out / "campaign.lock").exists():
                    time.sleep(0.05)
                time.sleep(0.5)
                text = self.campaign("--time", "1s", code=2)
                self.assertEqual(text.count("\n"), 1, text)
                self.assertIn(f"process {first.pid} runs a campaign here", text)
            finally:
                first.send_signal(signal.SIGINT)
                first.communicate(timeout=60)
        self.assertEqual(first.returncode, 0)

    def test_what_is_no_database_is_told_in_one_line(self):
        self.out.mkdir()
        (self.out / "campaign.db").write_bytes(b"x" * 5000)
        text = self.campaign("--modules", "10", code=2)
        self.assertEqual(text.count("\n"), 1, text)
        self.assertIn("campaign.db", text)


class FullDisk(InFolder):
    """The folder is a file system of a few megabytes, in a name space of its own."""

    INSIDE = "SLABHOUND_TEST_INSIDE"

    def setUp(self):
        super().setUp()
        self.out.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", self.out], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.out], check=False)

    def fill(self):
        with open(self.out / "filler", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def test_a_campaign_pauses_and_goes_on(self):
        # What it says goes to a file: a pipe that nobody reads would make it wait.
        told = self.folder / "told"
        with open(told, "w", encoding="utf-8") as log, subprocess.Popen(
            self.command("--modules", "3000"), stdout=log, stderr=log
        ) as campaign:
            for _ in range(2):
                time.sleep(0.6)
                before = told.read_text().count("until there is room")
                self.fill()
                self.wait_for(told, "until there is room", before + 1)
                self.assertIsNone(campaign.poll())
                (self.out / "filler").unlink()
                self.wait_for(told, "there is room again", before + 1)
            self.assertEqual(campaign.wait(timeout=120), 0, told.read_text())
        text = told.read_text()
        self.assertRegex(text, r"modules +3000 ")
        self.assertEqual(self.done(), 3000)
        self.assertEqual(len(re.findall("pauses until", text)), text.count("there is room again"), text)

    def test_ctrl_c_ends_the_pause(self):
        with subprocess.Popen(self.command("--time", "60s"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as campaign:
            time.sleep(1)
            self.fill()
            time.sleep(2)
            campaign.send_signal(signal.SIGINT)
            summary, text = campaign.communicate(timeout=60)
        self.assertEqual(campaign.returncode, 2, text)
        self.assertIn("the campaign ended early", text)
        self.assertRegex(summary, r"modules +[1-9]")

    def wait_for(self, file, text, count):
        deadline = time.monotonic() + 60
        while file.read_text().count(text) < count:
            self.assertLess(time.monotonic(), deadline, file.read_text())
            time.sleep(0.1)


if __name__ == "__main__":
    if os.environ.get(FullDisk.INSIDE):
        unittest.main()
    UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0:
        ENVIRONMENT = {**os.environ, FullDisk.INSIDE: "1"}
        sys.exit(subprocess.run([*UNSHARE, sys.executable, __file__, SLABHOUND], env=ENVIRONMENT, check=False).returncode)
    print("resume: SKIPPED FullDisk: no name spaces here", file=sys.stderr)
    unittest.main(defaultTest="Campaigns")
