#!/usr/bin/env python3
"""The commands of the example workflows, run as a CI would, in the repository of an engine that is a stub: what comes from
the network (clone, packages, the build of Slabhound) is a stub too, Slabhound itself is not.

Usage: examples_test.py SLABHOUND SOURCE_DIR
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

SOURCE = pathlib.Path(sys.argv.pop(2)).resolve()
SLABHOUND = os.path.abspath(sys.argv.pop(1))
EXAMPLES = SOURCE / "ci/examples"
HOSTILE = f"worker:{sys.executable} {SOURCE / 'src/workers/hostile/hostile_worker.py'} "
ARTIFACTS = ("summary.json", "junit.xml", "slabhound.sarif", "campaign.log", "findings")


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/bash\nset -euo pipefail\n" + text)
    path.chmod(0o755)


class Repository:
    """Of an engine, with what an example expects of it."""

    def __init__(self, test):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "engine"
        self.stubs = pathlib.Path(folder.name) / "stubs"
        write_program(self.root / "ci/build-worker.sh", "true\n")
        regressions = self.root / "tests/slabhound/regressions"
        regressions.mkdir(parents=True)
        (regressions / "one.wast").write_text(
            '(module (func (export "one") (result i32) (i32.const 1)))\n(assert_return (invoke "one") (i32.const 1))\n')
        (self.root / "tests/slabhound/known.txt").write_text("# none yet\n")
        write_program(self.stubs / "apt-get", "true\n")
        write_program(self.stubs / "git", f'[[ $1 == clone ]]\n"{self.stubs}/checkout" "${{@: -1}}"\n')
        write_program(self.stubs / "checkout", f"""
            mkdir -p "$1/scripts" "$1/build/release"
            ln -s "{self.stubs}/build" "$1/scripts/build.sh"
            ln -s "{SLABHOUND}" "$1/build/release/slabhound"
            """)
        write_program(self.stubs / "build", '[[ $* == "release slabhound" ]]\n')

    def run(self, command, variables):
        environment = {**os.environ, **variables, "PATH": f"{self.stubs}:{os.environ['PATH']}"}
        return subprocess.run(["bash", "-eo", "pipefail", "-c", command], cwd=self.root, env=environment,
                              capture_output=True, text=True, timeout=280)

    def run_all(self, commands, variables, ours):
        """The last one's result; all others must succeed."""
        *before, last = commands
        texts = {name: str(value).replace("$CI_PROJECT_DIR", str(self.root)) for name, value in variables.items()}
        texts.pop("SLABHOUND_CACHE", None)
        for command in before:
            result = self.run(command, {**texts, **ours})
            assert result.returncode == 0, (command, result)
        return self.run(last, {**texts, **ours})


class Examples(unittest.TestCase):
    def check(self, run):
        """run(repository, variables) gives the result of the check, in all its outcomes."""
        for engine, code in (("slab", 0), (HOSTILE + "idle-panic", 1), ("worker:build/missing", 2)):
            with self.subTest(engine):
                repository = Repository(self)
                result = run(repository, {"ENGINE": engine, "MODULES": "4"})
                self.assertEqual(result.returncode, code, result)
                if code == 2:
                    continue
                for name in ARTIFACTS:
                    self.assertTrue((repository.root / "slabhound-check" / name).exists(), name)

    def test_github(self):
        workflow = yaml.safe_load((EXAMPLES / "github.yml").read_text())
        [job] = workflow["jobs"].values()
        steps = job["steps"]
        checkouts = [step["with"]["path"] for step in steps if "checkout" in step.get("uses", "") and "with" in step]
        self.assertEqual(checkouts, ["slabhound"])
        commands = [step["run"] for step in steps if "run" in step]
        self.check(lambda repository, ours: repository.run_all(["checkout slabhound", *commands], workflow["env"], ours))
        kept = [value for step in steps for name, value in step.get("with", {}).items()
                if "uses" in step and step.get("if") == "always()" and name in ("path", "sarif_file")]
        self.assertEqual(kept, ["slabhound-check/slabhound.sarif", "slabhound-check"])

    def test_gitlab(self):
        [job] = yaml.safe_load((EXAMPLES / "gitlab.yml").read_text()).values()
        commands = job["before_script"] + job["script"]
        self.check(lambda repository, ours: repository.run_all(commands, job["variables"], ours))
        self.assertEqual(job["artifacts"]["when"], "always")
        self.assertEqual(job["artifacts"]["paths"], ["slabhound-check"])
        self.assertEqual(job["artifacts"]["reports"]["junit"], "slabhound-check/junit.xml")


if __name__ == "__main__":
    unittest.main()
