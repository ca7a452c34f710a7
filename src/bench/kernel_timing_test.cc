// Goal: a kernel is what the rule says; the built-in ones give one checksum on every engine of this
// process, and a round of theirs has a time.
#include "bench/kernel_timing.h"

#include <gtest/gtest.h>

#include "text/wat.h"
#include "valid/valid_module.h"

namespace slabhound::bench {
namespace {

Result<Kernel, std::string> KernelOf(std::string_view wat) {
  return MakeKernel("k", {*text::ReadModule(wat), {}});
}

KernelTimer TimerOf(std::string_view engine) {
  return *KernelTimer::Start(*engine::ParseEngine(engine), {});
}

TEST(Kernels, AreModulesOfOneShape) {
  EXPECT_TRUE(KernelOf("(func (export \"run\") (param i32) (result i32) (local.get 0))"));
  for (const char* wat : {"(func (export \"run\") (param i64) (result i32) (i32.const 0))",
                          "(func (export \"go\") (param i32) (result i32) (local.get 0))",
                          "(global (export \"run\") i32 (i32.const 0))",
                          "(func (import \"a\" \"b\"))"
                          "(func (export \"run\") (param i32) (result i32) (local.get 0))"}) {
    const auto kernel = KernelOf(wat);
    ASSERT_FALSE(kernel.has_value()) << wat;
    EXPECT_NE(kernel.error().find("no kernel"), std::string::npos) << kernel.error();
  }
}

TEST(Kernels, GiveOneChecksumOnEveryEngineOfThisProcess) {
  std::vector<Kernel> kernels = BuiltInKernels();
  EXPECT_GE(kernels.size(), 4u);
  KernelTimer oracle = TimerOf("oracle");
  for (const Kernel& kernel : kernels) {
    const auto expected = oracle.Run(kernel, 10);
    ASSERT_TRUE(expected.has_value()) << kernel.name << ": " << expected.error();
    for (const char* engine : {
#define SLABHOUND_COLLECTOR(name, text, ...) \
  "slab:" text ":explicit", "slab:" text ":every-allocation:verify-collections",
#include "gc/collectors.def"
         }) {
      const auto run = TimerOf(engine).Run(kernel, 10);
      ASSERT_TRUE(run.has_value()) << kernel.name << " " << engine << ": " << run.error();
      EXPECT_EQ(run->checksum, expected->checksum) << kernel.name << " " << engine;
    }
  }
}

TEST(Kernels, HaveARoundsTime) {
  const auto time = TimerOf("slab").Time(BuiltInKernels().front(), 0.01);
  ASSERT_TRUE(time.has_value()) << time.error();
  EXPECT_GT(time->nanoseconds, 0);
  EXPECT_GT(time->rounds, 16u);
}

TEST(Kernels, SayWhatStoppedThem) {
  const auto kernel = KernelOf("(func (export \"run\") (param i32) (result i32) unreachable)");
  ASSERT_TRUE(kernel.has_value());
  const auto time = TimerOf("slab").Time(*kernel, 0.01);
  ASSERT_FALSE(time.has_value());
  EXPECT_EQ(time.error(), "it traps: unreachable");
}

TEST(Kernels, AreValidForAWorker) {
  for (const Kernel& kernel : BuiltInKernels()) {
    wasm::TypeStore types;
    const auto valid =
        valid::Validate(std::make_shared<const wasm::Module>(KernelForWorker(kernel, 5)), types);
    EXPECT_TRUE(valid.has_value()) << kernel.name;
  }
}

}  // namespace
}  // namespace slabhound::bench
