// Edits that overlap: of nodes that share a call with several results.
#include "minimizer/proposals.h"

#include <gmock/gmock.h>

#include "minimizer/case.h"
#include "minimizer/reducer.h"
#include "rewrite/view.h"
#include "wasm/encode.h"

namespace slabhound::minimizer {
namespace {

std::vector<std::pair<uint32_t, uint32_t>> RangesOf(const std::vector<rewrite::Edit>& edits) {
  std::vector<std::pair<uint32_t, uint32_t>> ranges;
  for (const rewrite::Edit& edit : edits) ranges.emplace_back(edit.range.first, edit.range.end);
  return ranges;
}

TEST(Outermost, LeavesNoEditsThatOverlap) {
  using testing::ElementsAre;
  using testing::Pair;
  const auto outermost = [](std::vector<rewrite::Range> ranges) {
    std::vector<rewrite::Edit> edits;
    for (const rewrite::Range& range : ranges) edits.push_back({0, range, {}});
    return RangesOf(rewrite::Outermost(std::move(edits)));
  };
  EXPECT_THAT(outermost({{3, 5}, {0, 2}, {2, 3}}),
              ElementsAre(Pair(0u, 2u), Pair(2u, 3u), Pair(3u, 5u)));
  EXPECT_THAT(outermost({{1, 2}, {0, 4}, {2, 4}}), ElementsAre(Pair(0u, 4u)));
  EXPECT_THAT(outermost({{0, 2}, {0, 3}}), ElementsAre(Pair(0u, 3u)));
  EXPECT_THAT(outermost({{2, 6}, {0, 4}}), ElementsAre(Pair(0u, 4u)));
}

TEST(Outermost, FunctionsDoNotOverlap) {
  EXPECT_EQ(rewrite::Outermost({{1, {0, 3}, {}}, {0, {1, 2}, {}}}).size(), 2u);
}

// Two statements and a block take the results of one call: their ranges begin at that call, at the
// same level.
constexpr std::string_view kShared = R"((module
  (type $in (func (param i32 i32)))
  (func $three (result i32 i32 i32) (i32.const 1) (i32.const 2) (i32.const 3))
  (func (export "run") (local i32 i32)
    (call $three) (local.set 0) (local.set 1) (drop)
    (call $three) (drop) (block (type $in) (drop) (drop))
    (call $three) (if (type $in) (then (local.set 0) (drop)) (else (drop) (drop))))))";

TEST(Rewrite, NodesThatShareACallAreNoBrokenInvariant) {
  // The maker that asks for every node, open ones too.
  const auto everywhere = [](const rewrite::View&, uint32_t, const rewrite::Node&) {
    return std::optional(std::vector<wasm::Instr>());
  };
  uint32_t open = 0;
  const rewrite::View view = rewrite::MakeView(ModuleOf(kShared));
  for (const rewrite::Node& node : view.trees[1].nodes) open += node.closed ? 0 : 1;
  EXPECT_GE(open, 5u);
  const Options options;
  const Predicate none = [](const testcase::TestCase&) { return false; };
  Reduction reduction(CaseOf(kShared), none, options);
  EXPECT_FALSE(RewriteNodes(reduction, everywhere));
  EXPECT_GT(reduction.counts().proposed, 0u);
  for (const Reducer& reducer : AllReducers()) reducer.run(reduction);
  EXPECT_EQ(wasm::Encode(reduction.module()), wasm::Encode(ModuleOf(kShared)));
}

// Once other code is gone it is another candidate, but seldom another answer.
TEST(Proposals, AChangeThatFailedWaitsForARoundThatSkipsNone) {
  size_t asked = 0;
  const Predicate predicate = [&](const testcase::TestCase& each) {
    ++asked;
    return Contains(each.module, wasm::Opcode::I32Const);
  };
  const Options options;
  Reduction reduction(CaseOf(R"((module (func (drop (i32.const 1))) (func)))"), predicate, options);
  const auto drop_statement = [&](const Round& round) {
    reduction.StartRound(round);
    reduction.StartReducer("statements", 1);
    asked = 0;
    TryEdits(reduction, {{0, {0, 2}, {}}});
    return asked;
  };
  EXPECT_EQ(drop_statement({.skips_failed = true}), 1u);
  wasm::Module smaller = reduction.module();
  smaller.functions.pop_back();
  ASSERT_TRUE(reduction.Try(std::move(smaller)));
  EXPECT_EQ(drop_statement({.skips_failed = true}), 0u);
  EXPECT_EQ(drop_statement({}), 1u);
}

}  // namespace
}  // namespace slabhound::minimizer
