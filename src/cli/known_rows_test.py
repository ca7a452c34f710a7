#!/usr/bin/env python3
"""Every row of known.def about an engine, replayed on it: its case fails without the row, and is known or avoided with it.

Usage: known_rows_test.py SLABHOUND SOURCE_DIR ENGINE OTHER_ENGINE…     exit code 77: ENGINE is not installed

The others are the engines whose rows are replayed elsewhere, so that no row is left out.
"""

import pathlib
import re
import subprocess
import sys
import unittest

SLABHOUND, SOURCE, ENGINE, *OTHERS = sys.argv[1:]
ROW = re.compile(r"^(?P<name>\S+)  \((?P<engine>\w+) [^)]*?(?P<avoided>, avoided by [^)]*)?\)\n.*\n +(?P<case>\S+); expires on (?P<day>\S+)$",
                 re.M)


def slabhound(*arguments):
    return subprocess.run([SLABHOUND, *map(str, arguments)], capture_output=True, text=True, timeout=120)


class KnownRows(unittest.TestCase):
    def test_every_row_fits(self):
        told = slabhound("engines", "known").stdout
        rows = list(ROW.finditer(told))
        self.assertEqual(len(rows), sum(not line.startswith(" ") for line in told.splitlines()), told)
        self.assertEqual({row["engine"] for row in rows}, {ENGINE, *OTHERS})
        for row in rows:
            if row["engine"] != ENGINE:
                continue
            with self.subTest(row["name"]):
                case = SOURCE / pathlib.Path(row["case"])
                off = slabhound("repro", case, "--engine", f"{ENGINE}:known=off")
                self.assertEqual(off.returncode, 1, f"the engine is right: remove the row\n{off.stdout}{off.stderr}")
                on = slabhound("repro", case, "--engine", ENGINE)
                self.assertEqual(on.returncode, 0, f"another version, or the day {row['day']} has come\n{on.stdout}{on.stderr}")
                how = "avoided" if row["avoided"] else "known"
                self.assertRegex(on.stdout, rf"(?m)^{how} +{row['name']}$")


if __name__ == "__main__":
    probe = slabhound("engines", "check", ENGINE)
    if probe.returncode == 2 and "not installed" in probe.stderr:
        print(f"known rows: SKIPPED on {ENGINE}: {probe.stderr.strip()}", file=sys.stderr)
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
