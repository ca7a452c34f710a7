// An arm that only branches away is a branch.
#include <gtest/gtest.h>

#include "minimizer/case.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

TEST(Blocks, AnArmThatOnlyBranchesIsABranch) {
  const Predicate two_ways = [](const testcase::TestCase& each) {
    return Contains(each.module, wasm::Opcode::I32Const) &&
           (Contains(each.module, wasm::Opcode::If) || Contains(each.module, wasm::Opcode::BrIf));
  };
  const Options options;
  const auto reduced = [&](std::string_view text) {
    Reduction reduction(CaseOf(text), two_ways, options);
    ReduceBlocks(reduction);
    testcase::TestCase result = reduction.Take();
    result.module.names.reset();
    return text::PrintModule(result.module);
  };
  EXPECT_EQ(reduced(R"((module (func (param i32) (block $out
    (if (local.get 0) (then (br $out)) (else (drop (i32.const 5))))))))"),
            R"((module
  (type (;0;) (func (param i32)))
  (func (;0;) (type 0)
    block
      local.get 0
      br_if 0
      i32.const 5
      drop
    end
  )
)
)");
  EXPECT_EQ(reduced(R"((module (func (param i32) (block $out
    (drop (if (result i32) (local.get 0) (then (i32.const 7)) (else (br $out))))))))"),
            R"((module
  (type (;0;) (func (param i32)))
  (func (;0;) (type 0)
    block
      local.get 0
      i32.eqz
      br_if 0
      i32.const 7
      drop
    end
  )
)
)");
}

}  // namespace
}  // namespace slabhound::minimizer
