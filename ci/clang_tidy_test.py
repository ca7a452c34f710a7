#!/usr/bin/env python3
"""Tests of ci/clang_tidy.py: what stands in one unit, and that no file is left out."""

import unittest

import clang_tidy


def entry(file, *flags):
    return {"file": file, "command": " ".join(["/bin/clang++", *flags, "-include-pch x.pch -MD -MT a.o -MF a.d -o a.o -c", file])}


class UnitsTest(unittest.TestCase):
    def units(self, files, database):
        return [(sorted(names), list(flags)) for names, flags in clang_tidy.units_of(database, files)]

    def test_files_of_a_folder_and_of_equal_flags_are_a_unit(self):
        files = ["/r/a/x.cc", "/r/a/y.cc", "/r/b/z.cc", "/r/a/w.cc"]
        database = [entry(file, "-O2", *(["-w"] if "w.cc" in file else [])) for file in files]
        self.assertEqual(self.units(files, database), [(["/r/a/x.cc", "/r/a/y.cc"], ["-O2"]), (["/r/a/w.cc"], ["-O2", "-w"]),
                                                       (["/r/b/z.cc"], ["-O2"])])

    def test_a_main_is_alone_and_units_are_small(self):
        files = [f"/r/a/f{number}.cc" for number in range(clang_tidy.UNIT_FILES + 1)] + ["/r/a/run_main.cc"]
        sizes = [len(names) for names, _ in self.units(files, [entry(file) for file in files])]
        self.assertEqual(sorted(sizes), [1, 1, clang_tidy.UNIT_FILES])

    def test_a_file_that_is_not_built_here_is_read_as_its_neighbours_are(self):
        self.assertEqual(self.units(["/r/a/x.cc", "/r/a/new.cc"], [entry("/r/a/x.cc", "-O2")]),
                         [(["/r/a/new.cc", "/r/a/x.cc"], ["-O2"])])
        with self.assertRaises(LookupError):
            self.units(["/r/b/new.cc"], [entry("/r/a/x.cc", "-O2")])


if __name__ == "__main__":
    unittest.main()
