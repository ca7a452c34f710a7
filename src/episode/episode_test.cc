// A script becomes episodes: instances that import from one another are one module, all others
// alone, and nothing of the script is lost. Each episode does on the oracle what the script says.
#include "episode/episode.h"

#include <gtest/gtest.h>

#include "episode/misses.h"
#include "episode/outcomes.h"
#include "portable/fixture.h"
#include "script/judge.h"
#include "trace/run.h"

namespace slabhound::episode {
namespace {

script::Script Read(std::string_view source) {
  auto read = script::ReadScript(source);
  EXPECT_TRUE(read.has_value()) << read.error().Message();
  return read ? *std::move(read) : script::Script{};
}

// How each step ends on the oracle, in the portable form: as events.
std::vector<trace::Happening> Endings(const Episode& episode) {
  portable::PortableOptions options;
  options.fuel_per_call = options.fuel_total = 100'000;
  const auto trace = portable::RunAsPortable(episode.test_case, options, engine::EngineSpec{});
  EXPECT_TRUE(trace.has_value()) << trace.error();
  std::vector<trace::Happening> endings;
  for (const trace::Event& event : trace->events) {
    if (event.kind == trace::EventKind::Instantiate || event.kind == trace::EventKind::Call) {
      endings.push_back(event.what);
    }
  }
  return endings;
}

std::vector<std::string> EndingTexts(const Episode& episode) {
  std::vector<std::string> texts;
  for (const trace::Happening& each : Endings(episode)) {
    texts.push_back(trace::HappeningText(each));
  }
  return texts;
}

TEST(Episode, InstancesWithoutImportsStandAlone) {
  const script::Script script = Read(R"((module $a (global (mut i32) (i32.const 0))
  (func (export "next") (result i32)
    (global.set 0 (i32.add (global.get 0) (i32.const 1))) (global.get 0)))
(module $b (global (export "g") i64 (i64.const -7)) (func (export "f") unreachable))
(assert_return (invoke $a "next") (i32.const 1))
(assert_return (get $b "g") (i64.const -7))
(assert_return (invoke $a "next") (i32.const 2))
(assert_trap (invoke "f") "unreachable"))");
  const Episodes cut = CutScript(script);
  EXPECT_TRUE(cut.failed.empty());
  ASSERT_EQ(cut.episodes.size(), 2u);
  EXPECT_EQ(EndingTexts(cut.episodes[0]),
            (std::vector<std::string>{"ok", "returns i32 1", "returns i32 2"}));
  EXPECT_EQ(EndingTexts(cut.episodes[1]),
            (std::vector<std::string>{"ok", "returns i64 -7", "trap Unreachable"}));
  ASSERT_EQ(cut.episodes[1].steps.size(), 3u);
  EXPECT_EQ(cut.episodes[1].steps[2].line, 8u);
}

// The second instance writes into the first one's table and memory when the script has got there,
// not before; its start function traps, and what it wrote stays.
TEST(Episode, ImportsMergeAndInstantiationKeepsItsPlace) {
  const script::Script script = Read(R"((module $a
  (type $f (func (result i32)))
  (global (export "g") i32 (i32.const 40))
  (memory (export "m") 1) (table (export "t") 2 funcref)
  (func $f (export "f") (result i32) (i32.add (global.get 0) (i32.const 2)))
  (func (export "call") (result i32) (call_indirect (type $f) (i32.const 1)))
  (func (export "load") (result i32) (i32.load (i32.const 8))))
(register "A" $a)
(assert_trap (invoke $a "call") "uninitialized element")
(assert_return (invoke $a "load") (i32.const 0))
(assert_trap (module
  (type (struct)) (type $f (func (result i32)))
  (import "A" "m" (memory 1)) (import "A" "f" (func $f (type $f)))
  (import "spectest" "print_i32" (func $print (param i32)))
  (import "A" "t" (table 2 funcref)) (import "A" "g" (global i32))
  (func $twice (type $f) (i32.mul (call $f) (i32.const 2)))
  (func $start (call $print (global.get 0)) unreachable) (start $start)
  (elem (i32.const 1) $twice) (data (i32.const 8) "\05")) "unreachable")
(assert_return (invoke $a "call") (i32.const 84))
(assert_return (invoke $a "load") (i32.const 5)))");
  const Episodes cut = CutScript(script);
  EXPECT_TRUE(cut.failed.empty());
  ASSERT_EQ(cut.episodes.size(), 1u);
  EXPECT_EQ(EndingTexts(cut.episodes[0]),
            (std::vector<std::string>{"ok", "trap UninitializedElement", "returns i32 0",
                                      "trap Unreachable", "returns i32 84", "returns i32 5"}));
}

