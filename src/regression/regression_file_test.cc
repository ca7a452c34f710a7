// The regression file of a finding shows it: by assertions where they can, else by modules that
// check themselves; and where neither does, there is none.
#include "regression/regression_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "episode/episode.h"
#include "regression/check.h"
#include "regression/script_engines.h"
#include "regression/script_failures.h"
#include "text/wat.h"
#include "worker/command.h"

namespace slabhound::regression {
namespace {

using testing::HasSubstr;

testcase::TestCase Case(std::string_view text) {
  auto module = text::ReadModule(text);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  return *testcase::MakeTestCase(*std::move(module));
}

Provenance From(std::string_view suspect) {
  const engine::EngineSpec engine = *engine::ParseEngine(suspect);
  return {.signature = "s", .suspect = engine, .engines = {{}, engine}};
}

std::shared_ptr<worker::Pool> Workers() { return std::make_shared<worker::Pool>(); }

constexpr std::string_view kRight = "(module (func (export \"f\") (result i32) (i32.const 1)))";

TEST(RegressionFile, WhereNeitherShowsItThereIsNone) {
  const auto written =
      WriteRegressionFile(Case(kRight), From("slab:mark_sweep:every-allocation"), Workers());
  ASSERT_FALSE(written.has_value());
  EXPECT_THAT(written.error().message, HasSubstr("with assertions: the script does not show it"));
  EXPECT_THAT(written.error().message, HasSubstr("; with steps: the script does not show it"));
}

TEST(RegressionFile, AScriptIsTriedInThePlainestWayFirst) {
  const auto ways = [](std::string_view suspect, bool collects) {
    std::vector<std::string> texts;
    for (const auto& engine : ScriptEngines(*engine::ParseEngine(suspect), collects)) {
      texts.push_back(engine::EngineText(engine));
    }
    return texts;
  };
  const auto drawn = ways("wasmtime@31.0.0:opt=speed,points=3,seed=4", false);
  ASSERT_GT(drawn.size(), 3u);
  EXPECT_EQ(drawn[0], "wasmtime@31.0.0:opt=speed");
  EXPECT_EQ(drawn[1], "wasmtime@31.0.0:gc=minor,points=3,seed=4,opt=speed");
  EXPECT_EQ(drawn[2], "wasmtime@31.0.0:gc=full,points=1,opt=speed");
  EXPECT_EQ(ways("wasmtime@31.0.0", true)[1], "wasmtime@31.0.0:gc=minor,points=0,straight=none");
  EXPECT_EQ(ways("slab:mark_sweep:every-5", true),
            (std::vector<std::string>{"slab:mark_sweep:explicit", "slab:mark_sweep:every-5",
                                      "slab:mark_sweep:every-allocation",
                                      "slab:mark_sweep:every-safepoint"}));
  EXPECT_EQ(ways("slab:mark_sweep:every-allocation", true).size(), 3u);
  EXPECT_EQ(ways("worker:python3 a.py", false)[0], "worker:python3 a.py");
  for (const auto* only : {"v8:gc=none", "binaryen", "slab:null:never"}) {
    EXPECT_EQ(ways(only, true), std::vector<std::string>{only});
  }
  EXPECT_TRUE(ways("command:run {}", true).empty());
}

TEST(RegressionFile, CollectionsOfTheCaseAreCallsThatEveryToolTakes) {
  const auto written = WriteRegression(Case(R"((module
    (import "wasmtime" "gc" (func $gc))
    (func (export "f") (call $gc))))"));
  ASSERT_TRUE(written.has_value()) << written.error().message;
  EXPECT_TRUE(written->collects);
  EXPECT_THAT(written->script, HasSubstr("(register \"slabhound\")"));
  EXPECT_THAT(written->script, HasSubstr("(import \"slabhound\" \"gc\""));
}

TEST(RegressionFile, StructuresStandInForHostObjects) {
  const auto written = WriteRegression(Case(R"((module
    (import "h" "e" (global $e (ref extern)))
    (import "h" "t" (table $t 2 (ref extern)))
    (func (export "extern") (result (ref extern) anyref i32)
      (global.get $e) (any.convert_extern (global.get $e))
      (ref.is_null (table.get $t (i32.const 1))))))"));
  ASSERT_TRUE(written.has_value()) << written.error().message;
  for (const std::string_view line :
       {"extern.convert_any",
        "(assert_return (invoke \"extern\") (ref.extern) (ref.any) (i32.const 0))"}) {
    EXPECT_THAT(written->script, HasSubstr(line));
  }
  for (const engine::EngineSpec& engine : engine::DefaultEngines()) {
    EXPECT_EQ(ScriptFailures(written->script, engine), 0u) << written->script;
  }
  // A structure is one, and a host object is none.
  const auto asks = WriteRegression(Case(R"((module
    (import "h" "e" (global $e (ref extern)))
    (func (export "f") (result i32)
      (ref.test (ref struct) (any.convert_extern (global.get $e))))))"));
  ASSERT_TRUE(asks.has_value());
  EXPECT_THAT(CheckRegression(*asks, {}).error().message, HasSubstr("fails on the oracle"));
}

// What the file registers is for others.
TEST(RegressionFile, CollectionsAreCalledForThoughTheFileRegistersAFunction) {
  const std::string text = R"((module (func (export "gc") (unreachable)))
    (register "slabhound")
    (module (import "slabhound" "gc" (func $gc)) (func (export "f") (call $gc)))
    (assert_return (invoke "f")))";
  for (const engine::EngineSpec& engine : engine::DefaultEngines()) {
    EXPECT_EQ(ScriptFailures(text, engine), 0u);
  }
  const auto script = script::ReadScript(text);
  ASSERT_TRUE(script.has_value());
  const episode::Episodes cut = episode::CutScript(*script);
  ASSERT_EQ(cut.episodes.size(), 2u);
  EXPECT_EQ(cut.episodes[1].test_case.module.imports.size(), 1u);
}

// The object that the global holds is broken: a field of what the function returns.
TEST(RegressionFile, OfARealEngineItFailsThereAndPassesWhereItIsFixed) {
  const auto test_case = Case(R"((module
    (type $s (struct (field (mut i16)) (field (mut (ref null $s)))))
    (global $g (ref $s) (struct.new $s (i32.const -54) (struct.new_default $s)))
    (func (export "") (result (ref $s)) (struct.new $s (i32.const 0) (global.get $g)))))");
  const Provenance broken = From("wasmtime@31.0.0"), fixed = From("wasmtime@50.0.1");
  for (const Provenance* each : {&broken, &fixed}) {
    const auto installed = worker::WorkerCommand(each->suspect);
    if (!installed) GTEST_SKIP() << installed.error();
  }
  const auto shown = WriteRegressionFile(test_case, broken, Workers());
  ASSERT_TRUE(shown.has_value()) << shown.error().message;
  EXPECT_THAT(shown->script, HasSubstr("(invoke \"logged\")"));
  EXPECT_FALSE(WriteRegressionFile(test_case, fixed, Workers()).has_value());
}

}  // namespace
}  // namespace slabhound::regression
