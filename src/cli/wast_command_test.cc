// `slabhound wast` end to end: what passes on every engine, what fails and how it is told, and the
// exit codes.
#include "cli/wast_command.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/test_folder.h"
#include "diff/dispatch.h"
#include "engine/spec.h"
#include "heap/fault.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

struct Ended {
  int code = -1;
  std::string out, error;
};

class WastCommand : public testing::Test {
 protected:
  std::string Path(std::string_view name) const { return test_folder_.File(std::string(name)); }

  std::string Write(std::string_view name, std::string_view content) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    EXPECT_TRUE(WriteFile(Path(name), AsBytes(content)).has_value());
    return Path(name);
  }

  // Paths are told without the test's folder.
  Ended Run(const std::vector<std::string>& arguments) const {
    CLI::App app;
    const Command command = AddWastCommand(app);
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    reversed.emplace_back("wast");
    app.parse(reversed);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ended ended;
    ended.code = command.run();
    std::fflush(stdout);
    ended.out = Shorten(testing::internal::GetCapturedStdout());
    ended.error = Shorten(testing::internal::GetCapturedStderr());
    return ended;
  }

 private:
  std::string Shorten(std::string text) const {
    for (size_t at; (at = text.find(folder_)) != std::string::npos;) {
      text.replace(at, folder_.size(), "DIR");
    }
    return text;
  }
  const TestFolder test_folder_;
  const std::string& folder_ = test_folder_.path();
};

constexpr std::string_view kEngines[] = {"oracle", "slab:null:never",
                                         "slab:mark_sweep:every-allocation",
                                         "slab:mark_sweep:every-safepoint"};

// One of each command and assertion.
constexpr std::string_view kPasses = R"wast(
(module $m
  (import "spectest" "print_i32" (func $print (param i32)))
  (import "spectest" "global_f32" (global f32))
  (import "spectest" "table64" (table i64 10 20 funcref))
  (import "spectest" "memory" (memory 1 2))
  (tag $e (param i32))
  (type $pair (struct (field i32) (field (ref null any))))
  (global (export "g") i32 (i32.const 42))
  (func (export "add") (param i32 i32) (result i32)
    (call $print (local.get 0)) (i32.add (local.get 0) (local.get 1)))
  (func (export "two") (result i32 i64) (i32.const 1) (i64.const 2))
  (func (export "nan") (result f32) (f32.div (f32.const 0) (f32.const 0)))
  (func (export "pair") (param externref) (result (ref $pair))
    (struct.new $pair (i32.const 1) (any.convert_extern (local.get 0))))
  (func (export "back") (param externref) (result externref anyref)
    (local.get 0) (struct.get $pair 1 (struct.new $pair (i32.const 1)
      (any.convert_extern (local.get 0)))))
  (func (export "div") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
  (func $deep (export "deep") (call $deep))
  (func (export "throw") (throw $e (i32.const 1))))
(register "M" $m)
(invoke "add" (i32.const 1) (i32.const 2))
(get $m "g")
(assert_return (get "g") (i32.const 42))
(assert_return (invoke "add" (i32.const 1) (i32.const -2)) (i32.const 0xffff_ffff))
(assert_return (invoke "two") (i32.const 1) (i64.const 2))
(assert_return (invoke "nan") (f32.const nan:canonical))
(assert_return (invoke "pair" (ref.null extern)) (ref.struct))
(assert_return (invoke "back" (ref.extern 7)) (ref.extern 7) (ref.host 7))
(assert_trap (invoke "div" (i32.const 0)) "integer divide by zero")
(assert_trap (module (func unreachable) (start 0)) "unreachable")
(assert_exhaustion (invoke "deep") "call stack exhausted")
(assert_exception (invoke "throw"))
(assert_malformed (module quote "(func") "unexpected token")
(assert_malformed (module binary "\00asm") "unexpected end")
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_unlinkable (module (import "M" "g" (global i64))) "incompatible import type")
(assert_unlinkable (module (import "M" "none" (func))) "unknown import")
(module definition $d (global (export "c") (mut i32) (i32.const 1))
  (func (export "inc") (result i32)
    (global.set 0 (i32.add (global.get 0) (i32.const 1))) (global.get 0)))