TEST(Episode, ReferencesAreToldApart) {
  const script::Script script = Read(R"((module
  (type $s (struct)) (type $a (array i8))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "any") (param anyref) (result anyref i32) (local.get 0) (i32.const 9))
  (func (export "struct") (result anyref) (struct.new $s))
  (func (export "array") (result eqref) (array.new_default $a (i32.const 3))))
(assert_return (invoke "same" (ref.extern 0)) (ref.extern 0))
(assert_return (invoke "same" (ref.null extern)) (ref.null extern))
(assert_return (invoke "any" (ref.host 3)) (ref.host 3) (i32.const 9))
(assert_return (invoke "struct") (ref.struct))
(assert_return (invoke "array") (ref.array)))");
  const Episodes cut = CutScript(script);
  ASSERT_EQ(cut.episodes.size(), 1u);
  const Episode& episode = cut.episodes[0];
  const std::vector<trace::Happening> endings = Endings(episode);
  ASSERT_EQ(endings.size(), 6u);
  const wasm::TypeStore types;
  for (size_t i = 1; i < 6; ++i) {
    const auto outcomes = OutcomesOf(endings[i], episode.steps[i].results);
    ASSERT_EQ(outcomes.size(), 1u) << trace::HappeningText(endings[i]);
    for (size_t k = 1; k < 6; ++k) {
      EXPECT_EQ(script::Meets(*episode.steps[k].assertion, outcomes[0], types), i == k)
          << trace::HappeningText(endings[i]) << " for line " << episode.steps[k].line;
    }
  }
}

TEST(Episode, EverythingElseIsCounted) {
  const script::Script script = Read(R"((module definition $d)
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_malformed (module binary "\00asm") "unexpected end")
(assert_malformed (module quote "(func") "unexpected token")
(assert_unlinkable (module (import "m" "f" (func))) "unknown import")
(invoke "nothing")
(module (import "m" "f" (func)))
(module (func (export "f")))
(get "f"))");
  const Episodes cut = CutScript(script);
  EXPECT_EQ(cut.refusals.size(), 2u);
  EXPECT_EQ(cut.not_run.size(), 3u);
  ASSERT_EQ(cut.failed.size(), 3u);
  EXPECT_EQ(cut.failed[1].message, "expected an instance, came unknown import: m.f");
  EXPECT_EQ(cut.failed[2].line, 9u);
}

TEST(Outcomes, AreThoseThatAScriptAsksFor) {
  using trace::Told;
  using trace::ToldKind;
  const std::vector<wasm::ValType> f32 = {wasm::ValType::F32};
  const Told number{ToldKind::F32, 0x7fc00000};
  EXPECT_EQ(OutcomesOf(trace::Returned{{number}}, f32).size(), 1u);
  EXPECT_EQ(
      OutcomesOf(trace::Trapped{{machine::TrapKind::NullReference, machine::TrapKind::CastFailure}},
                 {})
          .size(),
      2u);
  EXPECT_EQ(OutcomesOf(trace::Exhausted{trace::Limit::Stack}, {}).size(), 1u);
  for (const trace::Happening& other : std::initializer_list<trace::Happening>{
           trace::Returned{}, trace::Returned{{Told{ToldKind::I32, 1}}},
           trace::Returned{{number, number}}, trace::Trapped{trace::TrapSet::Any()},
           trace::Exhausted{trace::Limit::Memory}, trace::Rejected{"x"}, trace::Unreadable{}}) {
    EXPECT_TRUE(OutcomesOf(other, f32).empty()) << trace::HappeningText(other);
  }
}

TEST(Misses, AreOfOneEngineAndOneMessage) {
  const std::string_view script = "spec/unreached-invalid.wast";
  const Note message{1, "assert_invalid: …", Instead::TookInvalid};
  ASSERT_NE(FindMiss(engine::EngineKind::Jsc, "1.4.5", script, message), nullptr);
  EXPECT_EQ(FindMiss(engine::EngineKind::V8, "13.6", script, message), nullptr);
  EXPECT_EQ(FindMiss(engine::EngineKind::Jsc, "1.4.5", "spec/elem.wast", message), nullptr);
  EXPECT_EQ(FindMiss(engine::EngineKind::Jsc, "1.4.5", script, Note{1, "came trap ?"}), nullptr);
}

}  // namespace
}  // namespace slabhound::episode
