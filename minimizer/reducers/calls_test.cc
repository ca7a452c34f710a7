// Two calls of the plan become one.
#include <gtest/gtest.h>

#include <vector>

#include "minimizer/case.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

TEST(Calls, OneExportCallsTheOther) {
  const Predicate both_called = [](const testcase::TestCase& each) {
    return each.plan.calls.size() + (Contains(each.module, wasm::Opcode::Call) ? 1 : 0) >= 2;
  };
  testcase::TestCase input = CaseOf(R"((module (func (export "first"))
    (func (export "second") (param i32) (result i32) (local.get 0))))");
  input.plan.calls = {{"first"}, {"second", {7}}};
  const Options options;
  Reduction reduction(input, both_called, options);
  ReduceCalls(reduction);
  EXPECT_EQ(reduction.current().plan.calls.size(), 1u);
  EXPECT_EQ(text::PrintModule(reduction.module()), R"((module
  (type (;0;) (func))
  (type (;1;) (func (param i32) (result i32)))
  (export "first" (func 0))
  (func (;0;) (type 0)
    i32.const 0
    call 1
    drop
  )
  (func (;1;) (type 1)
    local.get 0
  )
)
)");
}

// What matters is how often the function runs, not under which name.
TEST(Calls, OneExportIsCalledInThePlaceOfAnother) {
  const Predicate four_calls = [](const testcase::TestCase& each) {
    return each.plan.calls.size() == 4;
  };
  const testcase::TestCase input = CaseOf(R"((module
    (func (export "first")) (func (export "second") (result i32) (i32.const 1))))");
  const Options options;
  Reduction reduction(input, four_calls, options);
  ReduceCalls(reduction);
  ASSERT_EQ(reduction.module().exports.size(), 1u);
  EXPECT_EQ(reduction.module().exports[0].name, "first");
  EXPECT_EQ(reduction.current().plan.calls, std::vector<testcase::Call>(4, {"first"}));
}

}  // namespace
}  // namespace slabhound::minimizer
