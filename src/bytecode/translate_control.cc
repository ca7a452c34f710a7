// Control instructions: blocks, branches, calls, exceptions.
#include "base/check.h"
#include "bytecode/translation.h"
#include "heap/layout.h"
#include "machine/outcome.h"

namespace slabhound::bytecode {

using wasm::Opcode;

namespace {

// The branch that is taken where this one is not.
Op Negated(Op branch) {
  constexpr auto kFirst = static_cast<uint16_t>(Code::BranchIf);
  static_assert((static_cast<uint16_t>(Code::BranchIfNotCast) - kFirst) % 2 == 1 &&
                (static_cast<uint16_t>(Code::BranchIfGeUTo) - kFirst) % 2 == 1);
  branch.code = static_cast<Code>(((static_cast<uint16_t>(branch.code) - kFirst) ^ 1) + kFirst);
  return branch;
}

}  // namespace

void Translation::Control(const wasm::Instr& instr) {
  switch (instr.op) {
    case Opcode::Unreachable:
      Emit({.code = Code::Trap, .imm = static_cast<uint64_t>(machine::TrapKind::Unreachable)});
      reachable_ = false;
      return;
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::If:
    case Opcode::TryTable:
      return BeginBlock(instr);
    case Opcode::Else:
      return Else();
    case Opcode::End:
      return End();
    case Opcode::Br:
      Branch(instr.a);
      reachable_ = false;
      return;
    case Opcode::BrIf:
      return BranchIf(instr.a, PopCondition());
    case Opcode::BrTable:
      return BranchTable(instr);
    case Opcode::BrOnNull:
      return BranchOnNull(instr);
    case Opcode::BrOnNonNull:
      return BranchOnNonNull(instr);
    case Opcode::BrOnCast:
    case Opcode::BrOnCastFail:
      return BranchOnCast(instr);
    case Opcode::Return:
      Return();
      reachable_ = false;
      return;
    case Opcode::Call:
    case Opcode::CallIndirect:
    case Opcode::CallRef:
    case Opcode::ReturnCall:
    case Opcode::ReturnCallIndirect:
    case Opcode::ReturnCallRef:
      return Call(instr);
    case Opcode::Throw:
    case Opcode::ThrowRef:
      return Throw(instr);
    default:
      if (!Aggregate(instr)) Variable(instr);
      return;
  }
}

void Translation::BeginBlock(const wasm::Instr& instr) {
  Label label;
  label.op = instr.op;
  const auto type = wasm::BlockType::FromBits(instr.a);
  if (type.is_index()) {
    const auto& signature = std::get<wasm::FuncType>(
        (*linked_.module.types)[linked_.module.type_ids[type.index()]].composite);
    label.params = TracedOf(signature.params);
    label.results = TracedOf(signature.results);
  } else if (!type.is_empty()) {
    label.results = {Traced(type.result())};
  }
  std::optional<Op> condition;
  if (instr.op == Opcode::If) condition = PopCondition();
  // Everything merges at blocks' ends: pending reads become values here, where they are still what
  // they were.
  Flush(0);
  label.height = static_cast<uint32_t>(stack_.size() - label.params.size());
  if (condition) label.else_jump = Emit(Negated(*condition));
  if (instr.op == Opcode::Loop) {
    label.loop_pc = pc();
    Emit({.code = Code::LoopHeader});
  }
  label.region = labels_.back().region;
  if (instr.op == Opcode::TryTable) BeginTry(instr, label);
  labels_.push_back(std::move(label));
}

void Translation::BeginTry(const wasm::Instr& instr, Label& label) {
  if (instr.bits == 0) return;
  label.clauses = &instr;
  label.region = static_cast<uint32_t>(function_.regions.size());
  function_.regions.push_back({.parent = labels_.back().region});
  function_.segments.push_back({pc(), label.region});
}

// The landing pads stand behind the body, which jumps over them.
void Translation::EndTry(Label& label) {
  if (reachable_) JumpTo(label);
  reachable_ = false;
  TryRegion& region = function_.regions[label.region];
  function_.segments.push_back({pc(), region.parent});
  region.first = static_cast<uint32_t>(function_.handlers.size());
  region.count = static_cast<uint32_t>(label.clauses->bits);
  for (uint64_t i = 0; i < label.clauses->bits && !budget_.is_spent(); ++i) {
    LandingPad(body_.catches[label.clauses->b + i]);
  }
}

// Writes the caught values where the label of the clause expects them and goes there.
void Translation::LandingPad(const wasm::CatchClause& clause) {
  // The try_table's own label is not one that a clause can name.
  Label& target = labels_[labels_.size() - 2 - clause.label];
  const bool has_tag =
      clause.kind == wasm::CatchKind::Catch || clause.kind == wasm::CatchKind::CatchRef;
  const bool has_ref =
      clause.kind == wasm::CatchKind::CatchRef || clause.kind == wasm::CatchKind::CatchAllRef;
  Fence();
  std::vector<bool> values;
  if (has_tag) {
    const auto& signature = std::get<wasm::FuncType>(
        (*linked_.module.types)[linked_.module.tags[clause.tag]].composite);
    values = TracedOf(signature.params);
  }
  const auto payload_count = static_cast<uint32_t>(values.size());
  if (has_ref) values.push_back(true);
  function_.handlers.push_back(
      {.any_tag = !has_tag, .tag = has_tag ? linked_.tags[clause.tag] : 0, .landing = pc()});
  const auto list = static_cast<uint32_t>(function_.operands.size());
  for (size_t value = 0; value < values.size(); ++value) {
    function_.operands.push_back(ListEntry(Temporary(target.height + value), values[value]));
  }
  budget_.Spend(4 * values.size());
  height_max_ = std::max(height_max_, target.height + values.size());
  Emit({.code = Code::CatchValues,
        .list = list,
        .defs = static_cast<uint32_t>(values.size()),
        .imm = payload_count});
  if (IsFunctionLabel(target)) {
    // The values stand in the list already, as definitions there and uses here.
    Emit({.code = Code::ReturnValues, .list = list, .uses = static_cast<uint32_t>(values.size())});
  } else {
    JumpTo(target);
  }
}

void Translation::Else() {
  Label& label = labels_.back();
  if (reachable_) {
    Flush(label.height);
    JumpTo(label);
  }
  SetTarget(*label.else_jump, pc());
  label.else_jump.reset();
  stack_.resize(label.height);
  for (const bool traced : label.params) PushTemporary(traced);
  reachable_ = true;
}

void Translation::End() {
  Label& label = labels_.back();
  if (labels_.size() == 1) {
    if (reachable_) Return();
    labels_.pop_back();
    return;
  }
  if (reachable_) Flush(label.height);
  if (label.clauses != nullptr) EndTry(label);
  if (label.else_jump) {
    // An `if` without `else`: its parameters are its results.
    SetTarget(*label.else_jump, pc());
    label.is_reached = true;
  }
  for (const uint32_t jump : label.jumps) SetTarget(jump, pc());
  reachable_ = reachable_ || label.is_reached;
  stack_.resize(label.height);
  for (const bool traced : label.results) PushTemporary(traced);
  labels_.pop_back();
}

size_t Translation::Arity(const Label& label) const {
  return label.op == Opcode::Loop ? label.params.size() : label.results.size();
}

// Values move downwards, lowest first, so that none is overwritten before it moved.
void Translation::MoveTo(const Label& label) {
  const size_t arity = Arity(label), first = stack_.size() - arity;
  for (size_t i = 0; i < arity; ++i)
    EmitCopy(Temporary(label.height + i), stack_[first + i], first + i);
}

void Translation::JumpTo(Label& label) {
  if (label.op == Opcode::Loop) {
    SetTarget(Emit({.code = Code::Jump}), label.loop_pc);
  } else {
    label.jumps.push_back(Emit({.code = Code::Jump}));
    label.is_reached = true;
  }
}

void Translation::Branch(uint32_t depth) {
  Label& label = labels_[labels_.size() - 1 - depth];
  if (IsFunctionLabel(label)) return Return();
  MoveTo(label);
  JumpTo(label);
}

std::optional<Op> Translation::BranchOnComparison(const Op& comparison) {
  const uint32_t x = comparison.b, y = comparison.c;
  switch (static_cast<Opcode>(comparison.code)) {
    case Opcode::I32Eq:
      return Op{.code = Code::BranchIfEq, .a = x, .b = y};
    case Opcode::I32Ne:
      return Op{.code = Code::BranchIfNe, .a = x, .b = y};
    case Opcode::I32LtS:
      return Op{.code = Code::BranchIfLtS, .a = x, .b = y};
    case Opcode::I32LtU:
      return Op{.code = Code::BranchIfLtU, .a = x, .b = y};
    case Opcode::I32GeS:
      return Op{.code = Code::BranchIfGeS, .a = x, .b = y};
    case Opcode::I32GeU:
      return Op{.code = Code::BranchIfGeU, .a = x, .b = y};
    case Opcode::I32GtS:
      return Op{.code = Code::BranchIfLtS, .a = y, .b = x};
    case Opcode::I32GtU:
      return Op{.code = Code::BranchIfLtU, .a = y, .b = x};
    case Opcode::I32LeS:
      return Op{.code = Code::BranchIfGeS, .a = y, .b = x};
    case Opcode::I32LeU:
      return Op{.code = Code::BranchIfGeU, .a = y, .b = x};
    default:
      break;
  }
  if (comparison.code == Code::IsNull) return Op{.code = Code::BranchIfNull, .a = x};
  if (comparison.code == Code::IsNullFunc) return Op{.code = Code::BranchIfZero, .a = x};
  return std::nullopt;
}

// Takes back the constant that was made for the comparison's second operand, if there is one.
Op Translation::WithConstant(Op branch, const Op& comparison) {
  const Op* maker = branch.code < Code::BranchIfEq ? nullptr : MakerOf(comparison.c);
  if (maker == nullptr || maker->code != Code::Constant) return branch;
  const auto constant = static_cast<uint32_t>(maker->imm);
  if (branch.a == comparison.b) {
    branch.b = constant;
  } else {
    // constant < x is x >= constant + 1, if that is a number; and the other way round.
    const bool is_signed = branch.code == Code::BranchIfLtS || branch.code == Code::BranchIfGeS;
    if (constant == (is_signed ? uint32_t{INT32_MAX} : UINT32_MAX)) return branch;
    branch = Negated(branch);
    branch.a = comparison.b;
    branch.b = constant + 1;
  }
  branch.code = static_cast<Code>(static_cast<uint16_t>(branch.code) +
                                  static_cast<uint16_t>(Code::BranchIfEqTo) -
                                  static_cast<uint16_t>(Code::BranchIfEq));
  function_.ops.pop_back();
  return branch;
}

Op Translation::PopCondition() {
  uint32_t condition = Pop();
  bool is_negated = false;
  const Op* maker = MakerOf(condition);
  for (; maker != nullptr && maker->code == static_cast<Code>(Opcode::I32Eqz);
       maker = MakerOf(condition)) {
    condition = maker->b;
    is_negated = !is_negated;
    function_.ops.pop_back();
  }
  Op branch{.code = Code::BranchIf, .a = condition};
  if (maker != nullptr) {
    const Op comparison = *maker;
    if (const auto fused = BranchOnComparison(comparison)) {
      function_.ops.pop_back();
      branch = WithConstant(*fused, comparison);
    }
  }
  return is_negated ? Negated(branch) : branch;
}

void Translation::BranchIf(uint32_t depth, Op branch) {
  Label& label = labels_[labels_.size() - 1 - depth];
  const size_t arity = Arity(label);
  const bool in_place = stack_.size() - arity == label.height;
  if (!IsFunctionLabel(label) && (arity == 0 || in_place)) {
    Flush(stack_.size() - arity);
    // The flush may have come between the condition's registers and their use: it writes
    // temporaries below only.
    if (label.op == Opcode::Loop) {
      SetTarget(Emit(branch), label.loop_pc);
    } else {
      label.jumps.push_back(Emit(branch));
      label.is_reached = true;
    }
    return;
  }
  const uint32_t skip = Emit(Negated(branch));
  // Values materialized for the branch exist on that path only.
  budget_.Spend(stack_.size());
  const std::vector<Entry> kept = stack_;
  Branch(depth);
  stack_ = kept;
  SetTarget(skip, pc());
}

void Translation::BranchTable(const wasm::Instr& instr) {
  const uint32_t index = Pop();
  const auto first = static_cast<uint32_t>(function_.targets.size());
  const uint32_t table = Emit({.code = Code::BranchTable, .a = index, .b = instr.b, .imm = first});
  function_.targets.resize(first + instr.b + 1);
  const std::vector<Entry> kept = stack_;
  for (uint32_t i = 0; i <= instr.b && budget_.Spend(kept.size()); ++i) {
    function_.targets[first + i] = static_cast<int32_t>(pc() - table);
    Fence();
    Branch(body_.labels[instr.a + i]);
    stack_ = kept;
  }
  reachable_ = false;
}

void Translation::BranchOnNull(const wasm::Instr& instr) {
  const Entry operand = stack_.back();
  const size_t position = stack_.size() - 1;
  if (operand.kind != Entry::Kind::Local) Materialize(position);
  const uint32_t reg = Pop();
  // A function reference is null exactly when its word is 0.
  BranchIf(instr.a, {.code = operand.traced ? Code::BranchIfNull : Code::BranchIfZero, .a = reg});
  Push({.kind = operand.kind == Entry::Kind::Local ? Entry::Kind::Local : Entry::Kind::Temporary,
        .traced = operand.traced,
        .local = operand.local});
}

void Translation::BranchOnNonNull(const wasm::Instr& instr) {
  const size_t position = stack_.size() - 1;
  Materialize(position);
  const bool traced = TopIsTraced();
  const uint32_t reg = Temporary(position);
  BranchIf(instr.a, {.code = traced ? Code::BranchIfNonNull : Code::BranchIf, .a = reg});
  stack_.pop_back();
}

void Translation::BranchOnCast(const wasm::Instr& instr) {
  const size_t position = stack_.size() - 1;
  Materialize(position);
  const bool traced = TopIsTraced();
  const uint32_t reg = Temporary(position);
  const auto target = wasm::CastTarget(instr);
  const auto type = static_cast<uint32_t>(CastTarget(target.heap(), target.nullable()));
  const Op taken{.code = traced ? Code::BranchIfCast : Code::BranchIfCastFunc, .a = reg, .b = type};
  BranchIf(instr.a, instr.op == Opcode::BrOnCast ? taken : Negated(taken));
}

void Translation::Return() {
  const size_t count = labels_.front().results.size();
  budget_.Spend(stack_.size());
  std::vector<Entry> kept = stack_;
  const uint32_t list = PopList(count);
  Emit({.code = Code::ReturnValues, .list = list, .uses = static_cast<uint32_t>(count)});
  stack_ = std::move(kept);
}

void Translation::Call(const wasm::Instr& instr) {
  Op op;
  const valid::ValidModule& module = linked_.module;
  wasm::TypeId type{};
  const bool is_tail = instr.op == Opcode::ReturnCall || instr.op == Opcode::ReturnCallIndirect ||
                       instr.op == Opcode::ReturnCallRef;
  switch (instr.op) {
    case Opcode::Call:
    case Opcode::ReturnCall:
      op.code = is_tail ? Code::TailCallDirect : Code::CallDirect;
      op.b = linked_.functions[instr.a];
      type = module.functions[instr.a];
      break;
    case Opcode::CallIndirect:
    case Opcode::ReturnCallIndirect:
      op.code = is_tail ? Code::TailCallTable : Code::CallTable;
      type = module.type_ids[instr.a];
      op.b = static_cast<uint32_t>(type);
      op.c = linked_.tables[instr.b];
      op.a = Pop();
      break;
    default:
      op.code = is_tail ? Code::TailCallReference : Code::CallReference;
      type = module.type_ids[instr.a];
      op.b = static_cast<uint32_t>(type);
      op.a = Pop();
      break;
  }
  const auto& signature = std::get<wasm::FuncType>((*module.types)[type].composite);
  op.uses = static_cast<uint32_t>(signature.params.size());
  op.list = PopList(op.uses);
  if (is_tail) {
    Emit(op);
    reachable_ = false;
    return;
  }
  op.defs = static_cast<uint32_t>(signature.results.size());
  for (const wasm::ValType result : signature.results) {
    const bool traced = heap::IsTraced(*module.types, result);
    PushTemporary(traced);
    function_.operands.push_back(ListEntry(Temporary(stack_.size() - 1), traced));
  }
  Emit(op);
}

void Translation::Throw(const wasm::Instr& instr) {
  if (instr.op == Opcode::ThrowRef) {
    const uint32_t exception = Pop();
    Emit({.code = Code::ThrowReference, .a = exception});
  } else {
    const auto& signature =
        std::get<wasm::FuncType>((*linked_.module.types)[linked_.module.tags[instr.a]].composite);
    const auto count = static_cast<uint32_t>(signature.params.size());
    const uint32_t list = PopList(count);
    Emit({.code = Code::ThrowTag, .b = linked_.tags[instr.a], .list = list, .uses = count});
  }
  reachable_ = false;
}

}  // namespace slabhound::bytecode
