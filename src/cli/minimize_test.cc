// Goal: a finding of the fault, minimized, becomes a script that passes on the oracle and on the
// clean engine and fails with the fault; a condition of the user's own is kept; wrong use is told.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "cli/case_file.h"
#include "cli/external_predicate.h"
#include "minimizer/finding.h"
#include "regression/check.h"
#include "regression/regression_file.h"
#include "regression/script_failures.h"
#include "text/wat.h"

namespace slabhound::cli {
namespace {

testcase::TestCase Seed(const std::string& name) {
  auto test_case = ReadCase(SLABHOUND_SOURCE_DIR "/corpus/seeds/" + name + ".wat");
  EXPECT_TRUE(test_case.has_value());
  return test_case ? *std::move(test_case) : testcase::TestCase();
}

minimizer::Keep KeepOf(const testcase::TestCase& test_case,
                       const std::vector<engine::EngineSpec>& engines) {
  return minimizer::KeepOf(diff::Judge(test_case, engines, {}), engines, {});
}

TEST(Regression, FailsWithTheFaultOnly) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  for (const char* name : {"loop_cast_call", "pool", "exceptions"}) {
    const auto engines = engine::DefaultEngines(heap::Fault::RootLoopNoFixpoint);
    const minimizer::Keep keep = KeepOf(Seed(name), engines);
    const auto found = minimizer::MinimizeFinding(Seed(name), keep);
    ASSERT_TRUE(found.has_value()) << found.error().message;
    const auto regression = regression::WriteRegressionFile(
        found->minimized.test_case, minimizer::ProvenanceOf(keep), keep.lab.workers);
    ASSERT_TRUE(regression.has_value()) << regression.error().message;
    EXPECT_EQ(regression->left_out, 0u);
    EXPECT_NE(regression->script.find(";; signature  slab panic: "), std::string::npos);
    for (const engine::EngineSpec& clean : engine::DefaultEngines()) {
      EXPECT_EQ(regression::ScriptFailures(regression->script, clean), 0u) << regression->script;
    }
    ASSERT_TRUE(regression->fails_on.has_value());
    EXPECT_GT(regression::ScriptFailures(regression->script, *regression->fails_on), 0u)
        << regression->script;
  }
}

// The script of a module, whatever it shows.
Result<regression::Regression, regression::RegressionError> ScriptOf(const std::string& text) {
  auto module = text::ReadModule(text);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  const auto test_case = *testcase::MakeTestCase(*std::move(module));
  return regression::WriteRegression(test_case);
}

TEST(Regression, EveryOutcomeIsAnAssertionThatTheOraclePasses) {
  const auto regression = ScriptOf(R"((module
    (type $s (struct))
    (tag $t)
    (func (export "numbers") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
      (local.get 0) (local.get 1) (local.get 2) (local.get 3))
    (func (export "nan") (result f32 f64) (f32.const nan) (f64.const nan:0x8000000000001))
    (func (export "references") (param externref) (result externref anyref anyref funcref i31ref)
      (local.get 0) (struct.new $s) (ref.null any) (ref.func 0) (ref.i31 (i32.const 3)))
    (func (export "trap") (unreachable))
    (func (export "throw") (throw $t))
    (func $deep (export "deep") (call $deep))
    (func (export "endless") (loop (br 0)))))");
  ASSERT_TRUE(regression.has_value()) << regression.error().message;
  const std::string& script = regression->script;
  for (const char* part :
       {"(assert_return (invoke \"numbers\"", "nan:canonical", "nan:arithmetic",
        "(ref.struct) (ref.null any) (ref.func) (ref.i31)",
        "(assert_trap (invoke \"trap\") \"unreachable\")", "(assert_exception (invoke \"throw\"))",
        "(assert_exhaustion (invoke \"deep\")",
        ";; left out, as it does not end: (invoke \"endless\")"}) {
    EXPECT_NE(script.find(part), std::string::npos) << part << "\n" << script;
  }
  EXPECT_EQ(regression->left_out, 2u);  // of two rounds
  for (const engine::EngineSpec& engine : engine::DefaultEngines()) {
    EXPECT_EQ(regression::ScriptFailures(script, engine), 0u) << script;
  }
}

TEST(Regression, ImportsAreModulesOfTheFile) {
  const auto regression = ScriptOf(R"((module
    (import "fuzzing-support" "log-i32" (func $log (param i32)))
    (import "fuzzing-support" "throw" (func $throw (param i32)))
    (import "fuzzing-support" "wasmtag" (tag $t (param i32)))
    (import "a" "g" (global $g (mut i64)))
    (import "a" "t" (table $table 3 (ref i31)))
    (import "b" "m" (memory 1))
    (func (export "run") (result i32 i64 i32)
      (call $log (i32.const 1))
      (block $caught (result i32)
        (try_table (catch $t $caught) (call $throw (i32.const 5)))
        (i32.const 0))
      (global.get $g)
      (i31.get_u (table.get $table (i32.const 2))))))");
  ASSERT_TRUE(regression.has_value()) << regression.error().message;
  EXPECT_NE(regression->script.find("(i32.const 5) (i64.const 0) (i32.const 7)"), std::string::npos)
      << regression->script;
  EXPECT_EQ(regression::ScriptFailures(regression->script, engine::EngineSpec{}), 0u)
      << regression->script;
}

