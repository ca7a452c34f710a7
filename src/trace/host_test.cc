// Goal: every import does what trace/host.h says of it, the same on the oracle and on the slab
// engine.
//
// Method: modules in text that catch what an import throws and return it; errors of the host are
// the host object kErrorObject.
#include "trace/host.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "trace/fixture.h"

namespace slabhound::trace {
namespace {

using testcase::Call;

constexpr const char* kImports = R"(
  (import "fuzzing-support" "throw" (func $throw (param i32)))
  (import "fuzzing-support" "table-get" (func $table-get (param i32) (result funcref)))
  (import "fuzzing-support" "table-set" (func $table-set (param i32 funcref)))
  (import "fuzzing-support" "call-export" (func $call-export (param i32 i32)))
  (import "fuzzing-support" "call-export-catch"
    (func $call-export-catch (param i32) (result i32)))
  (import "fuzzing-support" "call-ref" (func $call-ref (param funcref i32)))
  (import "fuzzing-support" "call-ref-catch" (func $call-ref-catch (param funcref) (result i32)))
  (import "fuzzing-support" "sleep" (func $sleep (param i32 i32) (result i32)))
  (import "slabhound" "gc" (func $gc))
  (import "m" "log" (func $log (param i32)))
  (import "fuzzing-support" "wasmtag" (tag $number (param i32)))
  (import "fuzzing-support" "jstag" (tag $error (param externref)))
)";

// What the calls come to and what they log, as "f: returns i32 5".
std::vector<std::string> LinesOf(const std::string& source, std::vector<Call> calls,
                                 const RunLimits& limits = {}) {
  const Trace trace = TraceOf(source, std::move(calls), limits);
  std::vector<std::string> lines;
  for (const Event& event : trace.events) {
    if (event.kind == EventKind::Call || event.kind == EventKind::Import) {
      lines.push_back(EventText(event));
    }
  }
  return lines;
}

// What `code`, which leaves nothing, comes to with the imports and these definitions: "fine";
// "error", or "returns i31 5" where it threw that number; "trap Unreachable".
std::string Does(const std::string& code, const std::string& definitions = {}) {
  const std::string source = std::string(kImports) + definitions + R"(
    (func (export "run") (result anyref)
      (block $thrown (result externref)
        (block $numbered (result i32)
          (try_table (catch $error $thrown) (catch $number $numbered) )" +
                             code + R"()
          (return (ref.null any)))
        (return (ref.i31)))
      (any.convert_extern)))";
  const auto lines = LinesOf(source, {{"run", {}}});
  if (lines.size() != 1) return fmt::format("{} lines", lines.size());
  if (lines[0] == "run: returns null") return "fine";
  if (lines[0] == fmt::format("run: returns host {}", testcase::kErrorObject)) return "error";
  return lines[0].substr(std::string_view("run: ").size());
}

// The reason why the module cannot be instantiated, or "ok".
std::string Instantiates(const std::string& source) {
  return HappeningText(TraceOf(source).events.front().what);
}

TEST(Host, ThrowThrowsTheNumberOrAnErrorForZero) {
  EXPECT_EQ(Does("(call $throw (i32.const 5))"), "returns i31 5");
  EXPECT_EQ(Does("(call $throw (i32.const 0))"), "error");
}

TEST(Host, TableGetAndSetActOnTheExportedTable) {
  const std::string table = "(table (export \"table\") 2 funcref) (func $f) (elem declare func $f)";
  EXPECT_EQ(Does("(drop (call $table-get (i32.const 1)))", table), "fine");
  EXPECT_EQ(Does("(drop (call $table-get (i32.const 2)))", table), "error");
  EXPECT_EQ(Does("(drop (call $table-get (i32.const -1)))", table), "error");
  EXPECT_EQ(Does("(call $table-set (i32.const 1) (ref.func $f))", table), "fine");
  EXPECT_EQ(Does("(call $table-set (i32.const 2) (ref.func $f))", table), "error");
  // What is set is got, and Wasm sees it.
  EXPECT_EQ(Does("(call $table-set (i32.const 1) (ref.func $f))"
                 "(if (ref.is_null (call $table-get (i32.const 1))) (then unreachable))"
                 "(if (ref.is_null (table.get (i32.const 1))) (then unreachable))"
                 "(if (i32.eqz (ref.is_null (table.get (i32.const 0)))) (then unreachable))",
                 table),
            "fine");
}

