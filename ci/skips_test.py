#!/usr/bin/env python3
"""Tests of ci/skips.py."""

import unittest

import skips

LOG = """
  2/4 Test #2: exec.RootLoop.PanicsWithTheFault .....***Skipped   0.02 sec
100% tests passed, 0 tests failed out of 4
The following tests did not run:
\t  2 - exec.RootLoop.PanicsWithTheFault (Skipped)
\t  3 - cli.Engines/RealEngine.JudgesTheFoundingBug/wasmtime_31_0_0  # GetParam() = (0x55 pointing to "x") (Skipped)
\t 14 - spec.v8.gc=minor (Skipped)
"""
RULES = skips.rules_of("# why\nrelease,asan  *.RootLoop.*  needs the faults\n* spec.nothing none at all\n")


class SkipsTest(unittest.TestCase):
    def test_what_no_rule_names_is_unexpected(self):
        self.assertEqual(skips.unexpected("release", LOG, RULES, []),
                         ["cli.Engines/RealEngine.JudgesTheFoundingBug/wasmtime_31_0_0", "spec.v8.gc=minor"])

    def test_a_rule_is_for_its_presets(self):
        self.assertIn("exec.RootLoop.PanicsWithTheFault", skips.unexpected("faulty", LOG, RULES, []))

    def test_engines_that_are_not_there_explain_their_tests(self):
        self.assertEqual(skips.unexpected("asan", LOG, RULES, ["wasmtime@31.0.0", "v8"]), [])

    def test_the_rules_of_the_gate_can_be_read(self):
        text = (skips.pathlib.Path(skips.__file__).parent / "skips.txt").read_text()
        for presets, glob, reason in skips.rules_of(text):
            self.assertTrue(set(presets) <= {"release", "asan", "faulty", "*"}, glob)
            self.assertNotIn(glob, ("*", "*.*"))
            self.assertTrue(reason)

    def test_nothing_skipped_is_fine(self):
        self.assertEqual(skips.unexpected("release", "100% tests passed", RULES, []), [])


if __name__ == "__main__":
    unittest.main()
