// Cases with known cells give exactly these.
#include "reach/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/file.h"
#include "exec/machine.h"
#include "reach/reach.h"
#include "text/wat.h"
#include "trace/run.h"

namespace slabhound::reach {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;

// The plan calls "f" once, with zeros.
testcase::Prepared PreparedText(std::string_view source) {
  auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  auto prepared = testcase::Prepare({module ? *module : wasm::Module{}, {0, {{"f"}}}});
  EXPECT_TRUE(prepared.has_value()) << (prepared ? "" : prepared.error().Message());
  return prepared ? *std::move(prepared) : testcase::Prepared{};
}

std::vector<engine::EngineSpec> Slab(const std::string& configuration) {
  const auto spec = engine::ParseEngine("slab:" + configuration);
  EXPECT_TRUE(spec.has_value());
  return {*spec};
}

// "instruction, type: states".
std::vector<std::string> Lines(const Reached& reached) {
  Reach reach;
  reach.Count(reached);
  std::vector<std::string> lines;
  std::optional<Cell> last;
  reach.ForEach([&](const Cell& cell, State state, uint64_t cases) {
    EXPECT_EQ(cases, 1u);
    if (last != cell)
      lines.push_back(InstructionName(cell.instruction) + ", " + TypeName(cell) + ":");
    last = cell;
    lines.back() += " " + std::string(StateName(state));
  });
  return lines;
}

std::vector<std::string> SurveyText(std::string_view source,
                                    const std::string& configuration = "mark_sweep:explicit") {
  return Lines(Survey(PreparedText(source), Slab(configuration), 0, trace::RunLimits()));
}

TEST(Survey, TellsWhatStandsThereAndWhatRan) {
  EXPECT_THAT(SurveyText(R"((module
    (type $point (struct (field i32) (field (ref null eq))))
    (type $bytes (array (mut i8)))
    (global $kept (mut (ref null $bytes)) (array.new_default $bytes (i32.const 3)))
    (func (export "f") (param i32) (result i32)
      (local $p (ref null $point))
      (if (result i32) (local.get 0)
        (then (ref.is_null (table.get $t (i32.const 0))))
        (else
          (local.set $p (struct.new $point (i32.const 1) (ref.i31 (i32.const 2))))
          (array.len (ref.as_non_null (global.get $kept)))))
      (return)
      (drop (ref.null any)))
    (table $t 1 externref)))"),
              ElementsAre("struct.new, struct of both: generated ran fresh",
                          "array.new_default, array of i8: generated",
                          "array.len, array of i8: generated ran fresh",
                          "ref.is_null, extern or null: generated",
                          "ref.as_non_null, array of i8 or null: generated ran fresh",
                          "ref.i31, i31: generated ran fresh",
                          "local.set, struct of both or null: generated ran fresh",
                          "global.get, array of i8 or null: generated ran fresh",
                          "table.get, extern or null: generated"));
}

// Two objects live one after the other, a third one all the time.
constexpr std::string_view kChurn = R"((module
  (type $box (struct (field (mut i64))))
  (type $list (array (mut (ref null $box))))
  (import "slabhound" "gc" (func $gc))
  (func (export "f") (result i32)
    (local $kept (ref null $list))
    (local.set $kept (array.new_fixed $list 1 (struct.new $box (i64.const 1))))
    (array.set $list (local.get $kept) (i32.const 0) (ref.null $box))
    (call $gc)
    (drop (struct.new_default $box))
    (drop (struct.get $box 0 (struct.new $box (i64.const 2))))
    (array.len (local.get $kept)))))";

TEST(Survey, TellsWhatTheHeapHadBeenThrough) {
  EXPECT_THAT(SurveyText(kChurn),
              IsSupersetOf({"struct.new, struct of numbers: generated ran fresh collected freed "
                            "reused",
                            "struct.new_default, struct of numbers: generated ran collected freed",
                            "array.set, array of references: generated ran fresh",
                            "array.len, array of references or null: generated ran collected freed "
                            "reused"}));
  EXPECT_THAT(
      SurveyText(kChurn, "copying:explicit"),
      Contains("struct.new_default, struct of numbers: generated ran collected freed moved"));
  EXPECT_THAT(SurveyText(kChurn, "mark_sweep:explicit:fragmented"),
              Contains("array.set, array of references: generated ran fresh reused fragmented"));
}