(module instance $a $d)
(module instance $b $d)
(assert_return (invoke $a "inc") (i32.const 2))
(assert_return (get $b "c") (i32.const 1))
)wast";

TEST_F(WastCommand, ImportsThatForceCollectionsDoSo) {
  const std::string script = Write("gc.wast", R"wast(
(module $a
  (import "wasmtime" "gc" (func $gc))
  (type $box (struct (field i32)))
  (func $make (param i32) (result (ref $box)) (struct.new $box (local.get 0)))
  (func (export "make") (param i32) (result anyref) (call $gc) (call $make (local.get 0)))
  (func (export "run") (result i32) (local $it (ref null $box))
    (local.set $it (call $make (i32.const 5)))
    (call $gc)
    (struct.get $box 0 (local.get $it))))
(register "a")
(module
  (import "" "gc" (func $gc))
  (import "a" "run" (func $run (result i32)))
  (func (export "run") (result i32) (call $gc) (call $run)))
(assert_return (invoke "run") (i32.const 5))
(assert_return (invoke $a "make" (i32.const 1)) (ref.struct))
)wast");
  for (const std::string_view engine : kEngines) {
    const Ended ended = Run({script, "--engine", std::string(engine)});
    EXPECT_EQ(ended.code, kExitFine) << engine << "\n" << ended.out << ended.error;
  }
  if (const auto binaryen = engine::ParseEngine("binaryen"); worker::WorkerCommand(*binaryen)) {
    const Ended ended = Run({script, "--engine", "binaryen"});
    EXPECT_EQ(ended.code, kExitFine) << ended.out << ended.error;
  }
}

TEST_F(WastCommand, PassesOnEveryEngine) {
  const std::string path = Write("passes.wast", kPasses);
  for (const std::string_view engine : kEngines) {
    const Ended ended = Run({"--engine", std::string(engine), path});
    EXPECT_EQ(ended.out, "17 passed, 0 failed\n") << engine;
    EXPECT_EQ(ended.error, "") << engine;
    EXPECT_EQ(ended.code, kExitFine) << engine;
  }
}

// Each assertion wrong, each command that cannot do what it says.
constexpr std::string_view kFails = R"wast((module $m
  (tag $e)
  (func (export "one") (result i32) (i32.const 1))
  (func (export "null") (result funcref) (ref.null func))
  (func (export "trap") unreachable)
  (func (export "throw") (throw $e))
  (func (export "loop") (loop (br 0)))
  (memory 1) (func (export "load") (drop (i32.load (i32.const -1)))))
(assert_return (invoke "one") (i32.const 2))
(assert_return (invoke "one"))
(assert_return (invoke "null") (ref.func))
(assert_return (invoke "trap"))
(assert_trap (invoke "one") "unreachable")
(assert_trap (invoke "load") "out of bounds table access")
(assert_trap (module (func)) "unreachable")
(assert_exhaustion (invoke "loop") "call stack exhausted")
(assert_exception (invoke "trap"))
(assert_malformed (module quote "(func)") "x")
(assert_malformed (module quote "(func (result i32))") "x")
(assert_invalid (module (func)) "x")
(assert_invalid (module quote "(func") "x")
(assert_invalid (module quote "(memory 1 1 shared)") "x")
(assert_unlinkable (module) "unknown import")
(assert_unlinkable (module (import "m" "f" (func))) "incompatible import type")
(invoke "throw")
(invoke "nothing")
(invoke "one" (i32.const 1))
(get "one")
(get $n "one")
(module instance $x $y)
(register "n" $n)
(module (import "m" "f" (func)))
(assert_return (invoke "one") (i32.const 1))
)wast";

