#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Range;
using wasm::Instr;
using wasm::Opcode;

// An instruction of unreachable code, or a whole block.
struct Item {
  uint32_t function = 0;
  Range range;
  bool follows = false;  // the item before it in the same stretch of code
};

std::vector<Item> ItemsOf(const rewrite::View& view) {
  std::vector<Item> items;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    const auto& code = view.module->functions[f].body.code;
    std::vector<Range> dead = view.trees[f].dead;
    std::ranges::sort(dead, {}, &Range::first);
    uint32_t end = 0;
    for (const Range& range : dead) {
      if (range.first < end) continue;  // a dead range may hold others
      end = range.end;
      for (uint32_t at = range.first; at < range.end;) {
        uint32_t next = at + 1;
        for (uint32_t depth = rewrite::OpensBlock(code[at].op) ? 1 : 0; depth > 0; ++next) {
          if (rewrite::OpensBlock(code[next].op)) ++depth;
          if (code[next].op == Opcode::End || code[next].op == Opcode::Delegate) --depth;
        }
        items.push_back({f, {at, next}, at != range.first});
        at = next;
      }
    }
  }
  return items;
}

// Where code goes from between other code, `unreachable` takes its place: it takes whatever is
// before it, and gives whatever comes next wants.
std::vector<rewrite::Edit> Without(const std::vector<Item>& items,
                                   const std::vector<size_t>& chosen) {
  std::vector<rewrite::Edit> edits;
  for (const size_t i : chosen) {
    const Item& item = items[i];
    const bool goes_on = item.follows && !edits.empty() && edits.back().function == item.function &&
                         edits.back().range.end == item.range.first;
    if (goes_on) {
      edits.back().range.end = item.range.end;
    } else {
      edits.push_back({item.function, item.range, {}});
      if (item.follows) edits.back().with = {rewrite::Op(Opcode::Unreachable)};
    }
  }
  return edits;
}

}  // namespace

void ReduceDeadCode(Reduction& reduction) {
  const auto view = reduction.View();
  const testcase::Plan plan = reduction.current().plan;
  const std::vector<Item> items = ItemsOf(*view);
  std::vector<uint64_t> weights;
  constexpr uint64_t kBytesPerInstr = 2;
  for (const Item& item : items) {
    weights.push_back(kBytesPerInstr * (item.range.end - item.range.first));
  }
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    return testcase::TestCase{rewrite::ApplyEdits(*view->module, Without(items, chosen)), plan};
  });
}

}  // namespace slabhound::minimizer