TEST(Regression, ExportedGlobalsAreAskedForBehindTheCalls) {
  const auto regression = ScriptOf(R"((module
    (type $s (struct))
    (global (export "n") (mut i64) (i64.const 1))
    (global (export "o") (mut (ref null $s)) (ref.null $s))
    (func (export "run") (global.set 0 (i64.const -5)) (global.set 1 (struct.new $s)))))");
  ASSERT_TRUE(regression.has_value()) << regression.error().message;
  const std::string& script = regression->script;
  EXPECT_TRUE(
      script.ends_with("(assert_return (invoke \"run\"))\n"
                       "(assert_return (get \"n\") (i64.const -5))\n"
                       "(assert_return (get \"o\") (ref.struct))\n"))
      << script;
  EXPECT_EQ(regression::ScriptFailures(script, engine::EngineSpec{}), 0u);
}

TEST(Regression, AfterAStackOverflowGlobalsAreEachEnginesAffair) {
  const auto regression = ScriptOf(R"((module
    (global $g (export "n") (mut i32) (i32.const 0))
    (func $deep (export "deep")
      (global.set $g (i32.add (global.get $g) (i32.const 1))) (call $deep))))");
  ASSERT_TRUE(regression.has_value()) << regression.error().message;
  EXPECT_EQ(regression->script.find("(get "), std::string::npos) << regression->script;
}

TEST(Regression, AScriptThatShowsNothingIsAnError) {
  const auto regression = ScriptOf("(module (func (export \"run\") (result i32) (i32.const 1)))");
  ASSERT_TRUE(regression.has_value());
  const engine::EngineSpec clean = engine::DefaultEngines()[2];
  const auto passes = regression::CheckRegression(*regression, clean);
  ASSERT_FALSE(passes.has_value());
  EXPECT_NE(passes.error().message.find("does not show it on slab:"), std::string::npos);
  regression::Regression wrong = *regression;
  wrong.script.replace(wrong.script.rfind("(i32.const 1)"), 13, "(i32.const 2)");
  const auto fails = regression::CheckRegression(wrong, clean);
  ASSERT_FALSE(fails.has_value());
  EXPECT_NE(fails.error().message.find("fails on the oracle at line"), std::string::npos);
  EXPECT_FALSE(regression::CheckRegression({.script = "("}, clean).has_value());
}

TEST(Regression, WhatNoModuleCanDoIsAnError) {
  const auto acts =
      ScriptOf(R"((module (import "fuzzing-support" "call-export" (func (param i32 i32)))))");
  ASSERT_FALSE(acts.has_value());
  EXPECT_NE(acts.error().message.find("call-export"), std::string::npos);
  // They would be one memory.
  EXPECT_FALSE(
      ScriptOf(R"((module (import "m" "g" (memory 1)) (import "m" "g" (memory 1))))").has_value());
}

TEST(ExternalPredicate, KeepsWhatTheCommandAccepts) {
  const TestFolder folder;
  const auto predicate = ExternalPredicate({"grep -q six {}", folder.File("candidate"), 10});
  ASSERT_TRUE(predicate.has_value());
  auto module = text::ReadModule(
      R"((module (func (export "five")) (func (export "six") (drop (i32.const 6)))))");
  ASSERT_TRUE(module.has_value());
  const auto result = minimizer::Minimize(*testcase::MakeTestCase(*std::move(module)), *predicate);
  ASSERT_TRUE(result.has_value()) << result.error().message;
  ASSERT_EQ(result->test_case.module.exports.size(), 1u);
  EXPECT_EQ(result->test_case.module.exports[0].name, "six");
}

// What the command says of the empty module.
minimizer::Outcome OutcomeOf(const std::string& command, double seconds_max) {
  const TestFolder folder;
  const auto predicate = ExternalPredicate({command, folder.File("candidate"), seconds_max});
  EXPECT_TRUE(predicate.has_value());
  auto answer = (*predicate)({});
  const auto outcome = answer.Wait(DeadlineIn(std::chrono::seconds(20)));
  EXPECT_TRUE(outcome.has_value());
  return *outcome;
}

TEST(ExternalPredicate, TellsOutcomesApart) {
  using minimizer::Outcome;
  EXPECT_EQ(OutcomeOf("test -s {}", 10), Outcome::Interesting);
  EXPECT_EQ(OutcomeOf("exit 3 {}", 10), Outcome::NotInteresting);
  EXPECT_EQ(OutcomeOf("kill -9 $$ {}", 10), Outcome::NotInteresting);
  EXPECT_EQ(OutcomeOf("sleep 5; true {}", 0.1), Outcome::TimedOut);
  EXPECT_EQ(OutcomeOf("no-such-command {}", 10), Outcome::NotStarted);
}

TEST(ExternalPredicate, AnAnswerThatIsDroppedEndsItsCommandAndItsFile) {
  const TestFolder folder;
  const std::string mark = folder.File("mark");
  const auto predicate = ExternalPredicate(
      {fmt::format("sleep 0.5; touch {}; true {{}}", ShellQuoted(mark)), folder.File("c"), 10});
  ASSERT_TRUE(predicate.has_value());
  {
    auto first = (*predicate)({});
    auto second = (*predicate)({});
    EXPECT_FALSE(first.IsThere());
    EXPECT_FALSE(second.IsThere());
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ExternalPredicate, ACommandWithoutAPlaceForTheFileIsAnError) {
  EXPECT_FALSE(ExternalPredicate({"true", "x", 1}).has_value());
}

}  // namespace
}  // namespace slabhound::cli
