#include "bytecode/translation.h"

#include <algorithm>

#include "base/check.h"
#include "bytecode/compiler.h"
#include "bytecode/liveness.h"
#include "heap/active_fault.h"
#include "heap/layout.h"

namespace slabhound::bytecode {

using wasm::Opcode;

Translation::Translation(const LinkedModule& linked, const wasm::Body& body,
                         heap::LayoutTable& layouts, heap::Fault fault, CompileBudget& budget,
                         const std::vector<uint32_t>* sites)
    : linked_(linked),
      body_(body),
      layouts_(layouts),
      fault_(fault),
      budget_(budget),
      sites_(sites) {}

std::optional<Function> Translation::Translate(std::span<const wasm::ValType> params,
                                               std::span<const wasm::ValType> locals,
                                               std::span<const wasm::ValType> results) {
  local_traced_ = TracedOf(params);
  const std::vector<bool> declared = TracedOf(locals);
  local_traced_.insert(local_traced_.end(), declared.begin(), declared.end());
  function_.param_count = static_cast<uint32_t>(params.size());
  function_.local_count = static_cast<uint32_t>(local_traced_.size());
  function_.ops.reserve(body_.code.size() + 8);
  constexpr size_t kUsualHeight = 16, kUsualLabels = 8;
  stack_.reserve(kUsualHeight);
  labels_.reserve(kUsualLabels);
  Emit({.code = Code::Entry});
  Label outermost;
  outermost.results = TracedOf(results);
  labels_.push_back(std::move(outermost));
  for (const wasm::Instr& instr : body_.code) {
    if (!budget_.Spend(1)) return std::nullopt;
    if (sites_ != nullptr && reachable_) Observe(instr);
    Instruction(instr);
  }
  CHECK(labels_.empty());
  function_.register_count = function_.local_count + static_cast<uint32_t>(height_max_);
  return std::move(function_);
}

void Translation::Instruction(const wasm::Instr& instr) {
  if (!reachable_) {
    switch (instr.op) {
      case Opcode::Block:
      case Opcode::Loop:
      case Opcode::If:
      case Opcode::TryTable:
      case Opcode::LegacyTry:
        ++skipped_;
        return;
      case Opcode::Delegate:  // closes a `try`, which is never reached
        --skipped_;
        return;
      case Opcode::End:
        if (skipped_ > 0) {
          --skipped_;
        } else {
          End();
        }
        return;
      case Opcode::Else:
        if (skipped_ == 0) Else();
        return;
      default:
        return;
    }
  }
  if (!wasm::Info(instr.op).is_run) return Needs(instr);
  if (wasm::Info(instr.op).has_types()) return Plain(instr);
  Control(instr);
}

void Translation::Observe(const wasm::Instr& instr) {
  const uint32_t site = (*sites_)[static_cast<size_t>(&instr - body_.code.data())];
  if (site != kNoSite) Emit({.code = Code::Observe, .imm = site});
}

// A run that comes here ends here.
void Translation::Needs(const wasm::Instr& instr) {
  Emit({.code = Code::Needs, .imm = static_cast<uint64_t>(instr.op)});
  reachable_ = false;
  if (instr.op == Opcode::LegacyTry) ++skipped_;
}

bool Translation::Traced(wasm::ValType type) const {
  return heap::IsTraced(*linked_.module.types, linked_.module.Canonical(type));
}

uint64_t Translation::CastTarget(wasm::HeapType heap, bool nullable) const {
  const wasm::ValType right = linked_.module.Canonical(wasm::ValType::Ref(heap, nullable));
  if (heap.is_index() && heap::Injected(fault_, heap::Fault::RecgroupContiguousIds)) {
    // The last one there is, where that many have not been made yet.
    const auto first = static_cast<uint32_t>(linked_.module.type_ids.front());
    const auto last = static_cast<uint32_t>(linked_.module.types->size()) - 1;
    const auto wrong = wasm::HeapType::Index(std::min(first + heap.index(), last));
    if (heap::Active(fault_, heap::Fault::RecgroupContiguousIds, wrong != right.heap())) {
      return wasm::ValType::Ref(wrong, nullable).bits();
    }
  }
  return right.bits();
}

std::vector<bool> Translation::TracedOf(std::span<const wasm::ValType> types) const {
  std::vector<bool> traced;
  budget_.Spend(types.size());
  traced.reserve(types.size());
  for (const wasm::ValType type : types)
    traced.push_back(heap::IsTraced(*linked_.module.types, type));
  return traced;
}

void Translation::Push(Entry entry) {
  stack_.push_back(entry);
  height_max_ = std::max(height_max_, stack_.size());
}

void Translation::PushTemporary(bool traced) {
  Push({.kind = Entry::Kind::Temporary, .traced = traced});
}

uint32_t Translation::Result(bool traced) {
  PushTemporary(traced);
  return Temporary(stack_.size() - 1);
}

void Translation::EmitCopy(uint32_t to, const Entry& from, size_t position) {
  switch (from.kind) {
    case Entry::Kind::Temporary:
      if (to != Temporary(position)) {
        Emit({.code = from.traced ? Code::CopyRef : Code::Copy, .a = to, .b = Temporary(position)});
      }
      return;
    case Entry::Kind::Local:
      Emit({.code = from.traced ? Code::CopyRef : Code::Copy, .a = to, .b = from.local});
      return;
    case Entry::Kind::Constant:
      Emit({.code = Code::Constant, .a = to, .imm = from.bits});
      return;
    case Entry::Kind::Null:
      Emit({.code = Code::NullRef, .a = to});
      return;
  }
}

void Translation::Materialize(size_t position) {
  Entry& entry = stack_[position];
  EmitCopy(Temporary(position), entry, position);
  entry.kind = Entry::Kind::Temporary;
}

uint32_t Translation::Pop() {
  const size_t position = stack_.size() - 1;
  Entry& entry = stack_.back();
  uint32_t reg = Temporary(position);
  if (entry.kind == Entry::Kind::Local) {
    reg = entry.local;
  } else if (entry.kind != Entry::Kind::Temporary) {
    Materialize(position);
  }
  stack_.pop_back();
  return reg;
}

void Translation::Flush(size_t position) {
  budget_.Spend(stack_.size() - position);
  for (; position < stack_.size(); ++position) {
    if (stack_[position].kind != Entry::Kind::Temporary) Materialize(position);
  }
}

void Translation::FlushLocal(uint32_t local) {
  budget_.Spend(stack_.size());
  for (size_t position = 0; position < stack_.size(); ++position) {
    const Entry& entry = stack_[position];
    if (entry.kind == Entry::Kind::Local && entry.local == local) Materialize(position);
  }
}

uint32_t Translation::PopList(size_t count) {
  const size_t first = stack_.size() - count;
  budget_.Spend(4 * count);
  // Constants become temporaries before the list names its registers.
  for (size_t position = first; position < stack_.size(); ++position) {
    const Entry::Kind kind = stack_[position].kind;
    if (kind == Entry::Kind::Constant || kind == Entry::Kind::Null) Materialize(position);
  }
  const auto list = static_cast<uint32_t>(function_.operands.size());
  for (size_t position = first; position < stack_.size(); ++position) {
    const Entry& entry = stack_[position];
    const uint32_t reg = entry.kind == Entry::Kind::Local ? entry.local : Temporary(position);
    function_.operands.push_back(ListEntry(reg, entry.traced));
  }
  stack_.resize(first);
  return list;
}

uint32_t Translation::Emit(Op op) {
  budget_.Spend(CompileBudget::kStepsPerOp);
  function_.ops.push_back(op);
  return pc() - 1;
}

Op* Translation::MakerOf(uint32_t temporary) {
  if (pc() == fence_ || temporary < function_.local_count) return nullptr;
  Op& last = function_.ops.back();
  return (Info(last.code).defs & 1) != 0 && last.a == temporary ? &last : nullptr;
}

std::optional<Function> CompileFunction(const LinkedModule& linked, const wasm::Function& function,
                                        heap::LayoutTable& layouts, heap::Fault fault,
                                        CompileBudget& budget) {
  const valid::ValidModule& module = linked.module;
  const wasm::SubType& type = (*module.types)[module.type_ids[function.type]];
  const auto& signature = std::get<wasm::FuncType>(type.composite);
  std::vector<wasm::ValType> locals;
  locals.reserve(function.locals.size());
  for (const wasm::ValType local : function.locals) locals.push_back(module.Canonical(local));
  const std::vector<uint32_t>* sites =
      linked.sites == nullptr
          ? nullptr
          : &(*linked.sites)[static_cast<size_t>(&function - module.module->functions.data())];
  auto compiled = Translation(linked, function.body, layouts, fault, budget, sites)
                      .Translate(signature.params, locals, signature.results);
  if (compiled && !ComputeStackMaps(*compiled, fault, budget)) compiled.reset();
  return compiled;
}

std::optional<Function> CompileConstant(const LinkedModule& linked, const wasm::Body& body,
                                        wasm::ValType result, heap::LayoutTable& layouts,
                                        heap::Fault fault, CompileBudget& budget) {
  auto compiled =
      Translation(linked, body, layouts, fault, budget).Translate({}, {}, std::span(&result, 1));
  if (compiled && !ComputeStackMaps(*compiled, fault, budget)) compiled.reset();
  return compiled;
}

}  // namespace slabhound::bytecode
