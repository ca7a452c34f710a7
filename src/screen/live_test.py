#!/usr/bin/env python3
"""The live screen of a campaign on a pseudo terminal: it is drawn, follows the window, and leaves the terminal as it was.

Usage: live_test.py SLABHOUND
"""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

SLABHOUND = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "slabhound"
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")
TIMEOUT = 60


def screen_of(text, height):
    """The lines of the last whole frame, as a terminal of that height would have them."""
    begin = text.rfind("\x1b[H", 0, text.rfind("\x1b[?2026l"))
    frame = text[begin:text.rfind("\x1b[?2026l")]
    lines = re.split("\r*\n", SEQUENCE.sub("", frame))
    assert len(lines) <= height, f"{len(lines)} lines on {height}"
    return lines


class Campaign:
    """One that runs on a terminal of its own, below a leader of its session, as below a shell."""

    def __init__(self, folder, *flags, size=(24, 80), **environment):
        self.shown, self.size = "", size
        reader, writer = os.pipe()
        self.leader, self.terminal = pty.fork()
        if self.leader == 0:
            fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            pid = os.fork()
            if pid == 0:
                os.environ.pop("NO_COLOR", None)
                os.environ.update({"TERM": "xterm-256color", **environment})
                os.execv(SLABHOUND, [SLABHOUND, "campaign", "--out", str(folder), "--jobs", "2", "--engine", "oracle",
                                     "--engine", "slab", *flags])
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
                signal.signal(number, signal.SIG_IGN)
            os.write(writer, b"%d\n" % pid)
            os.write(writer, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            time.sleep(0.3)  # a shell lives on too
            os._exit(0)
        os.close(writer)
        self.told = os.fdopen(reader)
        self.pid = int(self.told.readline())

    def state(self):
        return pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]

    def resize(self, height, width):
        self.size = (height, width)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self):
        """False at the end of the terminal."""
        try:
            if not select.select([self.terminal], [], [], 0.2)[0]:
                return True
            data = os.read(self.terminal, 1 << 16)
        except OSError:
            return False
        self.shown += data.decode()
        return bool(data)

    def wait_for(self, condition):
        end = time.monotonic() + TIMEOUT
        while not condition(self.shown):
            if not self.read() or time.monotonic() > end:
                raise AssertionError(f"it did not come: {self.shown[-3000:]!r}")

    def finish(self):
        end = time.monotonic() + TIMEOUT
        while self.read() and time.monotonic() < end:
            pass
        os.close(self.terminal)
        os.waitpid(self.leader, 0)
        with self.told:
            return int(self.told.readline())

    def lines(self):
        return screen_of(self.shown, self.size[0])


