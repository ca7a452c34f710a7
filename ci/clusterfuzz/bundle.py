#!/usr/bin/env python3
"""Makes the archive of a ClusterFuzz blackbox fuzzer: run.py, launcher.py, the command, and the libraries that it needs.

Usage: ci/clusterfuzz/bundle.py --slabhound build/release/slabhound --shell SHELL --out FILE.tar.gz [--no-exceptions]
       SHELL: d8, jsc, wasmtime, command or worker; what it means stands in the head of run.py
       --no-exceptions    for engines without them, as Wasmtime before 43: cases that have none

Upload it as a fuzzer whose executable is run.py; `command` and `worker` have launcher.py as launcher script. In the job:
APP_NAME the shell, TEST_TIMEOUT 10 (30 with a launcher), and asan, or the like, in the job's name. The libraries are all that
the command is linked with but those of the C library: ClusterFuzz's machine must have one that is no older than this one's.
A shell without JavaScript says no more than that it trapped, which makes one bucket of everything: where that matters take
`command` with the launcher, which names what differs.
"""

import argparse
import io
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SHELLS = ["d8", "jsc", "wasmtime", "command", "worker"]
C_LIBRARY = re.compile(r"^(ld-linux|lib(c|m|dl|rt|pthread|resolv|util)\.so)")
LIBRARY = re.compile(r"^\s*(?P<name>\S+) => (?P<path>\S+)", re.M)
ARCHIVE_BYTES_MAX = 16 << 20  # beyond that ClusterFuzz does not look for run.py by itself


def libraries(program):
    """[(name, path)] of what is not the C library's."""
    listing = subprocess.run(["ldd", str(program)], stdout=subprocess.PIPE, text=True, check=True).stdout
    if missing := re.findall(r"^\s*(\S+) => not found", listing, re.M):
        raise SystemExit(f"bundle: {program} needs {missing[0]}, which is not installed")
    return [(match["name"], match["path"]) for match in LIBRARY.finditer(listing) if not C_LIBRARY.match(match["name"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slabhound", type=pathlib.Path, required=True)
    parser.add_argument("--shell", choices=SHELLS, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--no-exceptions", action="store_true")
    flags = parser.parse_args()
    if not flags.slabhound.is_file():
        parser.error(f"--slabhound {flags.slabhound}: no such file")
    with tempfile.TemporaryDirectory() as folder, tarfile.open(flags.out, "w:gz") as archive:
        stripped = pathlib.Path(folder) / "slabhound"
        subprocess.run(["strip", "-o", str(stripped), str(flags.slabhound)], check=True)
        archive.add(HERE / "run.py", "run.py")
        archive.add(HERE / "launcher.py", "launcher.py")
        archive.add(stripped, "slabhound")
        for name, path in libraries(flags.slabhound):
            archive.add(pathlib.Path(path).resolve(), f"lib/{name}")
        about = json.dumps({"shell": flags.shell, "exceptions": not flags.no_exceptions}).encode()
        entry = tarfile.TarInfo("bundle.json")
        entry.size = len(about)
        archive.addfile(entry, io.BytesIO(about))
    size = flags.out.stat().st_size
    if size >= ARCHIVE_BYTES_MAX:
        print(f"bundle: {flags.out} has {size} bytes: tell ClusterFuzz the path run.py", file=sys.stderr)
    print(f"{flags.out}: {size} bytes, for {flags.shell}")


if __name__ == "__main__":
    main()
