#!/usr/bin/env python3
"""Hostile modules against our decoder and validator: each gets one line soon, in bounded memory.

Usage: ci/hostile_modules.py VALIDATOR [--seconds N] [--megabytes N] [--verbose]

VALIDATOR is the slabhound_validate program. Each case is a file that declares far more than it holds, or holds much of
what multiplies; the program must say `ok`, `malformed`, `invalid`, `limit` or `unreadable`, within the time and peak
memory given, one process a case. Exit code 0: all did; 1: some did not; 2: usage.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

from leb128 import leb, signed

HUGE = b"\xff\xff\xff\xff\x0f"  # 2^32 - 1
SECTIONS = {"types": 1, "imports": 2, "functions": 3, "tables": 4, "memories": 5, "tags": 13, "globals": 6,
            "exports": 7, "start": 8, "elements": 9, "data count": 12, "code": 10, "data": 11}
LARGE = 31 << 20  # just below what is read at all


def section(kind, content):
    return bytes([kind]) + leb(len(content)) + content


def module(*sections):
    return b"\0asm\1\0\0\0" + b"".join(sections)


def func_type(params, results):
    return b"\x60" + leb(params) + b"\x7f" * params + leb(results) + b"\x7f" * results


def with_bodies(types, bodies, type_index=0):
    """A module of functions with these bodies, locals included and end excluded."""
    coded = b"".join(leb(len(body) + 1) + body + b"\x0b" for body in bodies)
    return module(section(1, leb(len(types)) + b"".join(types)),
                  section(3, leb(len(bodies)) + leb(type_index) * len(bodies)),
                  section(10, leb(len(bodies)) + coded))


def many(item, size=LARGE):
    count = size // len(item)
    return leb(count) + item * count


def cases():
    void, results, params = func_type(0, 0), func_type(0, 1000), func_type(1000, 0)
    body_max = 7_654_000
    for name, kind in SECTIONS.items():
        yield f"2^32-1 {name}", module(section(kind, HUGE))
        yield f"2^32-1 {name} and 1 MB", module(section(kind, HUGE + bytes(1 << 20)))
    yield "2^32-1 locals", with_bodies([void], [b"\x01" + HUGE + b"\x7f"])
    yield "2^32-1 groups of locals", with_bodies([void], [HUGE])
    yield "2^32-1 br_table targets", with_bodies([void], [b"\x00\x41\x00\x0e" + HUGE])
    yield "2^32-1 catch clauses", with_bodies([void], [b"\x00\x1f\x40" + HUGE])
    yield "2^32-1 select types", with_bodies([void], [b"\x00\x1c" + HUGE])
    yield "2^32-1 fields", module(section(1, b"\x01\x5f" + HUGE))
    yield "2^32-1 parameters", module(section(1, b"\x01\x60" + HUGE))
    yield "2^32-1 types of a group", module(section(1, b"\x01\x4e" + HUGE))
    yield "2^32-1 supertypes", module(section(1, b"\x01\x50" + HUGE))
    yield "2^32-1 elements of array.new_fixed", with_bodies([void, b"\x5e\x7f\x01"],
                                                            [b"\x00\x00\xfb\x08\x01" + HUGE + b"\x1a"])
    yield "2^32-1 items of a segment", module(section(9, b"\x01\x01\x00" + HUGE))
    yield "2^32-1 bytes of data", module(section(11, b"\x01\x01" + HUGE))
    yield "2^32-1 bytes of a name", module(section(0, HUGE))
    yield "an empty file", b""
    yield "half a header", b"\0asm\1\0"
    yield "100 MB of zeros", bytes(100_000_000)
    yield "31 MB of zeros", bytes(LARGE)
    yield "31 MB of empty types", module(section(1, many(void)))
    yield "31 MB of empty groups", module(section(1, many(b"\x4e\x00")))
    yield "31 MB of a chain of groups", module(section(1, many(b"\x4e\x01\x60\x00\x00")))
    yield "31 MB of imports", module(section(1, b"\x01" + void), section(2, many(b"\0\0\0\0")))
    yield "31 MB of globals", module(section(6, many(b"\x7f\0\x41\0\x0b")))
    yield "31 MB of tables", module(section(4, many(b"\x70\0\0")))
    yield "31 MB of exports", module(section(7, many(b"\0\0\0")))
    yield "31 MB of elements", module(section(9, many(b"\x01\0\0")))
    yield "31 MB of element items", module(section(9, b"\x01\x05\x70" + many(b"\xd0\x70\x0b")))
    yield "31 MB of data", module(section(11, many(b"\x01\0")))
    yield "31 MB of custom sections", module(b"\0\x01\0" * (LARGE // 3))
    yield "31 MB of nop", with_bodies([void], [b"\0" + b"\x01" * body_max] * 4)
    yield "31 MB of one nop", with_bodies([void], [b"\0" + b"\x01" * LARGE])
    yield "31 MB of functions", with_bodies([void], [b"\0"] * (LARGE // 4))
    yield "a million functions of 50,000 locals", with_bodies([void], [b"\x01\xd0\x86\x03\x7f"] * 1_000_000)
    yield "blocks in blocks", with_bodies([void], [b"\0" + b"\x02\x40" * (body_max // 2)])
    yield "9,990 blocks in blocks", with_bodies([void], [b"\0" + b"\x02\x40" * 9990 + b"\x0b" * 9990])
    yield "br_table of 65,000 targets 100 times", with_bodies(
        [void], [b"\0" + (b"\x41\0\x0e" + leb(65_000) + bytes(65_001)) * 100])
    yield "br_table of 65,000 targets with 1,000 results", with_bodies(
        [results], [b"\0" + (b"\0\x41\0\x0e" + leb(65_000) + bytes(65_001)) * 100] * 4)
    yield "calls of 1,000 results, kept", with_bodies([results], [b"\0" + b"\x10\0" * (body_max // 2)])
    yield "calls of 1,000 results, dropped by br", with_bodies(
        [results, func_type(0, 0)], [b"\0" + b"\x02\x40\x10\0\x0c\0\x0b" * (body_max // 7)] * 4, 0)
    yield "calls of 1,000 parameters behind unreachable", with_bodies(
        [params], [b"\0\0" + b"\x10\0" * (body_max // 2)] * 4)
    yield "constants, kept", with_bodies([void], [b"\0" + b"\x41\0" * (body_max // 2)])
    yield "locals without default, many blocks", with_bodies(
        [void], [b"\x01" + leb(49_999) + b"\x64\x6e" + b"\x02\x40\x0b" * (body_max // 3)])
    chain = [b"\x50" + (b"\x01" + leb(i - 1) if i else b"\0") + b"\x5f" + leb(1000) + b"\x7f\0" * 1000
             for i in range(63)]
    yield "63 subtypes of 1,000 fields", module(section(1, leb(len(chain)) + b"".join(chain)))
    wide = b"\x4e" + leb(60_000) + b"".join(b"\x50\0\x5f\x01\x63" + signed(59_999 - i) + b"\0" for i in range(60_000))
    yield "a group of 60,000 types that refer to each other, 4 times", module(section(1, b"\x08" + wide * 4))


def run(program, path):
    """(line, seconds, peak megabytes) of one process; its memory is read while it waits for the next path."""
    start = time.monotonic()
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        line = process.stdout.readline().strip()
        seconds = time.monotonic() - start
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            kilobytes = int(status.split("VmHWM:")[1].split()[0])
        except (OSError, IndexError):  # it died
            kilobytes = 0
        process.stdin.close()
    return line or f"ended with {process.returncode}", seconds, kilobytes / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("validator")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--megabytes", type=float, default=2048)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    count = failed = 0
    slowest = largest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "hostile.wasm"
        for name, content in cases():
            path.write_bytes(content)
            line, seconds, megabytes = run(options.validator, path)
            good = (line.split(" ")[0] in ("ok", "malformed", "invalid", "limit", "unreadable") and seconds <= options.seconds and megabytes <= options.megabytes)
            count, failed = count + 1, failed + (not good)
            slowest, largest = max(slowest, seconds), max(largest, megabytes)
            if options.verbose or not good:
                print(f"{'ok  ' if good else 'FAIL'} {seconds:6.2f} s {megabytes:6.0f} MB  {name}: {line[:110]}")
    print(f"{count} hostile modules, {failed} failed; slowest {slowest:.2f} s, largest {largest:.0f} MB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
