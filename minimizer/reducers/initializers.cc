#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/constant_code.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;
using wasm::Opcode;
using Code = std::vector<wasm::Instr>;

struct Change {
  size_t initializer = 0;
  uint32_t first = 0, at = 0;
  Code with;
};

// What an instruction weighs, with what it keeps in use.
uint64_t WeightOf(const Code& code, uint32_t first, uint32_t at) {
  constexpr uint64_t kBytesPerInstr = 2, kBytesPerFunction = 10;
  uint64_t weight = 0;
  for (uint32_t i = first; i <= at; ++i) {
    weight += code[i].op == Opcode::RefFunc ? kBytesPerFunction : kBytesPerInstr;
  }
  return weight;
}

// A default value that is a constant, if it is shorter or simpler than the code.
std::optional<Code> Default(const Code& code, const rewrite::ConstantNode& node, wasm::ValType type,
                            const rewrite::View& view) {
  Code with = rewrite::DefaultOf(view.valid.Canonical(type), view);
  if (with.front().op == Opcode::Unreachable) return std::nullopt;
  const bool longer = with.size() > node.at - node.first + 1;
  const bool same = with.size() == 1 && node.first == node.at && with[0].op == code[node.at].op &&
                    with[0].bits == code[node.at].bits;
  if (longer || same) return std::nullopt;
  return with;
}

// The types that the nodes of an initializer have to have.
std::vector<std::optional<wasm::ValType>> TypesOf(const wasm::Module& module,
                                                  const rewrite::Initializer& initializer,
                                                  const std::vector<rewrite::ConstantNode>& nodes) {
  std::vector<std::optional<wasm::ValType>> types(nodes.size());
  types.back() = initializer.type;
  for (size_t i = nodes.size(); i-- > 0;) {
    const wasm::Instr& instr = initializer.body->code[nodes[i].at];
    for (size_t k = 0; k < nodes[i].operands.size(); ++k) {
      types[nodes[i].operands[k]] = rewrite::OperandType(module, instr, k);
    }
  }
  return types;
}

TestCase Changed(const TestCase& base, const std::vector<Change>& changes,
                 const std::vector<size_t>& chosen) {
  TestCase candidate = base;
  const std::vector<rewrite::Initializer> initializers = rewrite::Initializers(candidate.module);
  for (size_t i = chosen.size(); i-- > 0;) {  // later ones first: places stay
    const Change& change = changes[chosen[i]];
    Code& code = initializers[change.initializer].body->code;
    const auto at = code.erase(code.begin() + change.first, code.begin() + change.at + 1);
    code.insert(at, change.with.begin(), change.with.end());
  }
  return candidate;
}

enum class By : uint8_t { Default, NewObject };

// All values at one level, where level 0 are whole initializers. False if there are none.
bool ReplaceLevel(Reduction& reduction, uint32_t level, By by) {
  const auto view = reduction.View();
  TestCase base = reduction.current();
  const std::vector<rewrite::Initializer> initializers = rewrite::Initializers(base.module);
  std::vector<Change> changes;
  std::vector<uint64_t> weights;
  bool any = false;
  for (size_t i = 0; i < initializers.size(); ++i) {
    const Code& code = initializers[i].body->code;
    const std::vector<rewrite::ConstantNode> nodes =
        rewrite::ParseConstant(base.module, *initializers[i].body);
    const auto types = TypesOf(base.module, initializers[i], nodes);
    for (size_t n = 0; n < nodes.size(); ++n) {
      if (nodes[n].level != level) continue;
      any = true;
      if (!types[n] || (by == By::NewObject && !types[n]->is_ref())) continue;
      const wasm::ValType type = by == By::NewObject ? types[n]->WithNullable(false) : *types[n];
      auto with = Default(code, nodes[n], type, *view);
      if (!with) continue;
      changes.push_back({i, nodes[n].first, nodes[n].at, *std::move(with)});
      weights.push_back(WeightOf(code, nodes[n].first, nodes[n].at));
    }
  }
  TrySubsets(reduction, weights,
             [&](const std::vector<size_t>& chosen) { return Changed(base, changes, chosen); });
  return any;
}

void DropTableInitializers(Reduction& reduction) {
  const TestCase base = reduction.current();
  TrySubsets(reduction, base.module.tables.size(), 1, [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    for (const size_t t : chosen) candidate.module.tables[t].init.reset();
    return candidate;
  });
}

}  // namespace

void ReduceInitializers(Reduction& reduction) {
  for (const By by : {By::Default, By::NewObject}) {
    for (uint32_t level = 0; !reduction.Stopped() && ReplaceLevel(reduction, level, by); ++level) {
    }
  }
  DropTableInitializers(reduction);
}

}  // namespace slabhound::minimizer
