// Goal: a run with answers is the recorded one, in order, and ends where it departs; imports of any
// type are given something where anything can be.
#include "provide/provide.h"

#include <gmock/gmock.h>

#include "provide/fixture.h"

namespace slabhound::provide {
namespace {

using testing::ElementsAre;

std::vector<std::string> Replayed(std::string_view source, const std::string& lines) {
  const auto answers = ReadAnswers("slabhound-imports 1\n" + lines);
  EXPECT_TRUE(answers.has_value()) << answers.error();
  return LinesOf(CaseOf(source), &*answers);
}

TEST(Replay, AnswersComeInOrderAndEveryCallIsLogged) {
  EXPECT_THAT(Replayed(R"(
    (import "m" "f" (func $f (param i32) (result i32)))
    (import "m" "g" (func $g (result f64)))
    (func (export "run") (param i32) (result i32 i32 f64)
      (call $f (local.get 0)) (call $f (i32.const 2)) (call $g)))",
                       R"(
    export "run" i32:1
      import "m" "f" i32:1 -> i32:10
      import "m" "f" i32:2 -> i32:20
      import "m" "g" -> f64:0.5
    -> i32:10 i32:20 f64:0.5)"),
              ElementsAre("f: i32 1", "f: i32 2", "g: ", "recorded 0: returns"));
}

constexpr const char* kOne = R"(
    (import "m" "f" (func $f (param i32) (result i32)))
    (func (export "run") (param i32) (result i32) (call $f (local.get 0))))";

TEST(Replay, DepartsWhereArgumentsAreOthers) {
  EXPECT_THAT(Replayed(kOne, R"(
    export "run" i32:1
      import "m" "f" i32:2 -> i32:3
    -> i32:3)"),
              ElementsAre("f: i32 1", "departed: i32 1", "recorded 0: trap Unreachable"));
}

TEST(Replay, DepartsBehindTheLastAnswerAndWhereResultsAreOthers) {
  EXPECT_THAT(Replayed(kOne, R"(
    export "run" i32:1
      import "m" "f" i32:1 -> i32:3
    -> i32:4
    export "run" i32:1 -> i32:3)"),
              ElementsAre("f: i32 1", "departed: i32 0", "recorded 0: trap Unreachable", "f: i32 1",
                          "departed: i32 2", "recorded 1: trap Unreachable"));
}

TEST(Replay, StringsAndNumbersAreCompared) {
  constexpr const char* kEcho = R"(
    (import "m" "get" (func $get (result externref)))
    (import "m" "put" (func $put (param externref f32)))
    (func (export "run") (call $put (call $get) (f32.const nan:0x200001))))";
  EXPECT_THAT(Replayed(kEcho, R"(
    export "run"
      import "m" "get" -> str:"caf\00e9"
      import "m" "put" str:"caf\00e9" f32:nan ->
    ->)"),
              ElementsAre("get: ", testing::StartsWith("put: object"), "recorded 0: returns"));
  EXPECT_THAT(Replayed(kEcho, R"(
    export "run"
      import "m" "get" -> str:"cafe"
      import "m" "put" str:"caf\00e9" f32:nan ->
    ->)"),
              ElementsAre("get: ", testing::_, "departed: i32 1", "recorded 0: trap Unreachable"));
}

TEST(Replay, WhatTheModuleShowedComesBackAndObjectsAreTheSame) {
  EXPECT_THAT(Replayed(R"(
    (type $point (struct (field i32)))
    (import "m" "keep" (func $keep (param (ref $point))))
    (import "m" "back" (func $back (result (ref null $point))))
    (import "m" "object" (func $object (result externref)))
    (import "m" "told" (func $told (param i32 i32)))
    (func (export "run")
      (local $point (ref $point))
      (local.set $point (struct.new $point (i32.const 3)))
      (call $keep (local.get $point))
      (call $told (ref.eq (call $back) (local.get $point))
        (ref.eq (ref.cast eqref (any.convert_extern (call $object)))
                (ref.cast eqref (any.convert_extern (call $object)))))))",
                       R"(
    export "run"
      import "m" "keep" ref:0 ->
      import "m" "back" -> ref:0
      import "m" "object" -> host:1
      import "m" "object" -> host:1
      import "m" "told" i32:1 i32:1 ->
    ->)"),
              testing::Contains("recorded 0: returns"));
}

TEST(Replay, TheHostCallsBackWritesAndThrows) {
  EXPECT_THAT(Replayed(R"(
    (import "js" "tag" (tag $js (param externref)))
    (import "m" "f" (func $f (param funcref) (result i32)))
    (memory (export "memory") 1)
    (tag $own (export "own") (param i32))
    (func $shown (param i32) (result i32) (i32.add (local.get 0) (i32.load (i32.const 8))))
    (elem declare func $shown)
    (func (export "throws") (throw $own (i32.const 1)))
    (func (export "run") (result i32)
      (block $object (result externref)
        (block $number (result i32)
          (try_table (catch $own $number) (catch $js $object)
            (drop (call $f (ref.func $shown)))
            (unreachable)) (unreachable))
        (drop)
        (try_table (catch $js $object) (return (call $f (ref.null func))))
        (unreachable))
      (ref.is_null) (i32.add (i32.const 40))))",
                       R"(
    js-tag "js" "tag"
    export "run"
      import "m" "f" ref:0
        write export "memory" 8 05
        ref:0 i32:2 -> i32:7
        export "throws" threw
      throw export "own" i32:9
      import "m" "f" null throw host:1
    -> i32:40)"),
              ElementsAre(testing::StartsWith("f: func"), "f: null", "recorded 0: returns"));
}