TEST(Host, TableGetAndSetNeedATableOfTheirType) {
  const std::string get = "(drop (call $table-get (i32.const 0)))";
  const std::string set = "(call $table-set (i32.const 0) (ref.null func))";
  for (const char* none :
       {"", "(table 1 funcref)", "(table (export \"tables\") 1 funcref)",
        "(global (export \"table\") i32 (i32.const 0))", "(table (export \"table\") 1 anyref)"}) {
    EXPECT_EQ(Does(get, none), "error") << none;
    EXPECT_EQ(Does(set, none), "error") << none;
  }
  const char* narrower = "(type $t (func)) (table (export \"table\") 1 (ref null $t))";
  EXPECT_EQ(Does(get, narrower), "fine");
  EXPECT_EQ(Does(set, narrower), "error");
}

// Exports of a module as call-export counts them: all kinds.
constexpr const char* kCallees = R"(
  (global (export "0") i32 (i32.const 0))
  (func $logs (export "1") (param i32 f64 externref) (result i32)
    (if (i32.or (local.get 0) (i32.eqz (ref.is_null (local.get 2)))) (then unreachable))
    (i32.const 9))
  (func $throws (export "2") (throw $number (i32.const 6)))
  (func $traps (export "3") unreachable)
  (func $long (export "4") (param i64))
  (func $handler (export "5") (param exnref))
  (func $needy (export "6") (param (ref any)))
  (func $exception (export "7") (result exnref) (ref.null exn))
  (func $result (export "8") (result i64) (i64.const 1))
  (elem declare func $logs $throws $traps $long $handler $needy $exception $result)
)";
struct Callee {
  const char *name, *number, *what, *caught;
};
constexpr Callee kCallOutcomes[] = {
    {"logs", "1", "fine", "0"},
    {"throws", "2", "returns i31 6", "1"},
    {"traps", "3", "trap Unreachable", "trap"},
    {"long", "4", "error", "1"},
    {"handler", "5", "error", "1"},
    {"needy", "6", "error", "1"},
    {"exception", "7", "error", "1"},
    {"result", "8", "fine", "0"},
};

// `call` as code that traps with another kind when it does not return the number.
std::string Gives(const char* number, const std::string& call) {
  if (number == std::string_view("trap")) return "(drop " + call + ")";
  return fmt::format(
      "(if (i32.ne (i32.const {}) {}) (then (drop (i32.div_u (i32.const 1) "
      "(i32.const 0)))))",
      number, call);
}
std::string CaughtEnd(const Callee& callee) {
  return callee.caught == std::string_view("trap") ? callee.what : "fine";
}

TEST(Host, CallExportCallsByNumberWithZerosAndNulls) {
  for (const Callee& each : kCallOutcomes) {
    EXPECT_EQ(Does(fmt::format("(call $call-export (i32.const {}) (i32.const 1))", each.number),
                   kCallees),
              each.what)
        << each.name;
    EXPECT_EQ(Does(Gives(each.caught,
                         fmt::format("(call $call-export-catch (i32.const {}))", each.number)),
                   kCallees),
              CaughtEnd(each))
        << each.name;
  }
  for (const char* none : {"0", "10", "-1"}) {  // 9 is the caller
    EXPECT_EQ(Does(fmt::format("(call $call-export (i32.const {}) (i32.const 0))", none), kCallees),
              "error");
    EXPECT_EQ(
        Does(Gives("1", fmt::format("(call $call-export-catch (i32.const {}))", none)), kCallees),
        "fine");
  }
}

