#!/usr/bin/env python3
"""The command as users meet it: hostile inputs, wrong flags, Ctrl-C. Every bad input is one line and exit code 2.

Usage: cli_test.py SLABHOUND Cli|Binaryen|Faulty     exit code 77: this build has no such thing
"""

import glob
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SLABHOUND = sys.argv.pop(1) if len(sys.argv) > 1 else "slabhound"
HEADER = b"\0asm\1\0\0\0"
HOSTILE = pathlib.Path(__file__).resolve().parent.parent / "workers" / "hostile" / "hostile_worker.py"
CASE_COMMANDS = ("run", "repro", "show")
# A sanitizer reserves terabytes of addresses; the bound is for plain builds.
MEMORY_MAX = 2 << 30


def run(*arguments, **options):
    return subprocess.run([SLABHOUND, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


def children_of(pid):
    """Processes whose parent is `pid`."""
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def assert_one_line(self, result, *words):
        self.assertEqual(result.returncode, 2, result)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("slabhound: "), result.stderr)
        self.assertLess(len(result.stderr), 1000)
        for word in words:
            self.assertIn(word, result.stderr)


class Cli(Command):
    def test_answers_of_imports(self):
        case = self.file("case.wat", b"""(import "m" "f" (func $f (param i32) (result i32)))
            (func (export "run") (param i32) (result i32) (call $f (local.get 0)))""")
        head = b"slabhound-imports 1\n"
        answers = self.file("imports", head + b'export "run" i32:5\n  import "m" "f" i32:5 -> i32:6\n-> i32:6\n')
        done = run("run", case, "--imports", answers, "--engine", "oracle")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('call        "recorded 0": returns\n', done.stdout)
        listed = '"m" "f" (func (param i32) (result i32)): '
        self.assertEqual(run("show", case, "--imports").stdout, listed + "logs its call, returns zeros and nulls\n")
        self.assertEqual(run("show", case, "--imports", answers).stdout, listed + "recorded answers: 1\n")
        for wrong, word in ((b'export "run"', "line 2: the call has no end"), (b'export "ran" ->', "line 2: "),
                            (b'start\nimport "m" "f" i32:1 -> f64:1\n->', "line 3: "), (b"\0\xff", "line 2: ")):
            answers.write_bytes(head + wrong)
            for command in ("run", "repro", "minimize", "regress", "show"):
                with self.subTest(command=command, wrong=wrong):
                    self.assert_one_line(run(command, case, "--imports", answers), str(answers), word)
        self.assert_one_line(run("run", case, "--imports", self.folder / "none"), "none")

    def test_version_and_help(self):
        self.assertRegex(run("--version").stdout, r"^slabhound \d+\.\d+\.\d+")
        for arguments in (["--help"], ["campaign", "--help"], ["repro", "--help"]):
            result = run(*arguments)
            self.assertEqual(result.returncode, 0)
            self.assertIn("Usage", result.stdout)

    def test_export(self):
        case = self.file("case.wat", b"""(module
            (func (export "five") (result i32) (i32.const 5)) (func (export "stop") (unreachable)))""")
        out = self.folder / "out"
        self.assertEqual(run("export", case, "--out", out).returncode, 0)
        self.assertEqual(run("export", "--self-checking", case, "--out", out).returncode, 0)
        names = sorted(path.name for path in out.iterdir())
        self.assertEqual(names, ["portable.wasm", "returns.wasm", "traps-0.wasm", "traps-1.wasm"])
        for name in names:
            self.assertTrue((out / name).read_bytes().startswith(HEADER))
        for case_of in ([case], ["--seed", "7", "--number", "3"]):
            wrong = self.folder / "wrong"
            result = run("export", "--self-checking", "--wrong", "70", "--avoid", "segment-values", *case_of, "--out", wrong)
            self.assertIn("wrong.wasm: must trap", result.stdout)
            self.assertNotEqual((wrong / "wrong.wasm").read_bytes(), (wrong / "returns.wasm").read_bytes())
        self.assertEqual(run("run", wrong / "case.wasm").returncode, 0)
        self.assert_one_line(run("export", "--out", out), "--seed")
        self.assert_one_line(run("export", case, "--wrong", "1", "--out", out), "--self-checking")
        self.assert_one_line(run("export", case, "--avoid", "all", "--out", out), "segment-values")
        throws = self.file("throws.wat", b"""(module (tag $t)
            (func (export "f") (block $h (try_table (catch $t $h) (throw $t)))))""")
        self.assert_one_line(run("export", "--no-exceptions", throws, "--out", out), "needs exceptions")
        self.assert_one_line(run("export", self.folder, "--out", out))

    def test_wrong_usage(self):
        for arguments in ([], ["nonsense"], ["run"], ["run", "a", "b"], ["repro", "--nonsense"], ["campaign", "--jobs", "0"],
                          ["campaign", "--time", "soon"], ["campaign", "--time", "-1s"], ["campaign", "--modules", "x"],
                          ["campaign", "--seed", "-1"], ["campaign", "--fault", "no-such-fault"],
                          ["campaign", "--out", "/dev/null", "--modules", "1"]):
            with self.subTest(arguments):
                self.assert_one_line(run(*arguments))

    def test_wrong_engines(self):
        path = self.file("good.wat", b"(module)")
        for arguments in (["--engine", "nonsense"], ["--engine", "slab:nonsense"], ["--gc", "sometimes"],
                          ["--gc", "every-0"], ["--collector", "none"], ["--fault", "no-such-fault"]):
            with self.subTest(arguments):
                self.assert_one_line(run("run", path, *arguments), arguments[0])

    def test_wrong_trials(self):
        for arguments in (["--faults", "no-such-fault"], ["--seeds", "0"], ["--seeds", "5-3"], ["--seeds", "1,x"],
                          ["--generators", "chance"], ["--engine", "v8"], ["--engine", "oracle"], ["--time", "0"],
                          ["--modules", "0"], ["--jobs", "0"], ["--out", "/dev/null"]):
            with self.subTest(arguments):
                faults = [] if "--faults" in arguments else ["--faults", "none"]
                self.assert_one_line(run("bench", "faults", *faults, *arguments), arguments[0].strip("-")
                                     if arguments[0] != "--out" else "/dev/null")
        self.assert_one_line(run("bench"))
        if "faulty" not in run("--version").stdout:
            self.assert_one_line(run("bench", "faults"), "scripts/build.sh faulty")

    def test_trials_go_on_where_they_stopped(self):
        trials = ["bench", "faults", "--faults", "none", "--modules", "3", "--out", self.folder / "trials"]
        first = run(*trials, "--seeds", "1")
        self.assertEqual(first.returncode, 0, first)
        self.assertEqual(first.stderr.count("censored"), 2, first)
        self.assertIn("0 false alarms in 2 trials, 6 modules", first.stdout)
        again = run(*trials, "--seeds", "2")
        self.assertEqual(again.stderr.count("seed 2"), 2, again)
        self.assertEqual(again.stderr.count("seed 1"), 0, again)
        for name in ("report.html", "table.md"):
            self.assertIn("none", (self.folder / "trials" / name).read_text())
        self.assertEqual((self.folder / "trials" / "trials.csv").read_text().count("\n"), 5)

    def test_interrupted_trials(self):
        process = subprocess.Popen([SLABHOUND, "bench", "faults", "--faults", "none", "--out", self.folder / "trials"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(process.kill)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, stderr)
        self.assertIn("interrupted", stdout)
        self.assertEqual((self.folder / "trials" / "trials.csv").read_text().count("\n"), 1)

    def test_hostile_files(self):
        names = {
            "directory": self.folder,
            "missing": self.folder / "missing.wasm",
            "empty": self.file("empty.wasm", b""),
            "empty text": self.file("empty.wat", b""),
            "truncated": self.file("truncated.wasm", HEADER + b"\1\5\1"),
            "header only in part": self.file("part.wasm", HEADER[:6]),
            "noise": self.file("noise.wasm", bytes(range(256))),
            "invalid": self.file("invalid.wat", b"(module (func (result i32)))"),
        }
        for name, path in names.items():
            with self.subTest(name):
                for command in CASE_COMMANDS:
                    if command == "show" and name == "invalid":
                        continue  # show does not validate
                    self.assert_one_line(run(command, path), path.name)

    def test_places(self):
        self.assert_one_line(run("run", self.file("a.wat", b"(module\n  (func (nonsense)))")), "at 2:")
        self.assert_one_line(run("run", self.file("a.wasm", HEADER + b"\1\5\1")), "offset 0x")

    def test_large_files(self):
        path = self.folder / "large.wasm"
        with path.open("wb") as file:
            file.truncate(100 << 20)
        text = self.file("large.wat", b"(" * (20 << 20))
        for command in CASE_COMMANDS:
            for large in (path, text):
                self.assert_one_line(run(command, large), "limit")

    def test_huge_counts(self):
        huge = b"\xff\xff\xff\xff\x0f"  # 2^32 - 1
        for section in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13):
            path = self.file(f"huge{section}.wasm", HEADER + bytes([section, len(huge)]) + huge)
            with self.subTest(section):
                before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
                self.assert_one_line(run("run", path))
                after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
                self.assertTrue(after == before or after * 1024 < MEMORY_MAX)

    def test_full_disk(self):
        path = self.file("good.wat", b"(module)")
        with open("/dev/full", "w") as full:
            result = subprocess.run([SLABHOUND, "show", path], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(result.returncode, 2)
        self.assertIn("standard output", result.stderr)

    def test_good_case(self):
        path = self.file("good.wat", b'(module (func (export "f") (result i32) (i32.const 7)))')
        self.assertIn("returns i32 7", run("run", path).stdout)
        result = run("repro", path)
        self.assertEqual(result.returncode, 0)
        self.assertIn("agree", result.stdout)
        self.assertIn("i32.const 7", run("show", path).stdout)

    def test_budgets(self):
        """What ran out is told, with the flag that raises it, and is no plain agreement."""
        loop = self.file("loop.wat", b'(module (func (export "f") (param i32) (local i32) (loop (br_if 0 (i32.lt_u '
                         b'(local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 30000))))))')
        result = run("repro", loop)
        self.assertEqual((result.returncode, result.stdout), (0, "verdict     agree\n"))
        result = run("repro", loop, "--fuel", "20'000")
        self.assertEqual(result.returncode, 3)
        self.assertIn("verdict     agree until fuel ran out in call 1, f (--fuel raises it)\n", result.stdout)
        result = run("run", loop, "--fuel", "20000")
        self.assertEqual(result.returncode, 3)
        self.assertIn("fuel ran out in call 1, f (--fuel raises it)\n", result.stdout)
        self.assertEqual(run("regress", loop, "--fuel", "20000").returncode, 3)
        self.assert_one_line(run("repro", loop, "--depth", "0"), "--depth", "from 1 to 100'000")
        self.assert_one_line(run("repro", loop, "--heap", "many"), "--heap", "many")

    def test_a_case_is_text(self):
        """What show prints is read back: names, calls with arguments, limits, engines."""
        case = self.file("case.wat", b"""(module
            (type $box (struct (field $value (mut i32))))
            (func $get (export "get") (param $box (ref null $box)) (param $x f64) (result f64) (local.get $x))
            (func (export "") (param externref)))
            ;; plan: limits fuel=77
            ;; plan: engine oracle
            ;; plan: call "get" null f64:-0.5
            ;; plan: call "" host:3
            """.replace(b"            ;;", b";;"))
        shown = run("show", case).stdout
        for text in ("(type $box (;0;) (struct (field $value (mut i32))))", "(param $box (ref null $box)) (param $x f64)",
                     "local.get $x", ";; plan: limits fuel=77 ", ";; plan: engine oracle\n",
                     ';; plan: call "get" null f64:-0.5\n', ';; plan: call "" host:3\n'):
            self.assertIn(text, shown)
        self.assertEqual(run("show", self.file("again.wat", shown.encode())).stdout, shown)
        ran = run("run", case)
        self.assertIn('call        "get" null f64:-0.5: returns f64 0xbfe0000000000000\n', ran.stdout)
        self.assertIn('call        "" host:3: returns\n', ran.stdout)
        small = self.folder / "small.wasm"
        minimized = run("minimize", case, "--out", small, "--command", f"{SLABHOUND} show {{}} | grep -q 'struct.new\\|f64:'")
        self.assertEqual(minimized.returncode, 0, minimized)
        self.assertEqual(run("show", small).stdout, small.with_suffix(".wat").read_text())
        self.assertIn("$get", run("show", small).stdout)
        self.assertIn("engine oracle", run("show", small).stdout)

    def test_errors_tell_names_and_places(self):
        def message(text):
            return run("run", self.file("case.wat", text)).stderr
        self.assertIn("at 2:19: $g (;0;) is declared later than its use",
                      message(b"(global $g funcref (ref.null func))\n(table 1 funcref (global.get $g))"))
        self.assertIn("at 2:19: in a plan: i64:1: the parameter is i32",
                      message(b'(func (export "f") (param i32))\n;; plan: call "f" i64:1'))
        wasm = self.folder / "case.wasm"
        named = self.file("named.wat", b'(module (func $f (export "f") (param $x i32)))')
        run("minimize", named, "--out", wasm, "--command", f"{SLABHOUND} show {{}} | grep -q '^  (func.*(param'")
        self.assertIn("(param $x i32)", run("show", wasm).stdout)

    def test_nothing_to_call(self):
        for command in ("run", "repro"):
            self.assertIn("nothing to call", run(command, self.file("empty.wat", b"(module)")).stdout)

    def test_a_script_of_one_module_is_a_case(self):
        script = self.file("case.wast", b"""(module (func (export "add") (param i32 externref) (result i32)
            (i32.add (local.get 0) (ref.is_null (local.get 1)))))
            (assert_return (invoke "add" (i32.const 4) (ref.null extern)) (i32.const 5))
            (assert_return (invoke "add" (i32.const 4) (ref.extern 0)) (i32.const 4))""")
        ran = run("run", script)
        self.assertIn('call        "add" i32:4 null: returns i32 5\ncall        "add" i32:4 host:0: returns i32 4\n', ran.stdout)
        self.assertEqual(run("repro", script).stdout, "verdict     agree\n")
        self.assertEqual(run("wast", script).returncode, 0)
        minimized = run("minimize", script, "--command", f"{SLABHOUND} run {{}} | grep -q 'i32 5'")
        self.assertEqual(minimized.returncode, 0, minimized)
        for name, text, words in (
            ("two.wast", b"(module) (module)", ("2 modules", "slabhound wast")),
            ("none.wast", b"(register \"m\")", ("0 modules", "slabhound wast")),
            ("bad.wast", b'(module\n (func (result i32)))', ("at 2:",)),
            ("gone.wast", b'(module)\n(invoke "f")', ("line 2", '"f"')),
            ("far.wast", b'(module (func (export "f") (param externref)))\n(invoke "f" (ref.extern 256))', ("slabhound wast",)),
            ("syntax.wast", b"(module)\n(assert_nothing)", ("2:2",)),
        ):
            for command in CASE_COMMANDS:
                if command == "show" and name == "bad.wast":
                    continue  # show does not validate
                with self.subTest(name):
                    self.assert_one_line(run(command, self.file(name, text)), name, *words)

    def test_imports_that_force_collections(self):
        for module in ("wasmtime", "slabhound", "spectest", "", "js"):
            case = self.file("gc.wat", b'(module (import "%s" "gc" (func $gc)) (func (export "f") (call $gc)))' % module.encode())
            ran = run("run", case)
            self.assertNotIn("note", ran.stdout)
            self.assertNotIn("import ", ran.stdout)
            script = self.file("gc.wast", case.read_bytes() + b'(assert_return (invoke "f"))')
            self.assertEqual(run("wast", script, "--engine", "oracle", "--engine", "slab").returncode, 0)
        for text in (b'(module (import "host" "major_gc" (func)))', b'(module (import "wasmtime" "gc" (func (result i32))))'):
            for command in ("run", "repro"):
                self.assertIn("is only logged; without parameters and results, these collect: ",
                              run(command, self.file("gc.wat", text)).stdout)

    def start_campaign(self):
        """A campaign without end, once it has jobs."""
        process = subprocess.Popen([SLABHOUND, "campaign", "--jobs", "2", "--out", self.folder / "findings"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        end = time.monotonic() + 60
        while len(children_of(process.pid)) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        jobs = children_of(process.pid)
        self.assertEqual(len(jobs), 2)
        return process, jobs

    def assert_gone(self, jobs):
        end = time.monotonic() + 10
        while any(map(is_alive, jobs)) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertFalse([job for job in jobs if is_alive(job)])

    def test_interrupted_campaign(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process, jobs = self.start_campaign()
            time.sleep(0.5)
            process.send_signal(number)
            stdout, _ = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0)
            self.assertIn("interrupted", stdout)
            self.assertIn("modules", stdout)
            self.assert_gone(jobs)

    def test_campaign_under_timeout(self):
        """`timeout` sends its signal to the whole group: jobs leave their end to the supervisor."""
        process = subprocess.Popen([SLABHOUND, "campaign", "--jobs", "2", "--out", self.folder / "findings"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(process.kill)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, stderr)
        self.assertRegex(stdout, r"killed +0\n")

    def minimize(self, command, *flags):
        case = self.file("case.wat", b'(module (func (export "five")) (func (export "six")))')
        arguments = ["minimize", case, "--command", command, *flags]
        return subprocess.Popen(
            [SLABHOUND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def test_minimize_says_what_is_wrong_with_a_command(self):
        for command, flags, words in (
            ("no-such-program {}", (), ("could not be started", "exit code 127", "no-such-program")),
            ("echo bad luck >&2; exit 3 {}", (), ("exit code 3: bad luck",)),
            ("sleep 20; true {}", ("--command-time", "0.2"), ("did not end within 0.2 s", "--command-time")),
            ("true", (), ("{} is missing",)),
            ("true {}", (), ("accepts everything",)),
        ):
            child = self.minimize(command, *flags)
            stdout, stderr = child.communicate(timeout=20)
            self.assert_one_line(subprocess.CompletedProcess([], child.returncode, stdout, stderr), *words)
            self.assertEqual([path.name for path in self.folder.iterdir()], ["case.wat"])

    def test_minimize_ends_on_ctrl_c_and_time_in_the_middle_of_a_command(self):
        for flags, number in ((("--time", "0.5"), None), ((), signal.SIGINT)):
            begin = time.monotonic()
            # It takes the case itself, and of candidates never says anything.
            once = self.folder / "once"
            command = f"test -e {once} || {{ touch {once}; exit 0; }}; sleep 60; true {{}}"
            child = self.minimize(command, "--jobs", "3", *flags)
            time.sleep(0.5)
            commands = children_of(child.pid)
            if number:
                child.send_signal(number)
            stdout, _ = child.communicate(timeout=20)
            self.assertLess(time.monotonic() - begin, 10)
            self.assertEqual(child.returncode, 0)
            self.assertIn("stopped before the fix-point", stdout)
            self.assertFalse([pid for pid in commands if is_alive(pid)])
            names = sorted(path.name for path in self.folder.iterdir())
            self.assertEqual(names, ["case.min.wasm", "case.min.wat", "case.wat", "once"])
            once.unlink()

    def test_minimize_counts_what_gives_no_answer(self):
        child = self.minimize("grep -q six {} || sleep 20", "--command-time", "0.2", "--jobs", "2")
        stdout, _ = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 0)
        self.assertRegex(stdout, r"no answer   [1-9][0-9]* timed out, 0 could not be started")

    def test_folder_of_a_finding(self):
        """A failure behind others is shown again from its folder; bad folders are one line."""
        out = str(self.folder / "findings")
        for how, bucket, signature in (
            ("third", "panic-crash-sigsegv", "panic: crash: SIGSEGV"),
            ("third-traps", "diverges-trap-unreachable-instead-of-import", "diverges: trap Unreachable instead of import"),
        ):
            worker = f"worker:{sys.executable} {HOSTILE} idle-{how}"
            run("campaign", "--engine", worker, "--modules", "3", "--out", out)
            [bucket] = glob.glob(f"{out}/worker-{bucket}-after-other-modules-*")
            result = run("repro", bucket)
            self.assertEqual(result.returncode, 1, result)
            self.assertIn(f"signature   worker {signature} (after other modules)\n", result.stdout)
        self.assertIn("reproduced  2 of 2\n", run("repro", bucket, "--times", "2").stdout)
        # Alone it does not happen; repro would try it several times on one worker.
        self.assertIn(run("run", bucket + "/case.wasm", "--engine", worker).returncode, (0, 3))
        self.assert_one_line(run("repro", str(self.folder)), "finding.json")

    def test_killed_campaign_leaves_no_jobs(self):
        process, jobs = self.start_campaign()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        self.assert_gone(jobs)

    def test_killed_worker(self):
        process, jobs = self.start_campaign()
        os.kill(jobs[0], signal.SIGKILL)
        time.sleep(1)
        self.assertIsNone(process.poll())
        self.assertEqual(len(children_of(process.pid)), 2)
        process.send_signal(signal.SIGINT)
        stdout, _ = process.communicate(timeout=30)
        self.assertIn("interrupted", stdout)


class Binaryen(Command):
    def test_engines_are_listed_and_timed(self):
        # Binaryen's interpreter is built with the command: the one real engine that is always there.
        if not (pathlib.Path(SLABHOUND).parent / "slabhound-binaryen").exists():
            self.skipTest("a build with sanitizers has no such worker")
        listed = run("engines")
        self.assertRegex(listed.stdout, r"(?m)^binaryen +installed ")
        timed = run("engines", "bench", "binaryen", "--modules", "3")
        self.assertEqual((timed.returncode, timed.stderr), (0, ""))
        header, figures = timed.stdout.splitlines()
        self.assertEqual(header.split()[:3], ["engine", "modules", "modules/s"])
        self.assertEqual(figures.split()[:2], ["binaryen", "3"])
        for arguments in (["bench", "oracle"], ["bench", "binaryen", "--modules", "0"], ["check", "nonsense"]):
            with self.subTest(arguments):
                self.assert_one_line(run("engines", *arguments))


class Faulty(Command):
    def test_told_commands_can_be_pasted(self):
        """The commands in finding.json and regression.wast show the finding again, with spaces in the folder's name."""
        if run("repro", "--fault", "root-loop-no-fixpoint", self.file("m.wat", b"(module)")).returncode == 2:
            self.skipTest("needs the faulty build")
        run("campaign", "--fault", "root-loop-no-fixpoint", "--modules", "400", "--out", "my findings", cwd=self.folder)
        bucket = min((self.folder / "my findings").glob("slab-panic-stale-id-*"))
        lines = [line.removeprefix(";; reproduce").strip("; ") for line in (bucket / "regression.wast").read_text().splitlines()]
        told = [(bucket, line.strip()) for line in lines if line.startswith("slabhound ")]
        told.append((self.folder, json.loads((bucket / "finding.json").read_text())["reproduce"]))
        self.assertEqual(len(told), 3)
        for folder, command in told:
            shell = f'slabhound() {{ "$PROGRAM" "$@"; }}; {command}'
            result = subprocess.run(["bash", "-c", shell], cwd=folder, env={"PROGRAM": os.path.abspath(SLABHOUND)},
                                    capture_output=True, text=True, timeout=120)
            self.assertEqual(result.returncode, 1, (command, result))
            self.assertIn("stale id", result.stdout)


if __name__ == "__main__":
    # A class is skipped as a whole: then nothing was tested, which is no pass.
    result = unittest.main(exit=False).result
    if result.skipped and len(result.skipped) == result.testsRun:
        sys.exit(77)
    sys.exit(not result.wasSuccessful() or len(result.skipped))
