#!/usr/bin/env python3
"""Tests of ci/tidy: each rule fires on a planted violation and stays silent on a clean tree."""

import importlib.machinery
import importlib.util
import pathlib
import subprocess
import tempfile
import unittest

_path = pathlib.Path(__file__).parent / "tidy"
_loader = importlib.machinery.SourceFileLoader("tidy", str(_path))
_spec = importlib.util.spec_from_loader("tidy", _loader)
tidy = importlib.util.module_from_spec(_spec)
_loader.exec_module(tidy)


class TidyTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._folder.name)
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)
        self.write("src/base/CMakeLists.txt", "room(base)\n")
        self.write("src/wasm/CMakeLists.txt", "room(wasm DEPS base LIBRARIES x::y)\n")
        self.write("src/base/check.h", "// Check.\n#pragma once\n")
        self.write("src/wasm/module.h", '// Module.\n#pragma once\n#include "base/check.h"\n')

    def tearDown(self):
        self._folder.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def problems(self):
        return tidy.check(self.root)

    def assert_one(self, fragment):
        problems = self.problems()
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(fragment, problems[0])

    def test_a_clean_tree_is_clean(self):
        self.assertEqual(self.problems(), [])

    def test_an_include_against_the_arrow_is_found(self):
        self.write("src/base/bad.h", '// Bad.\n#pragma once\n#include "wasm/module.h"\n')
        self.assert_one("no arrow wasm -> base")

    def test_arrows_are_transitive(self):
        self.write("src/valid/CMakeLists.txt", "room(valid DEPS wasm)\n")
        self.write("src/valid/code.h", '// Code.\n#pragma once\n#include "base/check.h"\n')
        self.assertEqual(self.problems(), [])

    def test_a_cycle_is_found(self):
        self.write("src/base/CMakeLists.txt", "room(base DEPS wasm)\n")
        self.assertTrue(any("cycle of rooms" in p for p in self.problems()))

    def test_an_unknown_room_is_found(self):
        self.write("src/wasm/CMakeLists.txt", "room(wasm DEPS base attic)\n")
        self.assert_one("attic, which is no room")

    def test_a_long_file_is_found(self):
        self.write("src/base/long.cc", "\n" * tidy.LINES_MAX + "\n")
        self.assert_one("is it one noun?")

    def test_a_long_line_is_found(self):
        self.write("src/base/wide.cc", "// " + "x" * tidy.COLUMNS_MAX + "\n")
        self.assert_one("columns")

    def test_a_banned_name_is_found(self):
        self.write("src/base/string_utils.cc", "int x;\n")
        self.assert_one("name the noun")

    def test_banned_text_is_found(self):
        self.write("src/base/late.cc", "// TODO later\n")
        self.assert_one("needs its reason")

    def test_a_main_outside_its_file_is_found(self):
        self.write("src/base/run.cc", "int main() {}\n")
        self.assert_one("*_main.cc")

    def test_a_header_without_its_opening_is_found(self):
        self.write("src/base/bare.h", "#pragma once\n")
        self.assert_one("opens with what it is")

    def test_a_stray_top_level_file_is_found(self):
        self.write("notes.txt", "x\n")
        self.assert_one("the top level holds")


if __name__ == "__main__":
    unittest.main()
