// The regression file of a finding shows it: by assertions where they can, else by modules that
// check themselves; and where neither does, there is none.
#include "regression/regression_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(written.error().message,
              HasSubstr("; with self-checking modules: the script does not show it"));
}

TEST(RegressionFile, BehindAWorkerEachPlaceCollectsInFull) {
  for (const auto& [suspect, expected] :
       {std::pair("wasmtime@31.0.0:opt=speed,points=3,seed=4",
                  "wasmtime@31.0.0:gc=full,points=1,opt=speed"),
        std::pair("v8:gc=none", "v8:gc=none"), std::pair("binaryen", "binaryen"),
        std::pair("slab:null:never", "slab:null:never"),
        std::pair("worker:python3 a.py", "worker:python3 a.py")}) {
    const auto engine = ScriptEngine(*engine::ParseEngine(suspect));
    ASSERT_TRUE(engine.has_value());
    EXPECT_EQ(engine::EngineText(*engine), expected);
    EXPECT_THAT(HeaderOf(From(suspect)), HasSubstr("slabhound wast --engine "));
  }
  EXPECT_FALSE(ScriptEngine(*engine::ParseEngine("command:run {}")).has_value());
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
  EXPECT_THAT(shown->script, HasSubstr("(assert_return (invoke \"run\"))"));
  EXPECT_FALSE(WriteRegressionFile(test_case, fixed, Workers()).has_value());
}

}  // namespace
}  // namespace slabhound::regression