TEST(Replay, OtherImportsAreAsRecorded) {
  EXPECT_THAT(Replayed(R"(
    (import "m" "memory" (memory 1))
    (import "m" "table" (table 1 funcref))
    (import "m" "offset" (global $offset i32))
    (import "m" "name" (global $name externref))
    (func (export "run") (result i32 i32 i32 i32)
      (memory.size) (table.size 0) (global.get $offset)
      (array.len (ref.cast arrayref (any.convert_extern (global.get $name))))))",
                       R"(
    memory "m" "memory" 3
    table "m" "table" 5
    global "m" "offset" i32:1024
    global "m" "name" str:"four"
    export "run" -> i32:3 i32:5 i32:1024 i32:4)"),
              ElementsAre("recorded 0: returns"));
}

TEST(Replay, AnswersThatDoNotFitAreOneLine) {
  EXPECT_THAT(Replayed(kOne, "export \"run\" i32:1\nimport \"m\" \"f\" i32:1 -> f64:1\n-> i32:1"),
              ElementsAre("line 3: import m.f: a value of kind f64 is none of type i32"));
  EXPECT_THAT(Replayed(kOne, "export \"run\" i32:1\nimport \"m\" \"f\" -> i32:1\n-> i32:1"),
              ElementsAre("line 3: import m.f: 0 arguments of 1"));
  EXPECT_THAT(Replayed(kOne, "export \"ran\" ->"),
              ElementsAre("line 2: the module has no such export 'ran'"));
}

TEST(Provide, MakesWhatHasNoDefault) {
  EXPECT_THAT(LinesOf(CaseOf(R"(
    (type $f (func (result i32)))
    (type $units (array (mut i16)))
    (type $point (struct (field i32) (field (ref $units))))
    (import "m" "object" (func $object (result (ref $point))))
    (import "m" "extern" (func $extern (param i32) (result (ref extern) i32)))
    (import "m" "point" (global $point (ref $point)))
    (import "m" "changes" (global $changes (mut (ref struct))))
    (import "m" "function" (global $function (ref $f)))
    (import "m" "table" (table $table 2 (ref func)))
    (func (export "f") (result i32 i32 i32 i32)
      (struct.get $point 0 (call $object))
      (drop (struct.get $point 0 (global.get $point)))
      (drop (call $extern (i32.const 4))) (drop)
      (ref.is_null (global.get $changes))
      (call_ref $f (global.get $function))
      (ref.is_null (table.get $table (i32.const 1)))))",
                             {{"f", {}}})),
              ElementsAre("object: ", "extern: i32 4", "f: returns i32 0 i32 0 i32 0 i32 0"));
}

TEST(Provide, LeavesWhatNeedsNothing) {
  const testcase::TestCase test_case =
      CaseOf(R"((import "m" "f" (func (param i32) (result i32))))");
  const auto provided = Provide(test_case);
  ASSERT_TRUE(provided.has_value());
  EXPECT_EQ(text::PrintModule(provided->module), text::PrintModule(test_case.module));
}

TEST(Provide, ListsEveryImport) {
  const auto answers = ReadAnswers("slabhound-imports 1\nstart\nimport \"m\" \"f\" ->\n->");
  ASSERT_TRUE(answers.has_value());
  const testcase::TestCase test_case = CaseOf(R"(
    (import "m" "f" (func))
    (import "m" "g" (func (param i32) (result (ref extern))))
    (import "m" "h" (func (result (ref exn))))
    (import "wasm:js-string" "length" (func (param externref) (result i32)))
    (import "slabhound" "gc" (func))
    (import "m" "memory" (memory 1 2))
    (import "m" "table" (table 1 funcref))
    (import "m" "global" (global (mut externref)))
    (import "'" "text" (global (ref extern)))
    (import "m" "tag" (tag (param i32))))");
  EXPECT_EQ(*ImportsText(test_case), R"("m" "f" (func): logs its call, returns zeros and nulls
"m" "g" (func (param i32) (result (ref extern))): logs its call, returns new values
"m" "h" (func (result (ref exn))): logs its call, then traps: no value of its results
"wasm:js-string" "length" (func (param (ref null extern)) (result i32)): library js_string
"slabhound" "gc" (func): a meaning of its own
"m" "memory" (memory 1 2): a memory of its least size, of zeros
"m" "table" (table 1 (ref null func)): a table of its least size
"m" "global" (global (mut (ref null extern))): host object 123
"'" "text" (global (ref extern)): the string of its name
"m" "tag" (tag (param i32)): a tag
)");
  EXPECT_THAT(*ImportsText(test_case, &*answers),
              testing::StartsWith("\"m\" \"f\" (func): recorded answers: 1\n"
                                  "\"m\" \"g\" (func (param i32) (result (ref extern))): "
                                  "recorded answers: 0\n"));
}

}  // namespace
}  // namespace slabhound::provide
