#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Node;
using rewrite::View;
using wasm::Instr;
using wasm::Opcode;
using Code = std::vector<Instr>;

constexpr size_t kTargetsMax = 3;  // that are tried of those which a branch or call may take

const Code& CodeOf(const View& view, uint32_t f) { return view.module->functions[f].body.code; }

// The node with other code in the place of its instruction, and without the last operand: where
// that is no expression of its own, its value is dropped.
Code WithoutLastOperand(const View& view, uint32_t f, const Node& node, const Instr& by) {
  const Code& code = CodeOf(view, f);
  const uint32_t at = node.operands.back();
  const Node* last = at == rewrite::kNone ? nullptr : &view.trees[f].nodes[at];
  const bool alone = last && last->closed && last->result_count == 1 && last->last + 1 == node.at;
  Code with(code.begin() + node.first, code.begin() + (alone ? last->first : node.at));
  if (!alone) with.push_back(rewrite::Op(Opcode::Drop));
  with.push_back(by);
  return with;
}

// One of several targets for all: the one that a table has for what is out of its range first.
EditMaker BranchAlways(size_t nth) {
  return [nth](const View& view, uint32_t f, const Node& node) -> std::optional<Code> {
    const wasm::Body& body = view.module->functions[f].body;
    const Instr& instr = body.code[node.at];
    if (instr.op == Opcode::BrIf && nth == 0) {
      return WithoutLastOperand(view, f, node, rewrite::Op(Opcode::Br, instr.a));
    }
    if (instr.op != Opcode::BrTable || nth > instr.b) return std::nullopt;
    const uint32_t label = body.labels[instr.a + instr.b - nth];
    return WithoutLastOperand(view, f, node, rewrite::Op(Opcode::Br, label));
  };
}

bool IsTail(Opcode op) {
  return op == Opcode::ReturnCall || op == Opcode::ReturnCallRef ||
         op == Opcode::ReturnCallIndirect;
}

// The function that a reference names, or the n-th that it may name.
std::optional<uint32_t> Callee(const View& view, uint32_t f, const Node& node, size_t nth) {
  const Instr& instr = CodeOf(view, f)[node.at];
  const bool by_ref = instr.op == Opcode::CallRef || instr.op == Opcode::ReturnCallRef;
  const bool by_table = instr.op == Opcode::CallIndirect || instr.op == Opcode::ReturnCallIndirect;
  if (!by_ref && !by_table) return std::nullopt;
  const uint32_t operand = node.operands.back();
  if (by_ref && operand != rewrite::kNone) {
    const Instr& made = CodeOf(view, f)[view.trees[f].nodes[operand].at];
    if (made.op == Opcode::RefFunc) return nth == 0 ? std::optional(made.a) : std::nullopt;
  }
  const wasm::TypeId type = view.valid.type_ids[instr.a];
  for (uint32_t i = 0; i < view.valid.functions.size(); ++i) {
    if (view.types->IsSubtype(view.valid.functions[i], type) && nth-- == 0) return i;
  }
  return std::nullopt;
}

Instr DirectCall(Opcode instead_of, uint32_t callee) {
  return rewrite::Op(IsTail(instead_of) ? Opcode::ReturnCall : Opcode::Call, callee);
}

EditMaker CallDirectly(size_t nth) {
  return [nth](const View& view, uint32_t f, const Node& node) -> std::optional<Code> {
    const auto callee = Callee(view, f, node, nth);
    if (!callee) return std::nullopt;
    return WithoutLastOperand(view, f, node, DirectCall(CodeOf(view, f)[node.at].op, *callee));
  };
}

// The same where reading the reference is what counts: it is dropped before it is cast.
EditMaker CallBehindUncast(size_t nth) {
  return [nth](const View& view, uint32_t f, const Node& node) -> std::optional<Code> {
    const auto callee = Callee(view, f, node, nth);
    if (!callee || !node.closed) return std::nullopt;
    const Code& code = CodeOf(view, f);
    const rewrite::Tree& tree = view.trees[f];
    const auto is_cast = [&](uint32_t at) {
      const Opcode op = code[tree.nodes[at].at].op;
      return tree.nodes[at].closed && tree.nodes[at].operands.size() == 1 &&
             (op == Opcode::RefCast || op == Opcode::RefCastNull || op == Opcode::RefAsNonNull);
    };
    uint32_t value = node.operands.back();
    while (value != rewrite::kNone && is_cast(value)) value = tree.nodes[value].operands[0];
    if (value == node.operands.back() || value == rewrite::kNone || !tree.nodes[value].closed) {
      return std::nullopt;
    }
    Code with(code.begin() + node.first, code.begin() + tree.nodes[value].last + 1);
    with.push_back(rewrite::Op(Opcode::Drop));
    with.push_back(DirectCall(code[node.at].op, *callee));
    return with;
  };
}

// The operand of a node, if there are so many and it has that opcode.
const Node* OperandOf(const View& view, uint32_t f, const Node& node, size_t count, Opcode op) {
  if (!node.closed || node.operands.size() != count || node.operands[0] == rewrite::kNone) {
    return nullptr;
  }
  const Node& operand = view.trees[f].nodes[node.operands[0]];
  return CodeOf(view, f)[operand.at].op == op ? &operand : nullptr;
}

// Two rounds need no number to be counted to: a local that is 0 and then is not.
std::optional<Code> CountToTwo(const View& view, uint32_t f, const Node& node) {
  const Code& code = CodeOf(view, f);
  const Node* tee = OperandOf(view, f, node, 2, Opcode::LocalTee);
  if (!tee || node.result_count != 1 || node.type != wasm::ValType::I32) return std::nullopt;
  const Node* sum = OperandOf(view, f, *tee, 1, Opcode::I32Add);
  const Node* count = sum ? OperandOf(view, f, *sum, 2, Opcode::LocalGet) : nullptr;
  if (!count || code[count->at].a != code[tee->at].a) return std::nullopt;
  return Code{code[count->at], rewrite::Op(Opcode::I32Eqz), code[tee->at]};
}

