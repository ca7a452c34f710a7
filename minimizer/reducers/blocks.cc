#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using wasm::Immediates;
using wasm::Instr;
using wasm::Opcode;
using Code = std::vector<Instr>;

bool HasLabel(const Instr& instr) {
  return wasm::Info(wasm::Info(instr.op).immediates).first == wasm::ImmediateKind::Label;
}

// The code of [first, end) one block further out. Nothing when a branch goes to that block, or
// when labels stand in a pool: then other reducers come first.
std::optional<Code> Unwrapped(const wasm::Body& body, uint32_t first, uint32_t end) {
  Code code;
  uint32_t depth = 0;
  for (uint32_t i = first; i < end; ++i) {
    Instr instr = body.code[i];
    if (instr.op == Opcode::End || instr.op == Opcode::Delegate) --depth;
    if (HasLabel(instr)) {
      if (instr.a == depth) return std::nullopt;
      if (instr.a > depth) --instr.a;
    } else if (instr.op == Opcode::BrTable) {
      for (uint32_t k = 0; k <= instr.b; ++k) {
        if (body.labels[instr.a + k] >= depth) return std::nullopt;
      }
    } else if (instr.op == Opcode::TryTable) {
      for (uint64_t k = 0; k < instr.bits; ++k) {
        if (body.catches[instr.b + k].label >= depth) return std::nullopt;
      }
    }
    if (rewrite::OpensBlock(instr.op)) ++depth;
    code.push_back(instr);
  }
  return code;
}

enum class Arm : uint8_t { First, Second };

// A block's body in its place, behind its operands; an `if` drops its condition.
EditMaker Unwrap(Arm arm) {
  return [arm](const rewrite::View& view, uint32_t f,
               const rewrite::Node& node) -> std::optional<Code> {
    const wasm::Body& body = view.module->functions[f].body;
    const Opcode op = body.code[node.at].op;
    if (!rewrite::OpensBlock(op) || (arm == Arm::Second && node.else_at == rewrite::kNone))
      return std::nullopt;
    const uint32_t middle = node.else_at == rewrite::kNone ? node.last : node.else_at;
    const auto inner = arm == Arm::First ? Unwrapped(body, node.at + 1, middle)
                                         : Unwrapped(body, middle + 1, node.last);
    if (!inner) return std::nullopt;
    Code with(body.code.begin() + node.first, body.code.begin() + node.at);
    if (op == Opcode::If) with.push_back(rewrite::Op(Opcode::Drop));
    with.insert(with.end(), inner->begin(), inner->end());
    return with;
  };
}

// The empty block type and a plain block ask less of a reader.
std::optional<Code> Simplify(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  const wasm::Body& body = view.module->functions[f].body;
  Instr opener = body.code[node.at];
  if (opener.op != Opcode::TryTable && opener.op != Opcode::Block) return std::nullopt;
  if (opener.op == Opcode::Block) {
    const wasm::BlockType type = wasm::BlockType::FromBits(opener.a);
    if (!type.is_index()) return std::nullopt;
    const auto& signature = std::get<wasm::FuncType>(view.module->types[type.index()].composite);
    if (!signature.params.empty() || signature.results.size() > 1) return std::nullopt;
    opener.a = signature.results.empty() ? wasm::BlockType().bits()
                                         : wasm::BlockType(signature.results[0]).bits();
  } else {
    opener = rewrite::Op(Opcode::Block, opener.a);
  }
  Code with(body.code.begin() + node.first, body.code.begin() + node.last + 1);
  with[node.at - node.first] = opener;
  return with;
}

// An `if` without its second arm.
std::optional<Code> DropElse(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  if (node.else_at == rewrite::kNone || node.result_count != 0) return std::nullopt;
  const wasm::Body& body = view.module->functions[f].body;
  Code with(body.code.begin() + node.first, body.code.begin() + node.else_at);
  with.push_back(rewrite::Op(Opcode::End));
  return with;
}

// An `if` of which one arm does nothing but branch away: a branch, and the other arm behind it.
EditMaker BranchForArm(Arm arm) {
  return [arm](const rewrite::View& view, uint32_t f,
               const rewrite::Node& node) -> std::optional<Code> {
    const wasm::Body& body = view.module->functions[f].body;
    const bool has_else = node.else_at != rewrite::kNone;
    if (body.code[node.at].op != Opcode::If || (arm == Arm::Second && !has_else)) {
      return std::nullopt;
    }
    const uint32_t middle = has_else ? node.else_at : node.last;
    const uint32_t branch = arm == Arm::First ? node.at + 1 : middle + 1;
    const uint32_t end = arm == Arm::First ? middle : node.last;
    const Instr& br = body.code[branch];
    if (end != branch + 1 || br.op != Opcode::Br || br.a == 0) return std::nullopt;
    auto other = arm == Arm::Second ? Unwrapped(body, node.at + 1, middle)
                 : has_else         ? Unwrapped(body, middle + 1, node.last)
                                    : Code();
    if (!other) return std::nullopt;
    Code with(body.code.begin() + node.first, body.code.begin() + node.at);
    if (arm == Arm::Second) with.push_back(rewrite::Op(Opcode::I32Eqz));
    with.push_back(rewrite::Op(Opcode::BrIf, br.a - 1));
    with.insert(with.end(), other->begin(), other->end());
    return with;
  };
}

// A loop that is nothing but an `if` that goes round again asks behind its first round.
std::optional<Code> AskBehind(const rewrite::View& view, uint32_t f, const rewrite::Node& node) {
  const wasm::Body& body = view.module->functions[f].body;
  const bool is_loop =
      body.code[node.at].op == Opcode::Loop && body.code[node.at].a == wasm::BlockType().bits();
  if (!is_loop) return std::nullopt;
  for (const rewrite::Node& asks : view.trees[f].nodes) {
    if (asks.first != node.at + 1 || asks.last + 1 != node.last) continue;
    const bool is_if = body.code[asks.at].op == Opcode::If && asks.else_at == rewrite::kNone;
    const Instr& again = body.code[asks.last - 1];
    if (!is_if || again.op != Opcode::Br || again.a != 1) return std::nullopt;
    const auto round = Unwrapped(body, asks.at + 1, asks.last - 1);
    if (!round) return std::nullopt;
    Code with(body.code.begin() + node.first, body.code.begin() + node.at + 1);
    with.insert(with.end(), round->begin(), round->end());
    with.insert(with.end(), body.code.begin() + asks.first, body.code.begin() + asks.at);
    with.push_back(rewrite::Op(Opcode::BrIf, 0));
    with.push_back(rewrite::Op(Opcode::End));
    return with;
  }
  return std::nullopt;
}

}  // namespace

void ReduceBlocks(Reduction& reduction) {
  RewriteNodes(reduction, Unwrap(Arm::First));
  RewriteNodes(reduction, Unwrap(Arm::Second));
  RewriteNodes(reduction, DropElse);
  RewriteNodes(reduction, BranchForArm(Arm::First));
  RewriteNodes(reduction, BranchForArm(Arm::Second));
  RewriteNodes(reduction, AskBehind);
  RewriteNodes(reduction, Simplify);
}

}  // namespace slabhound::minimizer
