#include <fmt/format.h>

#include "valid/code.h"

namespace slabhound::valid {

using wasm::Opcode;

bool CodeValidator::Signature(const Instr& instr, BlockSignature& out) {
  const wasm::BlockType type = wasm::BlockType::FromBits(instr.a);
  if (type.is_empty()) return true;
  if (type.is_index()) {
    out.type = Func(type.index());
    return out.type != nullptr;
  }
  if (!CheckType(type.result())) return false;
  out.result = context_.valid.Canonical(type.result());
  out.has_result = true;
  return true;
}

// Block, loop and if; `if` takes its condition first.
bool CodeValidator::Enter(const Instr& instr) {
  BlockSignature signature;
  if (!Signature(instr, signature)) return false;
  if (instr.op == Opcode::If && !Pop(ValType::I32)) return false;
  if (!PopAll(signature.params())) return false;
  control_.push_back({.op = instr.op,
                      .unreachable = false,
                      .height = static_cast<uint32_t>(operands_.size()),
                      .init_height = static_cast<uint32_t>(initialized_.size()),
                      .signature = signature});
  PushAll(signature.params());
  return true;
}

// Catch clauses stand outside of the block's own label.
bool CodeValidator::EnterTry(const Instr& instr) {
  for (uint64_t i = 0; i < instr.bits; ++i) {
    if (!CheckCatch(body_->catches[instr.b + i])) return false;
  }
  return Enter(instr);
}

bool CodeValidator::CheckCatch(const wasm::CatchClause& clause) {
  using enum wasm::CatchKind;
  std::vector<ValType> caught;
  if (clause.kind == Catch || clause.kind == CatchRef) {
    if (clause.tag >= context_.valid.tags.size()) {
      return FailIndex(ErrorCode::UnknownTag, clause.tag);
    }
    caught = context_.Func(context_.valid.tags[clause.tag])->params;
  }
  if (clause.kind == CatchRef || clause.kind == CatchAllRef) {
    caught.push_back(ValType::Ref(wasm::AbstractHeap::Exn, false));
  }
  const Frame* label = Label(clause.label);
  return label && MatchAll(caught, label->label());
}

// A clause of a legacy `try`: its operands are what the tag carries.
bool CodeValidator::LegacyCatch(const Instr& instr) {
  const Opcode before = control_.back().op;
  if (before != Opcode::LegacyTry && before != Opcode::LegacyCatch) {
    return Fail(ErrorCode::EndExpected, "catch without try");
  }
  if (!CloseFrame()) return false;
  Frame& frame = control_.back();
  frame.op = instr.op;
  frame.unreachable = false;
  if (instr.op == Opcode::LegacyCatchAll) return true;
  if (instr.a >= context_.valid.tags.size()) return FailIndex(ErrorCode::UnknownTag, instr.a);
  PushAll(context_.Func(context_.valid.tags[instr.a])->params);
  return true;
}

// Ends its `try`; the label counts from the block around that.
bool CodeValidator::Delegate(const Instr& instr) {
  if (control_.back().op != Opcode::LegacyTry) {
    return Fail(ErrorCode::EndExpected, "delegate without try");
  }
  if (!End()) return false;
  return Label(instr.a) != nullptr;
}

bool CodeValidator::Rethrow(const Instr& instr) {
  const Frame* label = Label(instr.a);
  if (!label) return false;
  if (label->op != Opcode::LegacyCatch && label->op != Opcode::LegacyCatchAll) {
    return FailIndex(ErrorCode::BadRethrow, instr.a);
  }
  Unreachable();
  return true;
}

// The operands that the innermost block leaves are its results, and nothing else.
bool CodeValidator::CloseFrame() {
  const Frame& frame = control_.back();
  if (!PopAll(frame.signature.results())) return false;
  if (operands_.size() != frame.height) {
    return Fail(ErrorCode::TypeMismatch, fmt::format("{} operands too many at the end of the block",
                                                     operands_.size() - frame.height));
  }
  while (initialized_.size() > frame.init_height) {
    local_set_[initialized_.back()] = 0;
    initialized_.pop_back();
  }
  return true;
}

bool CodeValidator::Else() {
  if (control_.back().op != Opcode::If) return Fail(ErrorCode::EndExpected, "else without if");
  if (!CloseFrame()) return false;
  Frame& frame = control_.back();
  frame.op = Opcode::Else;
  frame.unreachable = false;
  PushAll(frame.signature.params());
  return true;
}

bool CodeValidator::End() {
  if (!CloseFrame()) return false;
  const Frame frame = control_.back();
  // Without else, the parameters go through as results.
  if (frame.op == Opcode::If && !MatchAll(frame.signature.params(), frame.signature.results())) {
    return false;
  }
  control_.pop_back();
  if (!control_.empty()) PushAll(frame.signature.results());
  return true;
}

bool CodeValidator::Br(const Instr& instr) {
  const Frame* label = Label(instr.a);
  if (!label || !PopAll(label->label())) return false;
  Unreachable();
  return true;
}

bool CodeValidator::BrIf(const Instr& instr) {
  if (!Pop(ValType::I32)) return false;
  const Frame* label = Label(instr.a);
  if (!label || !PopAll(label->label())) return false;
  PushAll(label->label());
  return true;
}

bool CodeValidator::BrTable(const Instr& instr) {
  if (!Pop(ValType::I32)) return false;
  const Frame* last = Label(body_->labels[instr.a + instr.b]);
  if (!last) return false;
  const size_t arity = last->label().size();
  const Frame& frame = control_.back();
  for (uint32_t i = 0; i < instr.b; ++i) {
    const Frame* label = Label(body_->labels[instr.a + i]);
    if (!label) return false;
    const std::span<const ValType> expected = label->label();
    if (expected.size() != arity) {
      return Fail(ErrorCode::TypeMismatch, "br_table labels differ in arity");
    }
    if (!Spend(arity)) return false;
    // The operands stay where they are: each label may demand another supertype of theirs.
    for (size_t k = 0; k < arity; ++k) {
      const size_t depth = arity - k;
      if (operands_.size() - frame.height < depth) {
        if (frame.unreachable) continue;
        return FailUnderflow();
      }
      const size_t height = operands_.size() - depth;
      const ValType actual = operands_[height];
      if (actual != expected[k] && !Widens(actual, expected[k], height)) return false;
    }
  }
  if (!PopAll(last->label())) return false;
  Unreachable();
  return true;
}

bool CodeValidator::Return() {
  if (!PopAll(control_.front().signature.results())) return false;
  Unreachable();
  return true;
}

bool CodeValidator::Throw(const Instr& instr) {
  if (instr.a >= context_.valid.tags.size()) return FailIndex(ErrorCode::UnknownTag, instr.a);
  if (!PopAll(context_.Func(context_.valid.tags[instr.a])->params)) return false;
  Unreachable();
  return true;
}

bool CodeValidator::ThrowRef() {
  if (!Pop(ValType::Ref(wasm::AbstractHeap::Exn, true))) return false;
  Unreachable();
  return true;
}

bool CodeValidator::CallFunction(const wasm::FuncType& type, bool is_tail) {
  if (!PopAll(type.params)) return false;
  if (!is_tail) {
    PushAll(type.results);
    return true;
  }
  if (!MatchAll(type.results, control_.front().signature.results())) return false;
  Unreachable();
  return true;
}

bool CodeValidator::Call(const Instr& instr, bool is_tail) {
  if (instr.a >= context_.valid.functions.size()) {
    return FailIndex(ErrorCode::UnknownFunction, instr.a);
  }
  return CallFunction(*context_.Func(context_.valid.functions[instr.a]), is_tail);
}

bool CodeValidator::CallIndirect(const Instr& instr, bool is_tail) {
  const wasm::TableType* table = Table(instr.b);
  if (!table) return false;
  const ValType funcref = ValType::Ref(wasm::AbstractHeap::Func, true);
  if (!types_.IsSubtype(table->element, funcref)) {
    return Fail(ErrorCode::TypeMismatch, fmt::format("table {} holds no functions", instr.b));
  }
  const wasm::FuncType* type = Func(instr.a);
  return type && Pop(Address(table->limits)) && CallFunction(*type, is_tail);
}

bool CodeValidator::CallRef(const Instr& instr, bool is_tail) {
  const wasm::FuncType* type = Func(instr.a);
  return type && Pop(RefTo(instr.a, true)) && CallFunction(*type, is_tail);
}

}  // namespace slabhound::valid
