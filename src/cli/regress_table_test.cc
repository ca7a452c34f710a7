#include "cli/regress_table.h"

#include <gmock/gmock.h>

namespace slabhound::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<engine::EngineSpec> Engines(std::initializer_list<const char*> texts) {
  std::vector<engine::EngineSpec> engines;
  for (const char* text : texts) engines.push_back(engine::ParseEngine(text).value());
  return engines;
}

const RegressCell kPasses{RegressOutcome::Passes, {}, {}};
const RegressCell kFails{RegressOutcome::Fails, "wasmtime panic: stale", {}};
const RegressCell kRanOut{RegressOutcome::RanOut, "fuel ran out in call 1, f", {}};
const RegressCell kNotAble{RegressOutcome::NotAble, "no exceptions", {}};

TEST(RegressTable, NumbersFailuresAndReasons) {
  const auto engines = Engines({"wasmtime@9.0.0", "wasmtime@31.0.0:opt=speed", "v8"});
  const std::vector<RegressRow> rows = {{"a.wat", {}, {kFails, kNotAble, kPasses}},
                                        {"long.wasm", {}, {kRanOut, kFails, kFails}}};
  EXPECT_EQ(RegressTableText(engines, rows),
            "case        @9.0.0  @31.0.0:opt=speed       v8\n"
            "a.wat       FAIL 1                - 2     pass\n"
            "long.wasm    out 3             FAIL 1   FAIL 1\n"
            "  1  wasmtime panic: stale\n"
            "  2  no exceptions\n"
            "  3  fuel ran out in call 1, f\n");
}

TEST(RegressTable, NamesEnginesInFullWhereReleasesMix) {
  const auto engines = Engines({"wasmtime@9.0.0", "endive@1.2.0"});
  EXPECT_THAT(RegressTableText(engines, {}), HasSubstr("wasmtime@9.0.0  endive@1.2.0"));
}

TEST(RegressSurprises, WithoutARecordAreTheFailures) {
  const auto engines = Engines({"wasmtime@9.0.0", "v8", "oracle", "jsc"});
  EXPECT_THAT(RegressSurprises(engines, {"a.wat", {}, {kFails, kPasses, kRanOut, kNotAble}}),
              ElementsAre("a.wat: wasmtime@9.0.0 fails: wasmtime panic: stale"));
}

TEST(RegressSurprises, AreWhatTheRecordDoesNotSay) {
  const RegressRecord record{"wasmtime#1", "wasmtime", {"9.0.0"}, {"10.0.0"}, {}};
  const auto engines = Engines({"wasmtime@9.0.0", "wasmtime@10.0.0", "wasmtime@11.0.0", "v8"});
  const auto surprises = [&](std::vector<RegressCell> cells) {
    return RegressSurprises(engines, {"a.wat", record, std::move(cells)});
  };
  EXPECT_THAT(surprises({kFails, kPasses, kPasses, kPasses}), IsEmpty());
  EXPECT_THAT(surprises({kFails, kPasses, kNotAble, kRanOut}), IsEmpty());
  EXPECT_THAT(surprises({kPasses, kPasses, kPasses, kPasses}),
              ElementsAre("a.wat: wasmtime@9.0.0 passes, and is recorded to fail"));
  EXPECT_THAT(
      surprises({kFails, kNotAble, kPasses, kPasses}),
      ElementsAre("a.wat: wasmtime@10.0.0 cannot run it, and is recorded to pass: no exceptions"));
  EXPECT_THAT(surprises({kFails, kRanOut, kFails, kFails}),
              ElementsAre(HasSubstr("wasmtime@10.0.0 is cut short"),
                          HasSubstr("wasmtime@11.0.0 fails"), HasSubstr("v8 fails")));
}

TEST(RegressSurprises, AnEngineWithoutAReleaseHasItsWorkers) {
  const RegressRecord record{"unmatched", "jsc", {"1.4.5"}, {}, "known=off"};
  const auto engines = Engines({"jsc"});
  const auto surprises = [&](RegressOutcome outcome, std::string release) {
    return RegressSurprises(engines, {"a.wat", record, {{outcome, "x", std::move(release)}}});
  };
  EXPECT_THAT(surprises(RegressOutcome::Fails, "bun 1.4.5"), IsEmpty());
  EXPECT_THAT(surprises(RegressOutcome::Passes, "bun 1.5.0"), IsEmpty());
  EXPECT_THAT(surprises(RegressOutcome::Passes, "bun 1.4.5"),
              ElementsAre("a.wat: jsc passes, and is recorded to fail: x"));
  EXPECT_THAT(surprises(RegressOutcome::Fails, "bun 1.5.0"), ElementsAre("a.wat: jsc fails: x"));
}

}  // namespace
}  // namespace slabhound::cli