// The first of two values, whatever the condition says: both are still made.
std::optional<Code> SelectFirst(const View& view, uint32_t f, const Node& node) {
  const Opcode op = CodeOf(view, f)[node.at].op;
  if (op != Opcode::Select && op != Opcode::SelectTyped) return std::nullopt;
  return WithoutLastOperand(view, f, node, rewrite::Op(Opcode::Drop));
}

// Whether [at, …) ends the function, or the innermost block if that is no loop.
bool EndsFunction(const View& view, uint32_t f, uint32_t at) {
  return at + 1 == CodeOf(view, f).size();
}
bool EndsBlock(const View& view, uint32_t f, const Node& node) {
  const Code& code = CodeOf(view, f);
  if (node.parent == rewrite::kNone) return EndsFunction(view, f, node.at + 1);
  const Node& around = view.trees[f].nodes[node.parent];
  return code[around.at].op != Opcode::Loop &&
         (around.last == node.at + 1 || around.else_at == node.at + 1);
}

// A branch to what comes next anyway.
std::optional<Code> FallThrough(const View& view, uint32_t f, const Node& node) {
  const Code& code = CodeOf(view, f);
  const Instr& instr = code[node.at];
  Code with(code.begin() + node.first, code.begin() + node.at);
  if (instr.op == Opcode::Return && EndsFunction(view, f, node.at + 1)) return with;
  if (instr.op == Opcode::Br && instr.a == 0 && EndsBlock(view, f, node)) return with;
  return std::nullopt;
}

// A tail call leaves nothing of its caller on the stack; a plain one asks less of an engine.
std::optional<Code> CallPlainly(const View& view, uint32_t f, const Node& node) {
  const Code& code = CodeOf(view, f);
  Instr by = code[node.at];
  if (!IsTail(by.op)) return std::nullopt;
  by.op = by.op == Opcode::ReturnCall      ? Opcode::Call
          : by.op == Opcode::ReturnCallRef ? Opcode::CallRef
                                           : Opcode::CallIndirect;
  Code with(code.begin() + node.first, code.begin() + node.at);
  with.push_back(by);
  if (!EndsFunction(view, f, node.at + 1)) with.push_back(rewrite::Op(Opcode::Return));
  return with;
}

// A handler less: the first, or the last.
EditMaker DropCatch(bool first) {
  return [first](const View& view, uint32_t f, const Node& node) -> std::optional<Code> {
    const Code& code = CodeOf(view, f);
    Instr opener = code[node.at];
    if (opener.op != Opcode::TryTable || opener.bits < 2) return std::nullopt;
    --opener.bits;
    if (first) ++opener.b;
    Code with(code.begin() + node.first, code.begin() + node.last + 1);
    with[node.at - node.first] = opener;
    return with;
  };
}

// Where an exception that instruction `at` throws arrives, as a branch from there: with its
// operands, or without.
struct Arrival {
  uint32_t label = 0;
  bool with_operands = false;
};
std::optional<Arrival> ArrivalOf(const wasm::Body& body, uint32_t at) {
  const std::vector<uint32_t> open = rewrite::OpenersAround(body.code, at);
  for (uint32_t depth = 0; depth < open.size(); ++depth) {
    const Instr& opener = body.code[open[open.size() - 1 - depth]];
    if (opener.op == Opcode::LegacyTry) return std::nullopt;
    if (opener.op != Opcode::TryTable) continue;
    for (uint64_t k = 0; k < opener.bits; ++k) {
      const wasm::CatchClause& clause = body.catches[opener.b + k];
      // Its label counts from outside of the block.
      const uint32_t label = depth + 1 + clause.label;
      if (clause.kind == wasm::CatchKind::CatchAll) return Arrival{label, false};
      if (clause.kind == wasm::CatchKind::CatchAllRef) return std::nullopt;
      if (clause.tag != body.code[at].a) continue;
      if (clause.kind == wasm::CatchKind::CatchRef) return std::nullopt;
      return Arrival{label, true};
    }
  }
  return std::nullopt;
}

// What is thrown and caught in one function is a branch.
std::optional<Code> BranchToHandler(const View& view, uint32_t f, const Node& node) {
  const wasm::Body& body = view.module->functions[f].body;
  if (body.code[node.at].op != Opcode::Throw) return std::nullopt;
  const auto arrival = ArrivalOf(body, node.at);
  if (!arrival) return std::nullopt;
  Code with(body.code.begin() + node.first, body.code.begin() + node.at);
  if (!arrival->with_operands) {
    with.insert(with.end(), node.operands.size(), rewrite::Op(Opcode::Drop));
  }
  with.push_back(rewrite::Op(Opcode::Br, arrival->label));
  return with;
}

}  // namespace

void ReduceControl(Reduction& reduction) {
  RewriteNodes(reduction, FallThrough);
  RewriteNodes(reduction, BranchToHandler);
  RewriteNodes(reduction, DropCatch(/*first=*/true));
  RewriteNodes(reduction, DropCatch(/*first=*/false));
  for (size_t nth = 0; nth < kTargetsMax; ++nth) {
    RewriteNodes(reduction, CallDirectly(nth));
    RewriteNodes(reduction, CallBehindUncast(nth));
    RewriteNodes(reduction, BranchAlways(nth));
  }
  RewriteNodes(reduction, CallPlainly);
  RewriteNodes(reduction, SelectFirst);
  RewriteNodes(reduction, CountToTwo);
}

}  // namespace slabhound::minimizer
