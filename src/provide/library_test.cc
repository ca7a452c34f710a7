// Goal: each function of a library does what its specification says, on the oracle and on the slab
// engine.
//
// Method: one expression over the imports, and what it comes to.
#include "provide/library.h"

#include <fmt/format.h>

#include "provide/fixture.h"

namespace slabhound::provide {
namespace {

using testing::ElementsAre;

constexpr const char* kStrings = R"(
  (type $units (array (mut i16)))
  (import "wasm:js-string" "test" (func $test (param externref) (result i32)))
  (import "wasm:js-string" "cast" (func $cast (param externref) (result (ref extern))))
  (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
  (import "wasm:js-string" "fromCharCodeArray"
    (func $from (param (ref null $units) i32 i32) (result (ref extern))))
  (import "wasm:js-string" "intoCharCodeArray"
    (func $into (param externref (ref null $units) i32) (result i32)))
  (import "wasm:js-string" "fromCharCode" (func $char (param i32) (result (ref extern))))
  (import "wasm:js-string" "fromCodePoint" (func $point (param i32) (result (ref extern))))
  (import "wasm:js-string" "charCodeAt" (func $char-at (param externref i32) (result i32)))
  (import "wasm:js-string" "codePointAt" (func $point-at (param externref i32) (result i32)))
  (import "wasm:js-string" "concat"
    (func $concat (param externref externref) (result (ref extern))))
  (import "wasm:js-string" "substring" (func $sub (param externref i32 i32) (result (ref extern))))
  (import "wasm:js-string" "equals" (func $equals (param externref externref) (result i32)))
  (import "wasm:js-string" "compare" (func $compare (param externref externref) (result i32)))
  (import "'" "abc" (global $abc (ref extern)))
  (import "'" "abd" (global $abd (ref extern)))
  (import "'" "" (global $empty (ref extern)))
  (import "'" "h\c3\a9\f0\9f\98\80" (global $accents (ref extern)))
  (import "m" "object" (global $object externref))
)";

// "i32 5" or "trap …" for an expression that leaves an i32.
std::string Gives(const std::string& expression) {
  const auto lines = LinesOf(CaseOf(
      fmt::format("{} (func (export \"f\") (result i32) {})", kStrings, expression), {{"f", {}}}));
  if (lines.size() != 1) return fmt::format("{} lines: {}", lines.size(), fmt::join(lines, "; "));
  return lines[0].substr(lines[0].find(':') + 2);
}

TEST(Library, KnowsStrings) {
  EXPECT_EQ(Gives("(call $test (global.get $abc))"), "returns i32 1");
  EXPECT_EQ(Gives("(call $test (ref.null extern))"), "returns i32 0");
  EXPECT_EQ(Gives("(call $test (global.get $object))"), "returns i32 0");
  EXPECT_EQ(Gives("(call $test (extern.convert_any (array.new_default $units (i32.const 3))))"),
            "returns i32 0");
  EXPECT_EQ(Gives("(call $length (call $cast (global.get $abc)))"), "returns i32 3");
  EXPECT_EQ(Gives("(ref.is_null (call $cast (global.get $object)))"), "trap CastFailure");
  EXPECT_EQ(Gives("(call $length (ref.null extern))"), "trap CastFailure");
}

TEST(Library, ConstantsAreTheUnitsOfTheirNames) {
  EXPECT_EQ(Gives("(call $length (global.get $empty))"), "returns i32 0");
  EXPECT_EQ(Gives("(call $length (global.get $accents))"), "returns i32 4");
  EXPECT_EQ(Gives("(call $char-at (global.get $accents) (i32.const 1))"), "returns i32 233");
  EXPECT_EQ(Gives("(call $point-at (global.get $accents) (i32.const 2))"), "returns i32 128512");
}

TEST(Library, TakesUnitsAndPointsFromStrings) {
  EXPECT_EQ(Gives("(call $char-at (global.get $abc) (i32.const 2))"), "returns i32 99");
  EXPECT_EQ(Gives("(call $char-at (global.get $abc) (i32.const 3))"), "trap ArrayOutOfBounds");
  EXPECT_EQ(Gives("(call $char-at (global.get $abc) (i32.const -1))"), "trap ArrayOutOfBounds");
  // A half of a pair is itself.
  EXPECT_EQ(Gives("(call $point-at (global.get $accents) (i32.const 3))"), "returns i32 56832");
  EXPECT_EQ(Gives("(call $point-at (call $char (i32.const 0xd83d)) (i32.const 0))"),
            "returns i32 55357");
}

TEST(Library, MakesStrings) {
  EXPECT_EQ(Gives("(call $char-at (call $char (i32.const 0x10041)) (i32.const 0))"),
            "returns i32 65");
  EXPECT_EQ(Gives("(call $point-at (call $point (i32.const 0x1f600)) (i32.const 0))"),
            "returns i32 128512");
  EXPECT_EQ(Gives("(call $length (call $point (i32.const 0xffff)))"), "returns i32 1");
  EXPECT_EQ(Gives("(call $length (call $point (i32.const 0x110000)))"), "trap Unreachable");
  EXPECT_EQ(Gives("(call $equals (global.get $abc) (call $concat (call $sub (global.get $abc) "
                  "(i32.const 0) (i32.const 2)) (call $char (i32.const 99))))"),
            "returns i32 1");
}

TEST(Library, CutsSubstringsToWhatThereIs) {
  const auto length = [](int start, int end) {
    return Gives(fmt::format(
        "(call $length (call $sub (global.get $abc) (i32.const {}) (i32.const {})))", start, end));
  };
  EXPECT_EQ(length(1, 2), "returns i32 1");
  EXPECT_EQ(length(1, 100), "returns i32 2");
  EXPECT_EQ(length(0, -1), "returns i32 3");
  EXPECT_EQ(length(2, 1), "returns i32 0");
  EXPECT_EQ(length(7, 9), "returns i32 0");
}

TEST(Library, ComparesStrings) {
  EXPECT_EQ(Gives("(call $compare (global.get $abc) (global.get $abd))"), "returns i32 -1");
  EXPECT_EQ(Gives("(call $compare (global.get $abd) (global.get $abc))"), "returns i32 1");
  EXPECT_EQ(Gives("(call $compare (global.get $abc) (global.get $empty))"), "returns i32 1");
  EXPECT_EQ(Gives("(call $compare (global.get $empty) (global.get $abc))"), "returns i32 -1");
  EXPECT_EQ(Gives("(call $compare (global.get $abc) (global.get $abc))"), "returns i32 0");
  EXPECT_EQ(Gives("(call $compare (global.get $abc) (ref.null extern))"), "trap CastFailure");
  EXPECT_EQ(Gives("(call $equals (ref.null extern) (ref.null extern))"), "returns i32 1");
  EXPECT_EQ(Gives("(call $equals (ref.null extern) (global.get $abc))"), "returns i32 0");
  EXPECT_EQ(Gives("(call $equals (global.get $abc) (ref.null extern))"), "returns i32 0");
  EXPECT_EQ(Gives("(call $equals (ref.null extern) (global.get $object))"), "trap CastFailure");
}

TEST(Library, CopiesUnitsBetweenStringsAndArrays) {
  const std::string units =
      "(array.new_fixed $units 4 (i32.const 97) (i32.const 98) (i32.const 99) (i32.const 100))";
  const auto from = [&](int start, int end) {
    return fmt::format("(call $from {} (i32.const {}) (i32.const {}))", units, start, end);
  };
  EXPECT_EQ(Gives("(call $equals (global.get $abc) " + from(0, 3) + ")"), "returns i32 1");
  EXPECT_EQ(Gives("(call $length " + from(4, 4) + ")"), "returns i32 0");
  EXPECT_EQ(Gives("(call $length " + from(0, 5) + ")"), "trap Unreachable");
  EXPECT_EQ(Gives("(call $length " + from(3, 2) + ")"), "trap Unreachable");
  EXPECT_EQ(Gives("(call $length (call $from (ref.null $units) (i32.const 0) (i32.const 0)))"),
            "trap NullArrayReference");
  EXPECT_EQ(Gives("(call $into (global.get $abc) " + units + " (i32.const 1))"), "returns i32 3");
  EXPECT_EQ(Gives("(call $into (global.get $abc) " + units + " (i32.const 2))"),
            "trap ArrayOutOfBounds");
  EXPECT_EQ(Gives("(local $units (ref $units)) (local.set $units " + units +
                  ") (drop (call $into (global.get $abc) (local.get $units) (i32.const 1))) "
                  "(array.get_u $units (local.get $units) (i32.const 3))"),
            "returns i32 99");
}

TEST(Library, ALikeNameOfAnotherTypeLogsItsCall) {
  EXPECT_THAT(LinesOf(CaseOf(R"(
    (import "wasm:js-string" "length" (func $length (param externref) (result i64)))
    (func (export "f") (result i64) (call $length (ref.null extern))))",
                             {{"f", {}}})),
              ElementsAre("length: null", "f: returns i64 0"));
}

TEST(Library, WasiStartsUpAndTellsWhatIsWritten) {
  EXPECT_THAT(
      LinesOf(CaseOf(R"(
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "clock_time_get"
      (func $clock (param i32 i64 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write"
      (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\10\00\00\00\01\00\00\00\11\00\00\00\01\00\00\00ab")
    (func (export "args") (result i32 i32)
      (i32.store (i32.const 64) (i32.const 9))
      (call $args (i32.const 64) (i32.const 68)) (i32.load (i32.const 64)))
    (func (export "clock") (result i64)
      (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 64))) (i64.load (i32.const 64)))
    (func (export "random") (result i64)
      (drop (call $random (i32.const 64) (i32.const 8))) (i64.load (i32.const 64)))
    (func (export "write") (result i32 i32)
      (call $write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 64))
      (i32.load (i32.const 64)))
    (func (export "close") (result i32) (call $close (i32.const 5)))
    (func (export "exit") (call $exit (i32.const 3))))",
                     {{"args", {}},
                      {"clock", {}},
                      {"clock", {}},
                      {"random", {}},
                      {"write", {}},
                      {"close", {}},
                      {"exit", {}}})),
      ElementsAre("args: returns i32 0 i32 0", "clock: returns i64 1000000",
                  "clock: returns i64 2000000", testing::StartsWith("random: returns i64 "),
                  // FNV-1a of "ab".
                  "fd_write: i32 1, i32 2, i64 620445648566982762", "write: returns i32 0 i32 2",
                  "close: returns i32 8", "proc_exit: i32 3", "exit: trap Unreachable"));
}

TEST(Library, KotlinsStringsCrossInMemory) {
  EXPECT_THAT(LinesOf(CaseOf(R"(
    (import "js_code" "kotlin.wasm.internal.importStringFromWasm"
      (func $import (param i32 i32 externref) (result externref)))
    (import "js_code" "kotlin.wasm.internal.jsExportStringToWasm"
      (func $export (param externref i32 i32 i32)))
    (import "js_code" "kotlin.wasm.internal.stringLength"
      (func $length (param externref) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "a\00b\00c\00")
    (func (export "f") (result i32 i32)
      (local $string externref)
      (local.set $string (call $import (i32.const 2) (i32.const 2)
        (call $import (i32.const 0) (i32.const 1) (ref.null extern))))
      (call $export (local.get $string) (i32.const 1) (i32.const 2) (i32.const 64))
      (call $length (local.get $string)) (i32.load (i32.const 64))))",
                             {{"f", {}}})),
              ElementsAre("f: returns i32 3 i32 6488162"));
}

}  // namespace
}  // namespace slabhound::provide
