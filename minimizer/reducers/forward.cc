#include <algorithm>
#include <tuple>
#include <utility>

#include "minimizer/reducer.h"
#include "rewrite/declared.h"
#include "rewrite/edit.h"
#include "rewrite/unused.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Edit;
using rewrite::Node;
using rewrite::View;
using testcase::TestCase;
using wasm::Opcode;
using Code = std::vector<wasm::Instr>;

// Code that means the same at another place of its function; without locals, at any place.
bool CanMove(const Code& code, bool with_locals) {
  return std::ranges::none_of(code, [&](const wasm::Instr& instr) {
    const wasm::Immediates kind = wasm::Info(instr.op).immediates;
    const wasm::ImmediateKind first = wasm::Info(kind).first;
    return rewrite::OpensBlock(instr.op) || instr.op == Opcode::Return ||
           first == wasm::ImmediateKind::Label || first == wasm::ImmediateKind::Labels ||
           kind == wasm::Immediates::SelectTypes ||
           (!with_locals && first == wasm::ImmediateKind::Local);
  });
}

// The code of an operand that is an expression of its own.
std::optional<Code> OperandCode(const View& view, uint32_t f, const Node& node) {
  const rewrite::Tree& tree = view.trees[f];
  if (!node.closed || node.operands.size() != 1 || node.operands[0] == rewrite::kNone) return {};
  const Node& operand = tree.nodes[node.operands[0]];
  if (!operand.closed || operand.result_count != 1) return std::nullopt;
  const Code& code = view.module->functions[f].body.code;
  return Code(code.begin() + operand.first, code.begin() + operand.last + 1);
}

// A local that is set once, and what it is set to, which may stand where it is read.
struct Carrier {
  uint32_t function = 0, first = 0;  // where it is set
  std::vector<Edit> edits;
};

std::optional<Carrier> CarrierOf(const View& view, uint32_t f, const Node& node) {
  const Code& code = view.module->functions[f].body.code;
  if (code[node.at].op != Opcode::LocalSet) return std::nullopt;
  const auto value = OperandCode(view, f, node);
  if (!value || !CanMove(*value, /*with_locals=*/true)) return std::nullopt;
  Carrier carrier{f, node.first, {{f, {node.first, node.last + 1}, {}}}};
  for (uint32_t i = 0; i < code.size(); ++i) {
    if (code[i].a != code[node.at].a || i == node.at) continue;
    const bool sets = code[i].op == Opcode::LocalSet || code[i].op == Opcode::LocalTee;
    const bool reads = code[i].op == Opcode::LocalGet;
    if (sets || (reads && i < node.last)) return std::nullopt;
    if (reads) carrier.edits.push_back({f, {i, i + 1}, *value});
  }
  const size_t reads = carrier.edits.size() - 1;
  if (reads == 0 || (reads > 1 && value->size() > 1)) return std::nullopt;
  return carrier;
}

// Those that are set before a place, last ones first.
std::vector<Carrier> CarriersBefore(const View& view, std::pair<uint32_t, uint32_t> place) {
  std::vector<Carrier> carriers;
  for (uint32_t f = 0; f < view.trees.size(); ++f) {
    for (const Node& node : view.trees[f].nodes) {
      if (std::pair(f, node.first) >= place) continue;
      if (auto carrier = CarrierOf(view, f, node)) carriers.push_back(*std::move(carrier));
    }
  }
  std::ranges::sort(carriers, [](const Carrier& a, const Carrier& b) {
    return std::tie(a.function, a.first) > std::tie(b.function, b.first);
  });
  return carriers;
}

