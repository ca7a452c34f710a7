// The least number that will do.
#include <gtest/gtest.h>

#include "minimizer/case.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

uint64_t NumberOf(const wasm::Module& module) { return module.functions[0].body.code[0].bits; }

TEST(Constants, TheLeastIsFound) {
  const Predicate at_least_37 = [](const testcase::TestCase& each) {
    return NumberOf(each.module) >= 37;
  };
  const Options options;
  Reduction reduction(CaseOf(R"((module (func (export "f") (result i32) (i32.const 1000))))"),
                      at_least_37, options);
  ReduceConstants(reduction);
  EXPECT_EQ(NumberOf(reduction.module()), 37u);
  EXPECT_LE(reduction.counts().candidates, 20u);
}

TEST(Constants, OfGlobalsAndSegmentsShrinkToo) {
  const Predicate any = [](const testcase::TestCase&) { return true; };
  const Options options;
  Reduction reduction(CaseOf(R"((module (memory 1) (global i64 (i64.const 500))
      (data (i32.const 700) "x")))"),
                      any, options);
  ReduceConstants(reduction);
  EXPECT_EQ(reduction.module().globals[0].init.code[0].bits, 0u);
  EXPECT_EQ(reduction.module().datas[0].memory_offset.code[0].bits, 0u);
}

}  // namespace
}  // namespace slabhound::minimizer