TEST(Survey, TellsThatTheHeapIsNearlyFull) {
  constexpr std::string_view kThree = R"((module
    (type $bytes (array i8))
    (table $t 3 (ref null $bytes))
    (func (export "f") (local $i i32)
      (loop $again
        (table.set $t (local.get $i) (array.new_default $bytes (i32.const 60000)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $i) (i32.const 3)))))))";
  EXPECT_THAT(SurveyText(kThree), Contains("table.set, array of i8 or null: generated ran fresh"));
  EXPECT_THAT(SurveyText(kThree, "mark_sweep:explicit:nearly-full"),
              Contains("table.set, array of i8 or null: generated ran fresh tight"));
}

TEST(Survey, OfAnEngineThatNeverCollectsIsOfADrawnOne) {
  const testcase::Prepared prepared = PreparedText(kChurn);
  std::set<std::vector<std::string>> seen;
  for (uint64_t draw = 0; draw < 8; ++draw) {
    const Reached reached = Survey(prepared, Slab("null"), draw, trace::RunLimits());
    EXPECT_EQ(reached, Survey(prepared, {}, draw, trace::RunLimits()));
    seen.insert(Lines(reached));
  }
  EXPECT_GT(seen.size(), 1u);
}

// Every instruction is looked at.
class Everything final : public exec::Observer {
 public:
  explicit Everything(const wasm::Module& module) {
    for (const wasm::Function& function : module.functions) {
      sites_.emplace_back(function.body.code.size(), 0);
    }
  }
  const bytecode::Sites& sites() const override { return sites_; }
  void Ran(uint32_t, const exec::HeapPast&) override { ++count_; }
  uint64_t count() const { return count_; }

 private:
  bytecode::Sites sites_;
  uint64_t count_ = 0;
};

TEST(Survey, ARunThatIsLookedAtIsTheSame) {
  uint64_t count = 0;
  for (const char* folder : {"/corpus/opcodes", "/corpus/seeds"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(SLABHOUND_SOURCE_DIR) + folder)) {
      if (entry.path().extension() != ".wat") continue;
      SCOPED_TRACE(entry.path().string());
      const auto content = ReadFile(entry.path().string(), 1u << 20);
      ASSERT_TRUE(content.has_value());
      auto module = text::ReadModule(AsText(*content));
      ASSERT_TRUE(module.has_value());
      auto test_case = testcase::MakeTestCase(*std::move(module));
      ASSERT_TRUE(test_case.has_value());
      const auto prepared = testcase::Prepare(*std::move(test_case));
      ASSERT_TRUE(prepared.has_value());
      const trace::RunLimits limits;
      const auto run = [&](exec::Observer* observer) {
        exec::Config config;
        config.schedule = {gc::Schedule::Kind::EveryNth, 2};
        config.observer = observer;
        const auto machine = exec::MakeMachine(*prepared->types, limits.machine, config);
        return trace::RunOn(*machine, *prepared, limits).events;
      };
      Everything everything(*prepared->module.module);
      EXPECT_EQ(run(nullptr), run(&everything));
      count += everything.count();
    }
  }
  EXPECT_GT(count, 1'000u);
}

TEST(Survey, TellsWhatStandsBehindBranches) {
  EXPECT_THAT(SurveyText(R"((module
    (type $pair (struct (field i32)))
    (func (export "f") (param (ref null $pair)) (result i32)
      (loop (result i32)
        (block $none (result (ref null $pair))
          (br_on_cast_fail $none (ref null $pair) (ref $pair) (local.get 0))
          (return (struct.get $pair 0)))
        (drop)
        (return (struct.get $pair 0 (ref.null $pair)))))))"),
              ElementsAre("struct.get, struct of numbers: generated ran fresh",
                          "ref.null, struct of numbers: generated ran fresh",
                          "br_on_cast_fail, struct of numbers: generated ran fresh",
                          "local.get, struct of numbers or null: generated ran fresh"));
}

}  // namespace
}  // namespace slabhound::reach
