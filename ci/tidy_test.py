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
        self.addCleanup(setattr, tidy, "LONG_FUNCTIONS", tidy.LONG_FUNCTIONS)
        tidy.LONG_FUNCTIONS = {}
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

    def header(self, name, *includes):
        self.write(name, "// It.\n#pragma once\n" + "".join(f'#include "{include}"\n' for include in includes))

    def source(self, name, *includes):
        self.write(name, "".join(f'#include "{include}"\n' for include in includes))

    def test_an_include_without_its_arrow_is_found(self):
        self.header("src/valid/code.h", "wasm/module.h")
        self.write("src/valid/CMakeLists.txt", "room(valid)\n")
        self.assert_one("src/valid/code.h: includes wasm/module.h, but wasm is not in DEPS of room valid")

    def test_arrows_are_not_transitive(self):
        self.header("src/valid/code.h", "wasm/module.h", "base/check.h")
        self.write("src/valid/CMakeLists.txt", "room(valid DEPS wasm)\n")
        self.assert_one("base is not in DEPS of room valid")

    def test_an_arrow_that_nothing_needs_is_found(self):
        self.header("src/valid/code.h", "wasm/module.h")
        self.write("src/valid/CMakeLists.txt", "room(valid DEPS base wasm)\n")
        self.assert_one("room valid: DEPS names base, but no own file includes it")

    def test_an_arrow_for_tests_is_found_out_in_a_rooms_own_file(self):
        self.header("src/valid/code.h", "wasm/module.h")
        self.write("src/valid/CMakeLists.txt", "room(valid TEST_DEPS wasm)\n")
        problems = self.problems()
        self.assertEqual(len(problems), 2, problems)
        self.assertIn("wasm is not in DEPS of room valid", problems[0])
        self.assertIn("TEST_DEPS names wasm, but DEPS has it", problems[1])

    def test_tests_include_what_test_deps_name_besides(self):
        self.write("src/base/CMakeLists.txt", "room(base TEST_DEPS wasm)\n")
        for name in ("check_test.cc", "check_bench.cc", "fixture.h"):
            self.header(f"src/base/{name}", "base/check.h", "wasm/module.h")
            self.assertEqual(self.problems(), [])
            (self.root / "src/base" / name).unlink()
        self.assert_one("room base: TEST_DEPS names wasm, but no test file includes it")

    def test_a_test_needs_its_arrow(self):
        self.source("src/base/check_test.cc", "wasm/module.h")
        self.assert_one("wasm is not in TEST_DEPS of room base")

    def test_a_main_includes_what_main_deps_name_besides(self):
        self.source("src/base/run_main.cc", "wasm/module.h")
        self.assert_one("wasm is not in MAIN_DEPS of room base")
        self.write("src/base/CMakeLists.txt", "room(base MAIN_DEPS wasm)\n")
        self.assertEqual(self.problems(), [])

    def test_a_fixture_is_for_tests(self):
        self.header("src/base/fixture.h")
        self.source("src/base/check.cc", "base/fixture.h")
        self.assert_one("src/base/check.cc: includes base/fixture.h, which is for tests")

    def test_a_table_and_an_include_by_its_own_folder_are_read(self):
        self.write("src/wasm/module.h", "// Module.\n#pragma once\n")
        self.source("src/wasm/module.def", "../base/check.h")
        self.assertEqual(self.problems(), [])

    def test_what_is_not_ours_is_no_arrow(self):
        self.source("src/base/check.cc", "wasm/not-there.h", "ir/types.h", "check.h")
        self.write("src/base/system.cc", "#include <wasm/module.h>\n// #include \"wasm/module.h\"\n")
        self.assertEqual(self.problems(), [])

    def test_a_folder_in_a_room_belongs_to_it_until_it_is_a_room(self):
        self.write("minimizer/CMakeLists.txt", "room(minimizer DEPS base)\n")
        self.header("minimizer/reducer.h", "base/check.h")
        self.source("minimizer/reducers/drop.cc", "minimizer/reducer.h", "base/check.h")
        self.assertEqual(self.problems(), [])
        self.write("minimizer/reducers/CMakeLists.txt", "room(reducers\n  DEPS base\n  minimizer)\n")
        self.assertEqual(self.problems(), [])
        self.write("minimizer/reducers/CMakeLists.txt", "room(reducers DEPS base)\n")
        self.assert_one("minimizer is not in DEPS of room reducers")

    def test_a_nested_room_has_its_own_name(self):
        self.write("src/workers/wasmtime/CMakeLists.txt", "room(wasmtime_worker DEPS base)\n")
        self.header("src/workers/wasmtime/store.h", "base/check.h")
        self.source("src/wasm/module_test.cc", "workers/wasmtime/store.h")
        self.assert_one("wasmtime_worker is not in TEST_DEPS of room wasm")

    def test_a_cycle_is_found(self):
        self.write("src/base/CMakeLists.txt", "room(base DEPS wasm)\n")
        self.header("src/base/back.h", "wasm/module.h")
        self.assert_one("cycle of rooms: base includes wasm (src/base/back.h), wasm includes base (src/wasm/module.h)")

    def test_tests_may_point_back(self):
        self.write("src/base/CMakeLists.txt", "room(base TEST_DEPS wasm)\n")
        self.source("src/base/check_test.cc", "wasm/module.h")
        self.assertEqual(self.problems(), [])

    def test_an_unknown_room_is_found(self):
        self.write("src/wasm/CMakeLists.txt", "room(wasm DEPS base attic)\n")
        self.assert_one("attic, which is no room")

    def test_a_name_that_stands_twice_is_found(self):
        self.write("src/wasm/CMakeLists.txt", "room(wasm DEPS base base)\n")
        self.assert_one("names base twice")

    def test_two_rooms_of_one_name_are_found(self):
        self.write("src/valid/CMakeLists.txt", "room(wasm)\n")
        self.assertTrue(any("two rooms are named wasm" in p for p in self.problems()))

    def test_a_line_that_cannot_be_read_is_found(self):
        self.write("src/valid/CMakeLists.txt", "room(valid # why\n  DEPS base)\n")
        self.assert_one("cannot read")

    def test_a_word_without_a_keyword_is_found(self):
        self.write("src/valid/CMakeLists.txt", "room(valid base)\n")
        self.assert_one("base belongs to no keyword")

    def test_a_file_in_no_room_is_found_unless_it_is_a_main(self):
        self.source("src/worker/worker_main.cc", "wasm/module.h")
        self.assertEqual(self.problems(), [])
        self.source("src/worker/worker.cc", "wasm/module.h")
        self.assert_one("src/worker/worker.cc: is in no room")

    def test_true_arrows_are_written_over_the_lines_that_are_there(self):
        self.write("src/wasm/CMakeLists.txt", "if(X)\n  room(wasm DEPS attic\n    TEST_DEPS base LIBRARIES x::y)\nendif()\n")
        self.write("src/valid/CMakeLists.txt", "room(valid)\nset(x y)\n")
        self.header("src/valid/code.h", "wasm/module.h")
        self.source("src/valid/code_test.cc", "wasm/module.h", "base/check.h")
        tidy.rooms.Tree(self.root).write()
        self.assertEqual(self.problems(), [])
        self.assertEqual((self.root / "src/wasm/CMakeLists.txt").read_text(),
                         "if(X)\n  room(wasm DEPS base LIBRARIES x::y)\nendif()\n")
        self.assertEqual((self.root / "src/valid/CMakeLists.txt").read_text(),
                         "room(valid DEPS wasm TEST_DEPS base)\nset(x y)\n")

    def test_a_long_line_of_arrows_is_wrapped_and_read_again(self):
        names = [f"room_with_a_long_name_{number}" for number in range(9)]
        for name in names:
            self.write(f"src/{name}/CMakeLists.txt", f"room({name})\n")
            self.header(f"src/{name}/it.h")
        self.write("src/valid/CMakeLists.txt", "room(valid)\n")
        self.header("src/valid/code.h", *(f"{name}/it.h" for name in names))
        tidy.rooms.Tree(self.root).write()
        lines = (self.root / "src/valid/CMakeLists.txt").read_text().splitlines()
        self.assertGreater(len(lines), 1)
        self.assertLessEqual(max(map(len, lines)), tidy.COLUMNS_MAX)
        self.assertEqual(self.problems(), [])

    def test_a_room_of_too_large_a_share_is_found(self):
        # Twelve rooms of equal size have 8.3 % each; one half as large again has 12 %.
        for number in range(12):
            self.write(f"src/room{number}/CMakeLists.txt", f"room(room{number})\n")
            for part in range(2):
                self.write(f"src/room{number}/part{part}.cc", "\n" * 500)
        self.write("minimizer/CMakeLists.txt", "room(minimizer)\n")
        self.assertEqual(self.problems(), [])
        self.write("src/room3/more.cc", "\n" * 500)
        self.assert_one("room room3: 1500 lines, 12.0 % of 12505 and more than 9 %")

    def test_a_long_file_is_found(self):
        self.write("src/base/long.cc", "\n" * tidy.LINES_MAX + "\n")
        self.assert_one("is it one noun?")

    def function(self, opening, indent="", lines=tidy.FUNCTION_LINES_MAX - 1, closing="}"):
        return f"{indent}{opening}\n" + f"{indent}  x();\n" * lines + f"{indent}{closing}\n"

    def test_a_long_function_is_found(self):
        self.write("src/base/long.cc", "namespace n {\n\n" + self.function("void Long(int a,\n          int b) {") +
                   self.function("void Short() {", lines=tidy.FUNCTION_LINES_MAX - 2) + "\n}  // namespace n\n")
        self.assert_one("src/base/long.cc:3: Long has 72 lines, more than 70")

    def test_a_long_member_is_found_by_its_types_name(self):
        self.write("src/base/long.h", "// Long.\n#pragma once\nstruct Outer {\n  class Inner final : public Base {\n   public:\n" +
                   self.function("std::map<int, std::function<void(int)>> Get() const {", indent="    ") + "  };\n" +
                   self.function("if (x) {", indent="  ", lines=1) + "};\n")
        self.assert_one("src/base/long.h:6: Outer::Inner::Get has 71 lines")

    def test_a_table_is_no_function_and_a_raw_string_hides_none(self):
        self.write("src/base/long.cc", self.function("constexpr int kTable[] = {", closing="};") +
                   self.function("TEST(Suite, IsLong) {\n  Read(R\"(\n}\nx\n)\");"))
        self.assert_one("Suite.IsLong has 75 lines")

    def test_exceptions_are_those_that_are_needed(self):
        self.write("src/base/long.cc", self.function("bool Type::Step(\n    int a) {"))
        tidy.LONG_FUNCTIONS = {"Type::Step": "dispatch", "Gone": "a table"}
        self.assert_one("Gone is an exception that no function needs")

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
