#!/usr/bin/env python3
"""scripts/binaryen.sh with a compiler, cmake and ninja that only pretend: when does it build, and what does it say?"""

import os
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "binaryen.sh"
TOOLS = {
    "clang++-19": "echo clang version 19",
    "cmake": 'while [[ $1 != -B ]]; do shift; done; mkdir -p "$2"',
    "ninja": 'echo built >>"$BUILDS"; sleep "${SLOWLY:-0}"; [[ -z ${FAIL:-} ]] || { echo "error: no" ; exit 1; }\n'
             'echo archive >"$2/libbinaryen.a"; echo "// config" >"$2/config.h"',
}


class Binaryen(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        root = pathlib.Path(self.folder.name)
        (root / "bin").mkdir()
        for name, body in TOOLS.items():
            path = root / "bin" / name
            path.write_text(f"#!/usr/bin/env bash\n{body}\n")
            path.chmod(0o755)
        (root / "source" / "src").mkdir(parents=True)
        (root / "source" / "src" / "wasm.h").write_text("// header\n")
        self.builds = root / "builds"
        self.builds.touch()
        self.environment = {**os.environ, "PATH": f"{root / 'bin'}:{os.environ['PATH']}", "BUILDS": str(self.builds),
                            "SLABHOUND_CACHE": str(root / "cache"), "SLABHOUND_BINARYEN_SOURCE": str(root / "source")}
        self.source = root / "source"

    def tearDown(self):
        self.folder.cleanup()

    def start(self, **more):
        return subprocess.Popen(["bash", str(SCRIPT)], env={**self.environment, **more}, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run_script(self, **more):
        process = self.start(**more)
        output, errors = process.communicate()
        return process.returncode, output.strip(), errors

    def build_count(self):
        return len(self.builds.read_text().splitlines())

    def test_builds_once_and_prints_the_folder(self):
        code, folder, errors = self.run_script()
        self.assertEqual(code, 0, errors)
        self.assertTrue((pathlib.Path(folder) / "lib" / "libbinaryen.a").exists())
        self.assertTrue((pathlib.Path(folder) / "include" / "wasm.h").exists())
        self.assertEqual(self.run_script(), (0, folder, ""))
        self.assertEqual(self.build_count(), 1)

    def test_two_at_once_build_once(self):
        first, second = self.start(SLOWLY="1"), self.start(SLOWLY="1")
        outputs = [process.communicate()[0] for process in (first, second)]
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual((first.returncode, second.returncode, self.build_count()), (0, 0, 1))

    def test_a_failed_build_is_said_and_made_anew(self):
        code, _, errors = self.run_script(FAIL="1")
        self.assertEqual(code, 1)
        self.assertIn("error: no", errors)
        self.assertEqual(self.run_script()[0], 0)
        self.assertEqual(self.build_count(), 2)

    def test_a_damaged_folder_is_made_anew(self):
        folder = pathlib.Path(self.run_script()[1])
        (folder / "lib" / "libbinaryen.a").write_text("")
        code, _, errors = self.run_script()
        self.assertEqual(code, 0)
        self.assertIn("damaged", errors)
        (folder / "complete").unlink()
        self.assertEqual(self.run_script()[0], 0)
        self.assertEqual(self.build_count(), 3)

    def test_edited_sources_are_another_folder(self):
        folder = self.run_script()[1]
        (self.source / "src" / "wasm.h").write_text("// another header\n")
        self.assertNotEqual(self.run_script()[1], folder)

    def test_wrong_use_is_one_line(self):
        for arguments, more in ((["x"], {}), ([], {"SLABHOUND_BINARYEN_SOURCE": "/nowhere"})):
            done = subprocess.run(["bash", str(SCRIPT), *arguments], env={**self.environment, **more}, text=True,
                                  capture_output=True)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)


if __name__ == "__main__":
    unittest.main()