class Live(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "findings"

    def start(self, *flags, **options):
        campaign = Campaign(self.folder, *flags, **options)
        campaign.wait_for(lambda shown: "?2026l" in shown)
        return campaign

    def assert_restored(self, campaign):
        self.assertEqual(campaign.shown.count(ENTER), campaign.shown.count(LEAVE))
        self.assertGreater(campaign.shown.rfind(LEAVE), campaign.shown.rfind(ENTER))
        self.assertGreater(campaign.shown.rfind("\x1b[?25h"), campaign.shown.rfind("\x1b[?25l"))

    def test_shows_and_leaves(self):
        campaign = self.start("--modules", "300")
        self.assertEqual(campaign.finish(), 0)
        self.assert_restored(campaign)
        lines = campaign.lines()
        self.assertIn("slabhound campaign", lines[0])
        for word in ("modules", "rate", "agree", "poisoned", "-- bugs", "-- engines", "-- jobs"):
            self.assertTrue(any(word in line for line in lines), word)
        after = campaign.shown[campaign.shown.rfind(LEAVE):]
        self.assertRegex(after, r"next: give it more time: nothing found in 300 modules")
        self.assertRegex(after, r"modules +300 ")

    def test_follows_the_window(self):
        campaign = self.start("--time", "60s")
        for height, width in ((12, 44), (50, 132), (5, 20), (24, 80)):
            campaign.resize(height, width)
            campaign.shown = campaign.shown[-1:]
            campaign.wait_for(lambda shown: shown.count("?2026l") >= 3)
            lines = campaign.lines()
            self.assertLess(max(map(len, lines)), width, lines)
            self.assertGreater(max(map(len, lines)), width // 2)
        os.kill(campaign.pid, signal.SIGTERM)
        campaign.finish()

    def test_ends_by_ctrl_c(self):
        campaign = self.start("--time", "60s")
        os.write(campaign.terminal, b"\x03")
        self.assertEqual(campaign.finish(), 0)
        self.assert_restored(campaign)
        self.assertIn("interrupted", campaign.shown)

    def test_ends_by_ctrl_c_twice_and_by_kills(self):
        for number, status in ((None, 130), (signal.SIGKILL, -9), (signal.SIGSEGV, -11), (signal.SIGQUIT, -3)):
            campaign = self.start("--time", "60s")
            if number is None:
                os.write(campaign.terminal, b"\x03")
                time.sleep(0.05)
                with contextlib.suppress(ProcessLookupError):  # it may have ended by the first
                    os.kill(campaign.pid, signal.SIGINT)
            else:
                os.kill(campaign.pid, number)
            self.assertIn(campaign.finish(), (130, 0, -2) if number is None else (status,))
            self.assert_restored(campaign)

    def test_stops_and_goes_on(self):
        campaign = self.start("--time", "60s")
        os.write(campaign.terminal, b"\x1a")
        campaign.wait_for(lambda shown: LEAVE in shown)
        while campaign.state() != "T":
            time.sleep(0.01)
        os.killpg(campaign.leader, signal.SIGCONT)
        campaign.wait_for(lambda shown: shown.rfind(ENTER) > shown.rfind(LEAVE))
        os.kill(campaign.pid, signal.SIGTERM)
        campaign.finish()
        self.assert_restored(campaign)

    def test_colours(self):
        colour = re.compile(r"\x1b\[[0-9;]*3[0-9]m")
        for environment, wanted in (({}, True), ({"NO_COLOR": "1"}, False)):
            campaign = self.start("--modules", "100", "--fresh", **environment)
            campaign.finish()
            self.assertEqual(bool(colour.search(campaign.shown)), wanted)

    def test_plain_lines_elsewhere(self):
        campaign = Campaign(self.folder, "--modules", "100", TERM="dumb")
        campaign.finish()
        self.assertNotIn("\x1b", campaign.shown)
        quiet = Campaign(self.folder, "--modules", "100", "--quiet")
        quiet.finish()
        self.assertTrue(quiet.shown.startswith("next: "), quiet.shown)
        piped = subprocess.run([SLABHOUND, "campaign", "--modules", "50", "--out", str(self.folder), "--engine", "slab"],
                               capture_output=True, text=True, timeout=TIMEOUT)
        self.assertNotIn("\x1b", piped.stdout + piped.stderr)

    def test_files_and_command(self):
        """--log, --stats and --on-finding, of an engine that crashes on every case."""
        hostile = pathlib.Path(__file__).resolve().parent.parent / "workers" / "hostile" / "hostile_worker.py"
        folder = self.folder.parent
        done = subprocess.run(
            [SLABHOUND, "campaign", "--modules", "6", "--out", "found here", "--engine",
             f"worker:{sys.executable} {hostile} idle-abort", "--log", "log", "--stats", "stats", "--on-finding",
             "cat >> told; exit 3", "--memory-max", "8G", "--disk-max", "1G", "--age-max", "30d", "--quiet"],
            capture_output=True, text=True, timeout=TIMEOUT, cwd=folder)
        self.assertEqual(done.returncode, 1, done.stderr)
        told = [json.loads(line) for line in (folder / "told").read_text().splitlines()]
        self.assertEqual(len({message["bug"] for message in told}), len(told))
        self.assertGreaterEqual(len(told), 1)
        self.assertIn(told[0]["kind"], ("finding", "minimized"))
        self.assertTrue((folder / told[0]["folder"] / "finding.json").exists(), told[0])
        self.assertEqual(told[0]["campaign"], {"out": "found here", "seed": 1})
        # What the command said when it failed is told once.
        self.assertEqual(done.stderr.count("--on-finding"), 1, done.stderr)
        self.assertIn("exit code 3", done.stderr)
        log = (folder / "log").read_text().splitlines()
        self.assertRegex(log[0], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ slabhound: ")
        stats = [json.loads(line) for line in (folder / "stats").read_text().splitlines()]
        self.assertEqual([line["end"] for line in stats], [False] * (len(stats) - 1) + [True])
        self.assertEqual((stats[-1]["modules"], stats[-1]["bugs"]), (6, len(told)))
        self.assertTrue(done.stdout.startswith("next: slabhound repro 'found here/"), done.stdout)

    def test_wrong_amounts_are_one_line(self):
        for flag, value in (("--memory-max", "4X"), ("--disk-max", "0"), ("--age-max", "30w"), ("--log-size", "1.5M"),
                            ("--log", "/nowhere/log")):
            done = subprocess.run([SLABHOUND, "campaign", "--modules", "1", "--out", str(self.folder), flag, value],
                                  capture_output=True, text=True, timeout=TIMEOUT)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
            self.assertIn(value, done.stderr)


if __name__ == "__main__":
    unittest.main()