TEST_F(WastCommand, TellsWhatFailed) {
  const std::string path = Write("fails.wast", kFails);
  const std::string_view lines[] = {
      "assert_return: invoke \"one\": expected (i32.const 2), came (i32.const 1)",
      "assert_return: invoke \"one\": expected no results, came (i32.const 1)",
      "assert_return: invoke \"null\": expected (ref.func), came (ref.null func)",
      "assert_return: invoke \"trap\": expected no results, came the trap \"unreachable\"",
      "assert_trap: invoke \"one\": expected the trap \"unreachable\", came (i32.const 1)",
      "assert_trap: invoke \"load\": expected the trap \"out of bounds table access\", came the "
      "trap \"out of bounds memory access\"",
      "assert_trap: expected the trap \"unreachable\", came an instance",
      "assert_exhaustion: invoke \"loop\": expected exhausted call-depth, came exhausted fuel",
      "assert_exception: invoke \"trap\": expected an exception, came the trap \"unreachable\"",
      "assert_malformed: expected malformed: \"x\", came a valid module",
      "assert_malformed: expected malformed: \"x\", came invalid: type mismatch at 1:19: end needs "
      "i32 but finds too few operands",
      "assert_invalid: expected invalid: \"x\", came a valid module",
      "assert_invalid: expected invalid: \"x\", came malformed: unexpected token at 1:6: expected "
      "), found the end",
      "assert_invalid: expected invalid: \"x\", came unsupported: threads (shared) is outside "
      "the profile at 1:13",
      "assert_unlinkable: expected unlinkable: \"unknown import\", came an instance",
      "assert_unlinkable: expected unlinkable: \"incompatible import type\", came unknown import: "
      "m.f",
      "invoke \"throw\": expected a return, came an exception",
      "there is no exported function \"nothing\"",
      "invoke \"one\": the arguments do not match its parameters",
      "there is no exported global \"one\"",
      "unknown instance $n",
      "unknown module definition $y",
      "unknown instance $n",
      "expected an instance, came unknown import: m.f",
      "assert_return: there is no instance",
  };
  std::string expected;
  uint32_t line = 9;
  for (const std::string_view each : lines) {
    expected += fmt::format("DIR/fails.wast:{}: {}\n", line++, each);
  }
  expected += fmt::format("0 passed, {} failed\n", std::size(lines));
  const Ended ended = Run({"--engine", "oracle", path});
  EXPECT_EQ(ended.out, expected);
  EXPECT_EQ(ended.code, kExitFinding);
}

TEST_F(WastCommand, FolderIsWalkedInOrderWithinTheProfile) {
  Write("b/two.wast", "(assert_return (invoke \"f\"))");
  Write("a/one.wast", "(assert_return (invoke \"f\"))");
  Write("c/notes.txt", "(");
  Write("proposals/relaxed-simd/x.wast", "(");
  const Ended ended = Run({"--engine", "oracle", Path("")});
  EXPECT_EQ(ended.out,
            "left out: proposals/relaxed-simd (1 scripts): relaxed SIMD does not run\n"
            "DIR/a/one.wast:1: assert_return: there is no instance\n"
            "DIR/b/two.wast:1: assert_return: there is no instance\n"
            "0 passed, 2 failed\n");
  EXPECT_EQ(ended.code, kExitFinding);
  // Named itself, a script is not left out.
  EXPECT_EQ(Run({Path("proposals/relaxed-simd/x.wast")}).code, kExitUsage);
  EXPECT_EQ(Run({Path("proposals")}).error,
            "slabhound: every script is left out: nothing to run\n");
}

