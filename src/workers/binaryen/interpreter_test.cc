// Goal: each way a step of Binaryen's interpreter can end is told, with its log.
#include "workers/binaryen/interpreter.h"

#include <gmock/gmock.h>

#include "text/wat.h"
#include "wasm/encode.h"

namespace slabhound::workers {
namespace {

using testing::ElementsAre;

// A module with the imports of the portable form.
InterpreterRun Interpret(const std::string& fields, std::vector<std::string> exports = {"call 0"},
                         uint64_t log_max = 100) {
  const auto module = text::ReadModule(
      R"((module (import "slabhound" "log" (func $log (param i64)))
                 (import "slabhound" "gc" (func $gc))
                 (import "slabhound" "host" (func $host (param i32) (result externref)))
                 (import "slabhound" "host-number"
                   (func $number (param externref) (result i32))))" +
      fields + ")");
  return RunBinaryenInterpreter(wasm::Encode(module.value()), exports, log_max);
}

TEST(BinaryenInterpreter, LogsAndKeepsStateBetweenCalls) {
  const InterpreterRun run = Interpret(R"((global $n (mut i64) (i64.const -2))
             (func $next (call $gc) (global.set $n (i64.add (global.get $n) (i64.const 1)))
               (call $log (global.get $n)))
             (start $next)
             (export "a" (func $next)))",
                                       {"a", "a"});
  EXPECT_THAT(run.instantiate.log, ElementsAre(~uint64_t{0}));
  ASSERT_EQ(run.calls.size(), 2u);
  EXPECT_THAT(run.calls[0].log, ElementsAre(0));
  EXPECT_THAT(run.calls[1].log, ElementsAre(1));
}

TEST(BinaryenInterpreter, ValuesBeyondTheLimitAreCountedOnly) {
  const InterpreterRun run =
      Interpret(R"((func (export "call 0") (call $log (i64.const 5)) (call $log (i64.const 6))))",
                {"call 0"}, 1);
  EXPECT_THAT(run.calls.at(0).log, ElementsAre(5));
  EXPECT_EQ(run.calls.at(0).logged, 2u);
}

TEST(BinaryenInterpreter, HostObjectsHaveNumbersAndNothingElseHas) {
  const InterpreterRun run = Interpret(R"((func $say (param externref)
               (call $log (i64.extend_i32_s (call $number (local.get 0)))))
             (func (export "call 0")
               (call $say (call $host (i32.const 7)))
               (call $say (extern.convert_any (any.convert_extern (call $host (i32.const 8)))))
               (call $say (ref.null extern))
               (call $say (extern.convert_any (ref.i31 (i32.const 9))))))");
  EXPECT_THAT(run.calls.at(0).log, ElementsAre(7, 8, ~uint64_t{0}, ~uint64_t{0}));
}

TEST(BinaryenInterpreter, ATrapHasItsTextAndDoesNotEndTheRun) {
  const InterpreterRun run = Interpret(R"((table 1 anyref)
             (func (export "a") (call $log (i64.const 1))
               (drop (i32.div_s (i32.const 1) (i32.const 0))))
             (func (export "b") (table.set 0 (i32.const 1) (ref.null any)))
             (func (export "c") unreachable))",
                                       {"a", "b", "c"});
  ASSERT_EQ(run.calls.size(), 3u);
  for (const InterpreterStep& call : run.calls) EXPECT_EQ(call.end, InterpreterEnd::Trap);
  EXPECT_EQ(run.calls[0].text, "i32.div_s by 0");
  EXPECT_THAT(run.calls[0].log, ElementsAre(1));
  EXPECT_EQ(run.calls[1].text, "out of bounds table access");  // told past the interface
  EXPECT_EQ(run.calls[2].text, "unreachable");
}

TEST(BinaryenInterpreter, UnreachableLeavesAllFramesAndNothingCatchesIt) {
  constexpr std::string_view kBody = R"((type $f (func (result i32)))
             (func $unreachable (type $f) (if (i32.const 1) (then (unreachable))) (i32.const 1))
             (elem declare func $unreachable)
             (func $deep (result i32)
               (block $out (try_table (catch_all $out)
                 (loop (drop (i32.add (i32.const 1) (call_ref $f (ref.func $unreachable)))))))
               (call $log (i64.const 1)) (i32.const 2))
             (func $run (drop (call $deep)) (call $log (i64.const 2)))
             (func (export "b") (call $log (i64.const 3))))";
  const InterpreterRun run =
      Interpret(std::string(kBody) + R"((export "a" (func $run)))", {"a", "b", "a"});
  ASSERT_EQ(run.calls.size(), 3u);
  for (const size_t i : {0, 2}) {
    EXPECT_EQ(run.calls[i].end, InterpreterEnd::Trap);
    EXPECT_EQ(run.calls[i].text, "unreachable");
    EXPECT_EQ(run.calls[i].logged, 0u);
  }
  EXPECT_EQ(run.calls[1].end, InterpreterEnd::Returns);
  EXPECT_THAT(run.calls[1].log, ElementsAre(3));
  const InterpreterRun start = Interpret(std::string(kBody) + "(start $run)", {"b"});
  EXPECT_EQ(start.instantiate.end, InterpreterEnd::Trap);
  EXPECT_EQ(start.calls.size(), 0u);
}

TEST(BinaryenInterpreter, ALimitEndsTheRunAndAnExceptionDoesNot) {
  const InterpreterRun run = Interpret(R"((tag $t) (func $f (call $f))
             (export "deep" (func $f)) (func (export "throw") (throw $t)))",
                                       {"throw", "deep", "throw"});
  ASSERT_EQ(run.calls.size(), 2u);
  EXPECT_EQ(run.calls[0].end, InterpreterEnd::Exception);
  EXPECT_EQ(run.calls[1].end, InterpreterEnd::Limit);
  EXPECT_EQ(run.calls[1].text, "stack limit");
}

TEST(BinaryenInterpreter, RefusesWhatItCannotRun) {
  const auto text_of = [](ByteSpan bytes) {
    const InterpreterRun run = RunBinaryenInterpreter(bytes, {}, 0);
    return run.instantiate.end == InterpreterEnd::Rejected ? run.instantiate.text : "accepted";
  };
  EXPECT_EQ(text_of(Bytes{0, 'a', 's', 'm', 1, 0, 0, 0}), "accepted");
  EXPECT_NE(text_of(Bytes{0, 'a', 's'}), "accepted");
  const auto refused = [&](std::string_view wat) {
    return text_of(wasm::Encode(text::ReadModule(wat).value()));
  };
  EXPECT_EQ(refused(R"((module (import "slabhound" "other" (func))))"), "unknown import other");
  EXPECT_EQ(refused(R"((module (import "slabhound" "log" (global i32))))"), "unknown import");
  EXPECT_EQ(refused("(module (func (result i32)))"), "popping from empty stack");
  EXPECT_EQ(refused("(module (func (drop (i32.eqz (i64.const 1)))))"), "it is not valid");
}

}  // namespace
}  // namespace slabhound::workers
