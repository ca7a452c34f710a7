// An arm that only branches away is a branch, and a loop asks once.
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

TEST(Blocks, ALoopAroundAnIfAsksBehindItsRound) {
  const Predicate goes_round = [](const testcase::TestCase& each) {
    return Contains(each.module, wasm::Opcode::Loop) &&
           Contains(each.module, wasm::Opcode::I32Sub) &&
           (Contains(each.module, wasm::Opcode::If) || Contains(each.module, wasm::Opcode::BrIf));
  };
  const Options options;
  Reduction reduction(CaseOf(R"((module (func (param i32) (loop $again
    (if (i32.popcnt (local.get 0)) (then
      (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br $again)))))))"),
                      goes_round, options);
  ReduceBlocks(reduction);
  testcase::TestCase result = reduction.Take();
  result.module.names.reset();
  EXPECT_EQ(text::PrintModule(result.module), R"((module
  (type (;0;) (func (param i32)))
  (func (;0;) (type 0)
    loop
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      local.get 0
      i32.popcnt
      br_if 0
    end
  )
)
)");
}

}  // namespace
}  // namespace slabhound::minimizer