TEST(Host, CallRefCallsWithZerosAndNulls) {
  for (const Callee& each : kCallOutcomes) {
    EXPECT_EQ(
        Does(fmt::format("(call $call-ref (ref.func ${}) (i32.const 1))", each.name), kCallees),
        each.what)
        << each.name;
    EXPECT_EQ(
        Does(Gives(each.caught, fmt::format("(call $call-ref-catch (ref.func ${}))", each.name)),
             kCallees),
        CaughtEnd(each))
        << each.name;
  }
  EXPECT_EQ(Does("(call $call-ref (ref.null func) (i32.const 0))"), "error");
  EXPECT_EQ(Does(Gives("1", "(call $call-ref-catch (ref.null func))")), "fine");
}

TEST(Host, BeforeInstantiationEndsThereIsNothingToReach) {
  const auto starts = [](const std::string& code) {
    return Does("", std::string("(table (export \"table\") 1 funcref) (func (export \"f\"))") +
                        "(func $start (block $thrown (result externref) (try_table (catch $error "
                        "$thrown) " +
                        code + ") unreachable) drop) (start $start)");
  };
  EXPECT_EQ(starts("(drop (call $table-get (i32.const 0)))"), "fine");
  EXPECT_EQ(starts("(call $table-set (i32.const 0) (ref.null func))"), "fine");
  EXPECT_EQ(starts("(call $call-export (i32.const 1) (i32.const 0))"), "fine");
}

TEST(Host, SleepReturnsItsSecondArgument) {
  EXPECT_EQ(Does(Gives("9", "(call $sleep (i32.const 8) (i32.const 9))")), "fine");
}

TEST(Host, GcCollectsAndIsNotLogged) { EXPECT_EQ(Does("(call $gc)"), "fine"); }

TEST(Host, OtherFunctionsLogTheirCallsAndReturnZerosAndNulls) {
  EXPECT_EQ(
      LinesOf(R"(
      (import "a" "log" (func $log (param i32 f32 anyref) (result i64 externref)))
      (import "fuzzing-support" "log-i32" (func $number (param i32)))
      (import "slabhound" "gc" (func $gc (param i32)))
      (func (export "f") (result i64 externref)
        (call $number (i32.const 3)) (call $gc (i32.const 4))
        (call $log (i32.const 5) (f32.const 1) (ref.i31 (i32.const 6)))))",
              {{"f", {}}}),
      (std::vector<std::string>{"log-i32: i32 3", "gc: i32 4", "log: i32 5, f32 0x3f800000, i31 6",
                                "f: returns i64 0 null"}));
  EXPECT_EQ(LinesOf(R"(
      (import "a" "log" (func $log (param i32) (result (ref any))))
      (func (export "f") (drop (call $log (i32.const 1)))))",
                    {{"f", {}}}),
            (std::vector<std::string>{"log: i32 1", "f: trap Host"}));
}

// An event each up to the bound; then one hash, told with the next outcome.
TEST(Host, CallsBeyondTheBoundAreFolded) {
  RunLimits limits;
  limits.fuel_per_call = 10'000;
  limits.fuel_total = 100'000;
  const auto folded = [&](uint64_t count, uint64_t argument) {
    const Trace trace = TraceOf(
        R"(
        (import "m" "log" (func $log (param i32)))
        (func (export "f") (param i32 i32)
          (loop $again
            (call $log (local.get 1))
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))",
        {{"f", {kLoggedEventsMax, 1}}, {"f", {count, argument}}, {"f", {1, argument}}}, limits);
    std::vector<FoldedImports> calls;
    size_t logged = 0;
    for (const Event& event : trace.events) {
      logged += event.kind == EventKind::Import ? 1 : 0;
      if (event.kind == EventKind::Call) calls.push_back(event.folded);
    }
    EXPECT_EQ(logged, kLoggedEventsMax);
    EXPECT_EQ(calls.at(0), FoldedImports());
    EXPECT_EQ(calls.at(1).count, count);
    EXPECT_EQ(calls.at(2).count, 1u);
    return calls.at(1).hash;
  };
  EXPECT_EQ(folded(9, 1), folded(9, 1));
  EXPECT_NE(folded(9, 1), folded(9, 2));
  EXPECT_NE(folded(9, 1), folded(8, 1));
}

