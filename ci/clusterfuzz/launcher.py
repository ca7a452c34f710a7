#!/usr/bin/env python3
"""The launcher of a ClusterFuzz job in differential mode: runs an application on a case and compares it with the oracle.

Usage: launcher.py APP [FLAG …] CASE       as ClusterFuzz calls it, where the fuzzer's launcher script is launcher.py
       launcher.py APP [FLAG …]            without a case, the application alone: ClusterFuzz's check of a build

Cases come from run.py in an archive that bundle.py made for the shell `command` or `worker`: that is what APP is. A command
runs one module that it is given as its last argument, and its exit code is the verdict; a worker speaks the protocol of
src/worker/protocol.h. A difference, a crash, a panic or a hang ends as the line `ASSERTION FAILED: slabhound SIGNATURE` and
exit code 1; the signature survives minimization, and names no numbers.
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SIGNATURE = re.compile(r"^signature +(?P<text>.*)$", re.M)


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    case = pathlib.Path(arguments[-1])
    if len(arguments) == 1 or not case.name.startswith("fuzz-"):
        return subprocess.run(arguments, stdin=subprocess.DEVNULL).returncode
    shell = json.loads((HERE / "bundle.json").read_text())["shell"]
    application = shlex.join(arguments[:-1])
    engine = f"command:{application} {{}}" if shell == "command" else f"worker:{application}"
    environment = dict(os.environ, LD_LIBRARY_PATH=str(HERE / "lib"))
    done = subprocess.run([str(HERE / "slabhound"), "repro", str(case), "--engine", engine], env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = done.stdout.decode(errors="replace")
    sys.stdout.write(text)
    found = SIGNATURE.search(text)
    if done.returncode == 1 and found:
        print(f"ASSERTION FAILED: slabhound {found['text']}")
        return 1
    return 0  # what says nothing, as a case that the engine cannot run, is no crash


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
