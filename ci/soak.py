#!/usr/bin/env python3
"""Days of a campaign in compressed time: jobs and workers killed at random, the supervisor too, a disk that fills up, a
binary that is replaced; then everything that the database says is held against what must be.

    ci/soak.py SLABHOUND [--minutes 60] [--modules N] [--other BINARY] [flags of `slabhound campaign`]

It ends when the time is over and so many modules are done. With --other that binary takes the place of the first one in
the middle: the built-in engine's build changes. The folder is a file system in memory, in a name space of its own;
where there are none, the disk is never full. Prints figures, then each thing that is wrong, and ends with 1 if there is one.
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

BLOCK = 64  # campaign/dealer.h
INSIDE = "SLABHOUND_SOAK_INSIDE"
UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]


def descendants(pid):
    """Of a process, with itself."""
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, at = [pid], 0
    while at < len(found):
        found += children.get(found[at], [])
        at += 1
    return found


def resident_bytes(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def lives(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Soak:
    def __init__(self, arguments, flags, folder):
        self.arguments, self.flags = arguments, flags
        self.random = random.Random(1)
        self.out, self.log = folder / "findings", folder / "log"
        self.binary = folder / "slabhound"
        shutil.copy2(arguments.slabhound, self.binary)
        self.wrong, self.resident = [], []
        self.kills = self.restarts = self.full = 0
        self.process = None
        self.modules = 10**9  # so many that there is no end; with a number, cases follow from theirs alone
        self.has_disk = os.environ.get(INSIDE) == "1"
        self.out.mkdir()
        if self.has_disk:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", self.out], check=True)

    def start(self):
        with open(self.log, "ab") as log:
            command = [self.binary, "campaign", "--out", self.out, "--modules", str(self.modules), *self.flags]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)

    def told(self, text):
        return self.log.read_bytes().decode(errors="replace").count(text)

    def done(self):
        return sum(past - first for first, past in self.rows("SELECT first, past FROM done"))

    def rows(self, sql):
        database = sqlite3.connect(f"file:{self.out}/campaign.db?mode=ro", uri=True, timeout=60)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def kill_one(self):
        family = descendants(self.process.pid)[1:]
        if family:
            os.kill(self.random.choice(family), signal.SIGKILL)
            self.kills += 1

    def kill_supervisor(self):
        family = descendants(self.process.pid)
        self.process.kill()
        self.process.wait()
        time.sleep(3)
        orphans = [pid for pid in family if lives(pid)]
        if orphans:
            self.wrong.append(f"processes that outlived their supervisor: {orphans}")
        self.restarts += 1
        self.start()

    def fill_disk(self):
        before = self.told("there is room again")
        with open(self.out / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(1 << 16))
            except OSError:
                pass
        if not self.wait(lambda: self.told("until there is room") > before, 120):
            self.wrong.append("a full disk was not told")
        time.sleep(5)
        (self.out / "filler").unlink()
        if not self.wait(lambda: self.told("there is room again") > before, 120):
            self.wrong.append("it did not go on when there was room again")
        self.full += 1

    @staticmethod
    def wait(condition, seconds):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def replace(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=120)
        shutil.copy2(self.arguments.other, self.binary)
        self.start()

    def run(self):
        seconds = self.arguments.minutes * 60
        share = min(1, seconds / 3600)  # a short one has all of it, closer together
        plan = {"kill_one": 20 * share, "kill_supervisor": 300 * share}
        once = {"fill_disk": [0.3, 0.6] if self.has_disk else [], "replace": [0.5] if self.arguments.other else []}
        self.start()
        started = time.monotonic()
        due = {name: every for name, every in plan.items()}
        next_sample = 0
        while True:
            time.sleep(min(0.2, 0.2 * share + 0.02))
            now = time.monotonic() - started
            if self.process.poll() is not None:
                self.wrong.append(f"the campaign ended by itself, with {self.process.returncode}")
                return
            if now >= next_sample:
                self.resident.append(resident_bytes(self.process.pid))
                next_sample = now + 5 * share
                if now >= seconds and self.done() >= self.arguments.modules:
                    break
            for name, every in plan.items():
                if now >= due[name]:
                    due[name] = now + every
                    getattr(self, name)()
            for name, moments in once.items():
                if moments and now >= moments[0] * seconds:
                    moments.pop(0)
                    getattr(self, name)()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=300)
        # What was under way at the end.
        self.modules = self.rows("SELECT max(past) FROM done")[0][0]
        self.start()
        self.process.wait(timeout=600)

    def check(self):
        ranges = self.rows("SELECT first, past FROM done ORDER BY first")
        overlaps = sum(max(0, a[1] - b[0]) for a, b in zip(ranges, ranges[1:]))
        gaps = sum(max(0, b[0] - a[1]) for a, b in zip(ranges, ranges[1:])) + ranges[0][0]
        cases = self.done()
        counters = dict(self.rows("SELECT name, sum(value) FROM counters WHERE scope = 'cases' GROUP BY name"))
        kept = self.rows("SELECT count(*) FROM findings")[0][0]
        parts = sum(value for name, value in counters.items() if name != "cases")
        if overlaps or gaps:
            self.wrong.append(f"{overlaps} numbers were done twice, {gaps} were left out")
        if not cases == counters["cases"] == parts:
            self.wrong.append(f"{cases} numbers are done, {counters['cases']} cases counted, in parts {parts}")
        found = sum(counters.get(name, 0) for name in ("findings", "killed", "generator crashes"))
        if found != kept:
            self.wrong.append(f"{found} findings are counted, {kept} have a row")
        folders = {path.parent.name for path in self.out.rglob("finding.json")}
        lost = [slug for (slug,) in self.rows("SELECT slug FROM symptoms WHERE EXISTS (SELECT 1 FROM findings WHERE "
                "symptom = symptoms.id)") if slug not in folders]
        if lost:
            self.wrong.append(f"symptoms without a folder: {lost}")
        self.check_sample(ranges[-1][1])
        size = sum(path.stat().st_size for path in self.out.glob("campaign.db*"))
        third = len(self.resident) // 3
        print(f"modules {cases}, findings {kept} in {len(folders)} symptoms, runs {self.restarts + 1}, "
              f"kills {self.kills}, full disks {self.full}")
        print(f"database {size / 1e6:.1f} MB; supervisor at most {max(self.resident) / 1e6:.1f} MB, mean of the first third "
              f"{sum(self.resident[:third]) / max(1, third) / 1e6:.1f} MB, of the last "
              f"{sum(self.resident[-third:]) / max(1, third) / 1e6:.1f} MB")

    def check_sample(self, end):
        """Blocks of numbers, run again in peace: the same ones have findings."""
        blocks = end // BLOCK
        known = {number for (number,) in self.rows("SELECT number FROM findings")}
        with tempfile.TemporaryDirectory() as folder:
            chosen = self.random.sample(range(blocks), min(blocks, self.arguments.sample))
            for block in chosen:
                command = [self.binary, "campaign", "--quiet", "--out", f"{folder}/{block}", "--modules", str(end),
                           "--shard", f"{block}/{blocks + 1}", *self.flags]
                subprocess.run(command, capture_output=True, check=False)
                with sqlite3.connect(f"{folder}/{block}/campaign.db") as database:
                    found = {number for (number,) in database.execute("SELECT number FROM findings")}
                here = {number for number in known if number // BLOCK == block}
                if found != here:
                    self.wrong.append(f"block {block}: findings {sorted(here)}, in peace {sorted(found)}")
        print(f"sample of {len(chosen)} blocks of {BLOCK} numbers run again")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slabhound")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--modules", type=int, default=0)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--other")
    arguments, flags = parser.parse_known_args()
    if os.environ.get(INSIDE) is None:
        inside = "1" if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0 else "0"
        command = [sys.executable, __file__, *sys.argv[1:]]
        sys.exit(subprocess.run([*UNSHARE, *command] if inside == "1" else command, env={**os.environ, INSIDE: inside},
                                check=False).returncode)
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(arguments, flags, pathlib.Path(folder))
        try:
            soak.run()
            soak.check()
        finally:
            if soak.process and soak.process.poll() is None:
                soak.process.kill()
            if soak.has_disk:
                subprocess.run(["umount", "-l", soak.out], check=False)
    for line in soak.wrong:
        print(f"soak: WRONG: {line}")
    if not soak.has_disk:
        print("soak: no name spaces here: the disk was never full")
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