TEST(Host, GlobalsAreZeroOrNullOrTheirNamesSum) {
  const Trace trace = TraceOf(R"(
    (global (export "a") (import "m" "a") i32) (global (export "b") (import "m" "b") (mut f64))
    (global (export "c") (import "m" "c") anyref) (global (export "d") (import "m" "d") funcref)
    (global (export "e") (import "m" "zz") externref)
    (global (export "f") (import "m" "zz") (ref extern))
    (global (export "g") (import "m" "g") (ref any)) (global (export "h") (import "m" "h") (ref eq))
    (global (export "i") (import "m" "i") (ref i31))
    (table (export "t") (import "m" "t") 2 (ref i31)) (memory (export "m") (import "m" "m") 2 9))");
  std::vector<std::string> lines;
  for (const Event& event : trace.events) {
    if (std::holds_alternative<GlobalState>(event.what)) lines.push_back(EventText(event));
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"a: i32 0", "b: f64 0x0000000000000000", "c: null",
                                             "d: null", fmt::format("e: host {}", 2 * 'z' % 251),
                                             fmt::format("f: host {}", 2 * 'z' % 251), "g: i31 7",
                                             "h: i31 7", "i: i31 7"}));
}

TEST(Host, TagsOfOtherNamesAreFreshOnes) {
  for (const char* other : {"\"fuzzing-support\" \"wasmtags\"", "\"m\" \"wasmtag\""}) {
    EXPECT_EQ(LinesOf(fmt::format(R"(
        (import "fuzzing-support" "throw" (func $throw (param i32)))
        (import {} (tag $tag (param i32)))
        (func (export "f")
          (block $thrown (result i32)
            (try_table (catch $tag $thrown) (call $throw (i32.const 1)))
            (return))
          unreachable))",
                                  other),
                      {{"f", {}}})
                  .at(0)
                  .substr(0, 10),
              "f: throws ");
  }
}

TEST(Host, ImportsThatCannotBeHadAreRefused) {
  EXPECT_EQ(Instantiates("(import \"m\" \"g\" (global (ref func)))"),
            "refused: import m.g: no value of type (ref func)");
  EXPECT_EQ(Instantiates("(type $s (struct)) (import \"m\" \"g\" (global (ref $s)))"),
            "refused: import m.g: no value of type (ref 0)");
  EXPECT_EQ(Instantiates("(import \"m\" \"t\" (table 1 (ref func)))"),
            "refused: import m.t: no value of type (ref func)");
}

TEST(Host, TablesAndMemoriesBeyondTheLimitsAreRefused) {
  const auto table = [](uint64_t min) {
    return fmt::format("(import \"m\" \"t\" (table {} funcref))", min);
  };
  const auto memory = [](uint64_t min) {
    return fmt::format("(import \"m\" \"n\" (memory {}))", min);
  };
  const auto tables = testcase::kTableElementsMax;
  const auto memories = testcase::kMemoryPagesMax;
  EXPECT_EQ(Instantiates(table(tables) + table(tables) + memory(memories) + memory(memories)),
            "ok");
  EXPECT_EQ(Instantiates(table(tables + 1)),
            "refused: import m.t: a table of 10001 elements, more than 10000");
  EXPECT_EQ(Instantiates(table(tables) + table(tables) + table(1)),
            "refused: import m.t: tables of 20001 elements, more than 20000");
  EXPECT_EQ(Instantiates(memory(257)), "refused: import m.n: a memory of 257 pages, more than 256");
  EXPECT_EQ(Instantiates(memory(memories) + memory(memories) + memory(1)),
            "refused: import m.n: memories of 65 pages, more than 64");
}

}  // namespace
}  // namespace slabhound::trace
