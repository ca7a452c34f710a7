// Goal: the final state tells every global, table and memory once, exports first, so that a first
// difference names what differs; the same on the oracle and on the slab engine.
#include "trace/state.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "trace/fixture.h"

namespace slabhound::trace {
namespace {

using Lines = std::vector<std::string>;

// The state of an instance that was made and not called.
std::vector<Event> StateOf(std::string_view source) {
  std::vector<Event> events = TraceOf(source).events;
  EXPECT_EQ(HappeningText(events.front().what), "ok");
  events.erase(events.begin());
  return events;
}

Lines Subjects(const std::vector<Event>& events) {
  Lines lines;
  for (const Event& event : events) {
    lines.push_back((event.kind == EventKind::State ? "state " : "inside ") + event.subject);
  }
  return lines;
}

// Where the two first differ.
std::string FirstDifference(const std::vector<Event>& a, const std::vector<Event>& b) {
  EXPECT_EQ(Subjects(a), Subjects(b));
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] != b[i]) return Subjects({a[i]}).front();
  }
  return "nowhere";
}

TEST(FinalState, ExportsComeFirstInTheirOrder) {
  EXPECT_EQ(Subjects(StateOf(R"(
    (global $a i32 (i32.const 1)) (global $b i32 (i32.const 2))
    (table $s 1 anyref) (table $t 2 anyref) (memory $m 1) (memory $n 1)
    (func $f) (tag $e)
    (export "memory" (memory $n)) (export "f" (func $f)) (export "table" (table $t))
    (export "e" (tag $e)) (export "global" (global $b)))")),
            (Lines{"state memory", "state table", "state global", "state objects",
                   "inside global 0", "inside table 0", "inside memory 0", "inside objects"}));
}

TEST(FinalState, EachIsToldOnceUnderItsFirstName) {
  EXPECT_EQ(Subjects(StateOf(R"(
    (global $g (export "z") (export "a") i32 (i32.const 1))
    (table $t (export "t") (export "t2") 1 anyref)
    (memory $m (export "m") (export "m2") 1)
    (export "late" (global $g)))")),
            (Lines{"state z", "state t", "state m", "state objects", "inside objects"}));
}

TEST(FinalState, ImportsThatAreExportedAreToldToo) {
  const auto events = StateOf(R"(
    (global (export "g") (import "m" "abc") externref)
    (memory (import "m" "m") 1))");
  EXPECT_EQ(Subjects(events),
            (Lines{"state g", "state objects", "inside memory 0", "inside objects"}));
  EXPECT_EQ(EventText(events.front()), fmt::format("g: host {}", ('a' + 'b' + 'c') % 251));
}

TEST(FinalState, WhatFailedToInstantiateHasNoExports) {
  const Trace trace = TraceOf(R"(
    (global (export "g") i32 (i32.const 1)) (func $f unreachable) (start $f))");
  EXPECT_EQ(EventText(trace.events.front()), "trap Unreachable");
  EXPECT_EQ(Subjects({trace.events.begin() + 1, trace.events.end()}),
            (Lines{"state objects", "inside global 0", "inside objects"}));
}

TEST(FinalState, ObjectsHaveTheNumbersOfOneWalk) {
  const auto events = StateOf(R"(
    (type $s (struct (field i32)))
    (global $inside (ref $s) (struct.new $s (i32.const 1)))
    (global $a (export "a") (ref $s) (struct.new $s (i32.const 2)))
    (global (export "b") (ref $s) (struct.new $s (i32.const 3)))
    (global (export "c") (ref $s) (global.get $a)))");
  Lines texts;
  for (const Event& event : events) {
    if (std::holds_alternative<GlobalState>(event.what)) texts.push_back(EventText(event));
  }
  EXPECT_EQ(texts, (Lines{"a: object #0", "b: object #1", "c: object #0", "global 0: object #2"}));
  EXPECT_EQ(std::get<ObjectsState>(events[3].what).count, 2u);
  EXPECT_EQ(std::get<ObjectsState>(events.back().what).count, 3u);
}

TEST(FinalState, TheFirstDifferenceNamesWhatDiffers) {
  const auto with = [](const char* global, const char* field, const char* item, const char* byte,
                       const char* inside) {
    return StateOf(fmt::format(R"(
      (type $s (struct (field i32)))
      (global (export "g") i32 (i32.const {}))
      (global (export "h") (ref $s) (struct.new $s (i32.const {})))
      (table (export "t") i31ref (elem (item (ref.i31 (i32.const {})))))
      (memory (export "m") (data "{}"))
      (global i32 (i32.const {})))",
                               global, field, item, byte, inside));
  };
  const auto base = with("1", "1", "1", "a", "1");
  EXPECT_EQ(FirstDifference(base, with("1", "1", "1", "a", "1")), "nowhere");
  EXPECT_EQ(FirstDifference(base, with("2", "1", "1", "a", "1")), "state g");
  EXPECT_EQ(FirstDifference(base, with("1", "2", "1", "a", "1")), "state objects");
  EXPECT_EQ(FirstDifference(base, with("1", "1", "2", "a", "1")), "state t");
  EXPECT_EQ(FirstDifference(base, with("1", "1", "1", "b", "1")), "state m");
  // What is exported does not depend on what is not.
  EXPECT_EQ(FirstDifference(base, with("1", "1", "1", "a", "2")), "inside global 2");
}

TEST(FinalState, SizesAreTold) {
  const auto with = [](const char* elements, const char* pages) {
    return StateOf(
        fmt::format(R"((table (export "t") {} anyref) (memory (export "m") {}))", elements, pages));
  };
  EXPECT_EQ(std::get<TableState>(with("3", "2")[0].what).elements, 3u);
  EXPECT_EQ(std::get<MemoryState>(with("3", "2")[1].what).bytes, 2u << 16);
  EXPECT_EQ(FirstDifference(with("3", "2"), with("4", "2")), "state t");
  EXPECT_EQ(FirstDifference(with("3", "2"), with("3", "1")), "state m");
}

TEST(FinalState, BeyondTheBoundOnlyTheHashTells) {
  const auto with = [](int last) {
    std::string source;
    for (size_t i = 0; i < kStateEventsMax + 10; ++i) source += "(global i32 (i32.const 1))";
    return StateOf(source + fmt::format("(global i32 (i32.const {}))", last));
  };
  const auto one = with(1);
  EXPECT_EQ(one.size(), kStateEventsMax + 2);
  EXPECT_EQ(Subjects(one)[kStateEventsMax], fmt::format("inside global {}", kStateEventsMax - 1));
  EXPECT_EQ(FirstDifference(one, with(2)), "inside objects");
}

}  // namespace
}  // namespace slabhound::trace
