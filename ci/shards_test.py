#!/usr/bin/env python3
"""Tests of scripts/slurm.sh and scripts/kubernetes.yaml without a cluster: N processes with the variables that it would set.

Usage: ci/shards_test.py [--slabhound PROGRAM] [unittest's flags]

Without PROGRAM a stub stands in for the command, and says what it was called with; with it, small shards are run and merged.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFEST = (ROOT / "scripts" / "kubernetes.yaml").read_text()
SHARDS = 4
FLAGS = argparse.Namespace()
# Writes down its arguments, and ends as the variable END says, or when it is told to.
STUB = """#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
trap 'exit 0' TERM
[ "$END" != wait ] || while :; do sleep 0.05; done
exit "$END"
"""


def kubernetes_script():
    """What the pod's shell runs."""
    block = re.search(r"^( +)- \|\n((?:\1 .*\n|\n)+)", MANIFEST, re.M)
    return textwrap.dedent(block[2])


class ShardsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.calls = self.folder / "calls"
        program = self.folder / "slabhound"
        if FLAGS.slabhound:
            program.symlink_to(FLAGS.slabhound.resolve())
        else:
            program.write_text(STUB)
            program.chmod(0o755)
        self.environment = dict(os.environ, PATH=f"{self.folder}:{os.environ['PATH']}", CALLS=str(self.calls), END="0",
                                SLABHOUND=str(program), SLURM_SUBMIT_DIR=str(self.folder), SHARDS=str(SHARDS))

    def start(self, command, environment):
        with open(self.folder / "errors", "w") as errors:
            return subprocess.Popen(command, env=environment, cwd=self.folder, stdout=errors, stderr=errors)

    def errors(self):
        return (self.folder / "errors").read_text()

    def slurm(self, task, *flags, **variables):
        environment = {**self.environment, "SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_MIN": "0",
                       "SLURM_ARRAY_TASK_MAX": str(SHARDS - 1), "SLURM_ARRAY_TASK_COUNT": str(SHARDS),
                       "SLURM_CPUS_PER_TASK": "1", **variables}
        return self.start([ROOT / "scripts" / "slurm.sh", "findings", *flags], environment)

    def kubernetes(self, index, *flags, **variables):
        script = kubernetes_script().replace("/findings", str(self.folder / "findings"))
        if flags:  # a shorter campaign than that of a day
            script = script.replace("--time 24h", " ".join(flags))
        return self.start(["/bin/sh", "-c", script], {**self.environment, "JOB_COMPLETION_INDEX": str(index), **variables})

    def starts(self):
        return {"slurm": self.slurm, "kubernetes": self.kubernetes}

    def calls_of(self, count):
        """The calls, once there are as many."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            calls = self.calls.read_text().splitlines() if self.calls.exists() else []
            if len(calls) == count:
                return calls
            time.sleep(0.02)
        self.fail(f"not {count} calls: {calls}")


class StubTest(ShardsTest):
    def setUp(self):
        if FLAGS.slabhound:
            self.skipTest("it is about the stub")
        super().setUp()

    def test_every_task_runs_another_shard_into_its_own_folder(self):
        for name, start in self.starts().items():
            self.calls.unlink(missing_ok=True)
            processes = [start(task) for task in range(SHARDS)]
            self.assertEqual([process.wait() for process in processes], [0] * SHARDS)
            calls = [call.split() for call in self.calls_of(SHARDS)]
            self.assertTrue(all(call[0] == "campaign" for call in calls), name)
            values = [dict(zip(call, call[1:])) for call in calls]
            self.assertEqual({each["--shard"] for each in values}, {f"{task}/{SHARDS}" for task in range(SHARDS)})
            for each in values:
                self.assertTrue(each["--out"].endswith("findings/shard-" + each["--shard"].split("/")[0]))

    def test_findings_are_no_failure_and_wrong_flags_are(self):
        for start in self.starts().values():
            for end, expected in (("0", 0), ("1", 0), ("3", 0), ("2", 2), ("134", 134)):
                self.assertEqual(start(0, END=end).wait(), expected)

    def test_a_task_that_is_told_to_end_ends_its_campaign(self):
        for name, start in self.starts().items():
            self.calls.unlink(missing_ok=True)
            process = start(0, END="wait")
            self.calls_of(1)
            process.send_signal(signal.SIGTERM)
            # A pod that was told to go is not done with its index; a task whose time is over is.
            self.assertEqual(process.wait(timeout=20), {"slurm": 0, "kubernetes": 143}[name])

    def test_flags_go_on_to_the_campaign(self):
        self.assertEqual(self.slurm(2, "--engine", "v8", "--seed", "7").wait(), 0)
        self.assertTrue(self.calls_of(1)[0].endswith(" --jobs 1 --engine v8 --seed 7"))

    def test_an_array_with_gaps_is_refused_unless_it_is_said_how_many_shards_there_are(self):
        for variables in ({"SLURM_ARRAY_TASK_MIN": "1"}, {"SLURM_ARRAY_TASK_MAX": "9"}):
            self.assertEqual(self.slurm(2, **variables).wait(), 2)
            self.assertIn("SLABHOUND_SHARDS", self.errors())
        again = self.slurm(2, SLURM_ARRAY_TASK_MIN="2", SLURM_ARRAY_TASK_MAX="2", SLURM_ARRAY_TASK_COUNT="1",
                           SLABHOUND_SHARDS="64")
        self.assertEqual(again.wait(), 0)
        self.assertIn("--shard 2/64 ", self.calls_of(1)[0])

    def test_the_numbers_in_the_manifest_agree(self):
        numbers = [re.search(pattern, MANIFEST)[1] for pattern in
                   (r"\n  completions: (\d+)\n", r"\n  parallelism: (\d+)\n", r'name: SHARDS\n +value: "(\d+)"')]
        self.assertEqual(len(set(numbers)), 1, numbers)
        self.assertIn("\n  completionMode: Indexed\n", MANIFEST)


class RealTest(ShardsTest):
    def setUp(self):
        if not FLAGS.slabhound:
            self.skipTest("no --slabhound")
        super().setUp()
        for command, word in (("campaign", "--shard"), ("merge", "--out")):
            done = subprocess.run([FLAGS.slabhound, command, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if word not in done.stdout:
                self.skipTest(f"this command has no `{command} {word}`")

    def test_shards_are_run_and_merged(self):
        for name, start in self.starts().items():
            flags = ["--modules", str(64 * SHARDS)]  # of all together; a shard gets blocks of 64
            processes = [start(task, *flags) for task in range(SHARDS)]
            for process in processes:
                self.assertEqual(process.wait(), 0, self.errors())
            shards = sorted((self.folder / "findings").glob("shard-*"))
            self.assertEqual(len(shards), SHARDS)
            done = subprocess.run([FLAGS.slabhound, "merge", "--out", self.folder / f"all-{name}", *shards],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn(f" {64 * SHARDS} modules", done.stdout)
            print(f"shards_test: {name}: {done.stdout.strip().splitlines()[-1:]}")
            (self.folder / "findings").rename(self.folder / f"findings-{name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slabhound", type=pathlib.Path)
    _, rest = parser.parse_known_args(namespace=FLAGS)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