// From the last on: what stands before it keeps its place.
void ForwardLocals(Reduction& reduction) {
  std::pair<uint32_t, uint32_t> before = {UINT32_MAX, UINT32_MAX};
  while (!reduction.Stopped()) {
    const std::vector<Carrier> carriers = CarriersBefore(*reduction.View(), before);
    std::optional<size_t> done;
    reduction.TryEach({.count = carriers.size(),
                       .at = [&](size_t place) -> std::optional<TestCase> {
                         if (done) return std::nullopt;
                         return TestCase{
                             rewrite::ApplyEdits(reduction.module(), carriers[place].edits),
                             reduction.current().plan};
                       },
                       .accepted = [&](size_t place) { done = place; }});
    if (!done) return;
    before = {carriers[*done].function, carriers[*done].first};
  }
}

// What may stand for a global: the value that it is set to, its first one, or a new object.
std::optional<Code> ValueOf(const View& view, uint32_t global, size_t nth) {
  constexpr size_t kCodeMax = 4;
  const wasm::Module& module = *view.module;
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Global);
  std::optional<Code> value;
  if (nth == 0) {
    for (uint32_t f = 0; f < view.trees.size(); ++f) {
      for (const Node& node : view.trees[f].nodes) {
        const wasm::Instr& instr = module.functions[f].body.code[node.at];
        if (instr.op == Opcode::GlobalSet && instr.a == global) value = OperandCode(view, f, node);
      }
    }
  } else if (nth == 1 && global >= imported) {
    value = module.globals[global - imported].init.code;
    value->pop_back();  // its End
  } else if (nth == 2 && view.valid.globals[global].type.is_ref()) {
    value = rewrite::DefaultOf(view.valid.globals[global].type.WithNullable(false), view);
  }
  const bool will_do = value && value->size() <= kCodeMax &&
                       CanMove(*value, /*with_locals=*/false) &&
                       std::ranges::none_of(*value, [&](const wasm::Instr& instr) {
                         return instr.op == Opcode::Unreachable ||
                                (instr.op == Opcode::GlobalGet && instr.a == global);
                       });
  return will_do ? value : std::nullopt;
}

std::optional<TestCase> WithoutGlobal(const View& view, const testcase::Plan& plan, uint32_t global,
                                      size_t nth) {
  const auto value = ValueOf(view, global, nth);
  if (!value) return std::nullopt;
  std::vector<Edit> edits;
  for (uint32_t f = 0; f < view.module->functions.size(); ++f) {
    const Code& code = view.module->functions[f].body.code;
    for (uint32_t i = 0; i < code.size(); ++i) {
      if (code[i].a != global) continue;
      if (code[i].op == Opcode::GlobalGet) edits.push_back({f, {i, i + 1}, *value});
      if (code[i].op == Opcode::GlobalSet) {
        edits.push_back({f, {i, i + 1}, {rewrite::Op(Opcode::Drop)}});
      }
    }
  }
  if (edits.empty()) return std::nullopt;
  wasm::Module module = rewrite::ApplyEdits(*view.module, edits);
  rewrite::DeclareMissing(module);
  return TestCase{rewrite::KeepOnly(module, rewrite::Reachable(module, {})), plan};
}

void ForwardGlobals(Reduction& reduction) {
  constexpr size_t kValues = 3;
  const size_t count = reduction.module().GlobalCount();
  std::vector<uint8_t> done(count, 0);
  // From the last on: those before it keep their numbers.
  reduction.TryEach({.count = count * kValues,
                     .at = [&](size_t place) -> std::optional<TestCase> {
                       const size_t global = count - 1 - place / kValues;
                       if (done[global] != 0 || global >= reduction.module().GlobalCount()) {
                         return std::nullopt;
                       }
                       return WithoutGlobal(*reduction.View(), reduction.current().plan,
                                            static_cast<uint32_t>(global), place % kValues);
                     },
                     .accepted = [&](size_t place) { done[count - 1 - place / kValues] = 1; }});
}

}  // namespace

void ReduceForward(Reduction& reduction) {
  ForwardLocals(reduction);
  ForwardGlobals(reduction);
}

}  // namespace slabhound::minimizer