TEST_F(WastCommand, BadInputIsOneLineAndTheOthersStillRun) {
  const std::string good = Write("good.wast", "(module)");
  const std::string bad = Write("bad.wast", "(module)\n (assert_trap)");
  const std::string empty = Write("empty.wast", "");
  const Ended ended = Run({"--engine", "oracle", bad, good, empty, Path("none.wast")});
  EXPECT_EQ(ended.code, kExitUsage);
  EXPECT_EQ(ended.error,
            "slabhound: DIR/bad.wast:2:14: malformed: unexpected token: expected (module, (invoke "
            "or (get, found )\n"
            "slabhound: DIR/empty.wast: the file is empty\n"
            "slabhound: DIR/none.wast: No such file or directory\n");
  EXPECT_EQ(ended.out, "0 passed, 0 failed\n");
  std::filesystem::create_directories(Path("empty"));
  EXPECT_EQ(Run({Path("empty")}).error, "slabhound: DIR/empty: no *.wast in this folder\n");
}

// A reference that only the outer back edge keeps alive, read after a collection.
constexpr std::string_view kLoop = R"wast((module
  (type $s (struct (field i32)))
  (func (export "run") (result i32)
    (local $kept (ref null $s)) (local $n i32)
    (local.set $kept (struct.new $s (i32.const 7)))
    (loop $outer
      (if (i32.ne (struct.get $s 0 (local.get $kept)) (i32.const 7)) (then (return (i32.const 0))))
      (drop (struct.new $s (i32.const 1)))
      (loop $inner (br_if $inner (i32.const 0)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $outer (i32.lt_s (local.get $n) (i32.const 9))))
    (i32.const 1)))
(assert_return (invoke "run") (i32.const 1))
(assert_return (invoke "run") (i32.const 1))
)wast";

TEST_F(WastCommand, PanicIsNamedAndEndsItsScript) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const std::string path = Write("loop.wast", kLoop);
  const std::string engine = "slab:mark_sweep:every-allocation";
  EXPECT_EQ(Run({"--engine", engine, path}).code, kExitFine);
  const Ended ended = Run({"--engine", engine, "--fault", "root-loop-no-fixpoint", path});
  EXPECT_EQ(ended.code, kExitFinding);
  EXPECT_TRUE(
      ended.out.starts_with("DIR/loop.wast:13: assert_return: invoke \"run\": expected "
                            "(i32.const 1), came the panic \""))
      << ended.out;
  EXPECT_TRUE(
      ended.out.ends_with("DIR/loop.wast:14: 1 commands not run after the panic\n"
                          "0 passed, 2 failed\n"))
      << ended.out;
}

TEST_F(WastCommand, WorkerThatDoesNotStartIsOneLine) {
  const Ended ended = Run({"--engine", "worker:true", Write("good.wast", "(module)")});
  EXPECT_EQ(ended.code, kExitUsage);
  EXPECT_EQ(ended.error, "slabhound: --engine worker:true: exit: code 0: \n");
}

// What passes on the engines of this process passes through a worker, and what fails there fails.
TEST_F(WastCommand, EnginesBehindWorkersAreHeldAgainstScripts) {
  if (!worker::WorkerCommand(*engine::ParseEngine("v8"))) GTEST_SKIP() << "v8 is not installed";
  const Ended passes = Run({"--engine", "v8", Write("passes.wast", kPasses)});
  EXPECT_EQ(passes.out,
            "14 passed, 0 failed\n"
            "not run: linking is done before the engine has the module (2 assertions)\n"
            "not run: text that is malformed has no binary (1 assertions)\n");
  EXPECT_EQ(passes.code, kExitFine);
  const Ended fails = Run({"--engine", "v8", Write("fails.wast", kFails)});
  EXPECT_EQ(fails.code, kExitFinding);
  EXPECT_TRUE(
      fails.out.starts_with("DIR/fails.wast:9: assert_return: invoke \"one\": expected "
                            "(i32.const 2), came returns i32 1\n"))
      << fails.out;
  EXPECT_NE(fails.out.find("\n1 passed, 22 failed\n"), std::string::npos) << fails.out;
}

}  // namespace
}  // namespace slabhound::cli
