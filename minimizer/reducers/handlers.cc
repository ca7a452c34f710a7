#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "rewrite/operands.h"
#include "rewrite/references.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Node;
using rewrite::View;
using testcase::TestCase;
using wasm::Instr;
using wasm::Opcode;

// A block to which nothing branches but handlers.
struct Target {
  uint32_t function = 0;
  uint32_t at = 0, last = 0;  // its opener and its end
};

// Each label inside of the block, with the label that is the block's own there, and the clause that
// it is of, if it is of one.
template <typename Visit>
void VisitLabels(wasm::Body& body, const Target& target, Visit visit) {
  wasm::CatchClause* const none = nullptr;
  uint32_t own = 0;
  for (uint32_t i = target.at + 1; i < target.last; ++i) {
    Instr& instr = body.code[i];
    if (instr.op == Opcode::End || instr.op == Opcode::Delegate) --own;
    const wasm::ImmediateKind first = wasm::Info(wasm::Info(instr.op).immediates).first;
    if (first == wasm::ImmediateKind::Label) visit(instr.a, own, none);
    for (uint32_t k = 0; instr.op == Opcode::BrTable && k <= instr.b; ++k) {
      visit(body.labels[instr.a + k], own, none);
    }
    for (uint64_t k = 0; instr.op == Opcode::TryTable && k < instr.bits; ++k) {
      wasm::CatchClause& clause = body.catches[instr.b + k];
      visit(clause.label, own, &clause);
    }
    if (rewrite::OpensBlock(instr.op)) ++own;
  }
}

// Whether handlers go to the block, and nothing else does.
bool IsForHandlers(wasm::Body& body, const Target& target) {
  const auto begin = body.code.begin();
  const bool is_legacy = std::any_of(begin + target.at, begin + target.last, [](const Instr& each) {
    return each.op == Opcode::LegacyTry || each.op == Opcode::Delegate;
  });
  bool any = false, only = !is_legacy;
  VisitLabels(body, target,
              [&](const uint32_t& label, uint32_t own, const wasm::CatchClause* clause) {
                if (label != own) return;
                any |= clause != nullptr;
                only &= clause != nullptr;
              });
  return any && only;
}

std::vector<Target> Targets(const View& view) {
  std::vector<Target> targets;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    wasm::Body body = rewrite::Tidy(view.module->functions[f].body);
    for (const Node& node : view.trees[f].nodes) {
      const Target target{f, node.at, node.last};
      if (body.code[node.at].op != Opcode::Block) continue;
      if (IsForHandlers(body, target)) targets.push_back(target);
    }
  }
  return targets;
}

// How far out of the block the nearest label is that carries nothing: 0 is the block around it.
std::optional<uint32_t> PlainLabelAround(const wasm::Module& module, const Target& target) {
  const wasm::Function& function = module.functions[target.function];
  const std::vector<uint32_t> open = rewrite::OpenersAround(function.body.code, target.at);
  for (uint32_t depth = 0; depth < open.size(); ++depth) {
    const Instr& opener = function.body.code[open[open.size() - 1 - depth]];
    const auto arity = rewrite::ArityOf(module, wasm::BlockType::FromBits(opener.a));
    if ((opener.op == Opcode::Loop ? arity.params : arity.results) == 0) return depth;
  }
  if (!rewrite::FunctionType(module, target.function).results.empty()) return std::nullopt;
  return static_cast<uint32_t>(open.size());
}

// The handlers that go to the block catch all and go on at `label` of it: 0 is its own.
void Redirect(wasm::Body& body, const Target& target, uint32_t label) {
  body = rewrite::Tidy(body);  // no clauses that two blocks share
  VisitLabels(body, target, [label](uint32_t& goes_to, uint32_t own, wasm::CatchClause* clause) {
    if (clause == nullptr || goes_to != own) return;
    clause->kind = wasm::CatchKind::CatchAll;
    clause->tag = 0;
    goes_to += label;
  });
}

// The block's code in its place: nothing goes to its own label.
void Unwrap(wasm::Body& body, const Target& target) {
  VisitLabels(body, target, [](uint32_t& label, uint32_t own, const wasm::CatchClause*) {
    label -= label > own ? 1 : 0;
  });
  body.code.erase(body.code.begin() + target.last);
  body.code.erase(body.code.begin() + target.at);
}

// The handlers of a block go on where a label around it is, so that it has no use.
std::optional<TestCase> GoFurther(const TestCase& base, const Target& target) {
  const auto label = PlainLabelAround(base.module, target);
  if (!label) return std::nullopt;
  TestCase candidate = base;
  wasm::Body& body = candidate.module.functions[target.function].body;
  Redirect(body, target, *label + 1);
  Unwrap(body, target);
  return candidate;
}

// They try again: the block is a loop.
std::optional<TestCase> TryAgain(const TestCase& base, const Target& target) {
  TestCase candidate = base;
  wasm::Body& body = candidate.module.functions[target.function].body;
  const auto type = wasm::BlockType::FromBits(body.code[target.at].a);
  if (rewrite::ArityOf(base.module, type).params > 0) return std::nullopt;
  Redirect(body, target, 0);
  body.code[target.at].op = Opcode::Loop;
  return candidate;
}

void ForTargets(Reduction& reduction,
                std::optional<TestCase> (*make)(const TestCase&, const Target&)) {
  // From the last on: those before it are where they were.
  bool any = true;
  while (any && !reduction.Stopped()) {
    const std::vector<Target> targets = Targets(*reduction.View());
    any = false;
    reduction.TryEach({.count = targets.size(),
                       .at = [&](size_t place) -> std::optional<TestCase> {
                         if (any) return std::nullopt;
                         return make(reduction.current(), targets[place]);
                       },
                       .accepted = [&](size_t) { any = true; }});
  }
}

// A loop that ends by leaving the block around it, behind which nothing comes but a trap: it gives
// the block's values itself.
void FallOut(Reduction& reduction) {
  std::vector<rewrite::Edit> edits;
  const auto view = reduction.View();
  for (uint32_t f = 0; f < view->trees.size(); ++f) {
    const auto& code = view->module->functions[f].body.code;
    for (const Node& node : view->trees[f].nodes) {
      const bool is_plain_loop =
          code[node.at].op == Opcode::Loop && code[node.at].a == wasm::BlockType().bits();
      if (!is_plain_loop || node.parent == rewrite::kNone) continue;
      const Node& around = view->trees[f].nodes[node.parent];
      const Instr& opener = code[around.at];
      if (opener.op != Opcode::Block || around.last != node.last + 2) continue;
      const auto type = wasm::BlockType::FromBits(opener.a);
      if (rewrite::ArityOf(*view->module, type).params > 0) continue;
      const Instr &leaves = code[node.last - 1], &traps = code[node.last + 1];
      if (leaves.op != Opcode::Br || leaves.a != 1 || traps.op != Opcode::Unreachable) continue;
      std::vector<Instr> with(code.begin() + node.first, code.begin() + node.last - 1);
      with[node.at - node.first].a = opener.a;
      with.push_back(rewrite::Op(Opcode::End));
      edits.push_back({f, {node.first, node.last + 2}, std::move(with)});
    }
  }
  TryEdits(reduction, rewrite::Outermost(std::move(edits)));
}

}  // namespace

void ReduceHandlers(Reduction& reduction) {
  ForTargets(reduction, GoFurther);
  ForTargets(reduction, TryAgain);
  FallOut(reduction);
}

}  // namespace slabhound::minimizer
