#include "portable/bulk.h"

#include <algorithm>

#include "machine/machine.h"
#include "wasm/counted.h"

namespace slabhound::portable {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

bool IsStructNew(Opcode op) { return op == Opcode::StructNew || op == Opcode::StructNewDefault; }
bool IsFilled(Opcode op) { return op == Opcode::ArrayNew || op == Opcode::ArrayNewDefault; }

// Of what F3 names but grows nothing, and of structures, which F6 alone is about.
bool HasCost(Opcode op) {
  return IsStructNew(op) || op == Opcode::ArrayNewFixed || wasm::TakesCount(op);
}

std::optional<uint64_t> Constant(const Instr* instr) {
  if (instr == nullptr) return std::nullopt;
  if (instr->op == Opcode::I32Const) return static_cast<uint32_t>(instr->bits);
  return instr->op == Opcode::I64Const ? std::optional(instr->bits) : std::nullopt;
}

wasm::StorageType ElementOf(const wasm::Module& module, wasm::TypeIdx type) {
  return std::get<wasm::ArrayType>(module.types[type].composite).element.type;
}

// What an allocation makes: so many units of so many bytes; without a count it is an operand. Of a
// structure the units are bytes.
struct Units {
  std::optional<uint64_t> count;
  uint64_t bytes = 1;
};
Units UnitsOf(const wasm::Module& module, const Instr& instr, const Instr* previous) {
  if (IsStructNew(instr.op)) {
    uint64_t sum = 0;
    for (const wasm::FieldType& field :
         std::get<wasm::StructType>(module.types[instr.a].composite).fields) {
      sum += wasm::StorageBytes(field.type);
    }
    return {sum};
  }
  return {instr.op == Opcode::ArrayNewFixed ? instr.b : Constant(previous),
          wasm::StorageBytes(ElementOf(module, instr.a))};
}

bool Allocates(Opcode op) {
  return op >= Opcode::StructNew && op <= Opcode::ArrayNewElem &&
         wasm::Info(op).gc == wasm::GcEffect::Allocates;
}

}  // namespace

std::optional<LargeInitializer> FindLargeInitializer(const wasm::Module& module,
                                                     uint64_t object_bytes_max) {
  uint64_t first = 0;
  const auto is_large = [&](const wasm::Body& body, size_t i) {
    if (!Allocates(body.code[i].op)) return false;
    const Units units = UnitsOf(module, body.code[i], i == 0 ? nullptr : &body.code[i - 1]);
    if (!units.count || *units.count <= object_bytes_max / units.bytes) return false;
    if (first == 0) first = *units.count * units.bytes;
    return true;
  };
  const auto has_large = [&](const wasm::Body& body) {
    for (size_t i = 0; i < body.code.size(); ++i) {
      if (is_large(body, i)) return true;
    }
    return false;
  };
  std::optional<LargeInitializer> found;
  uint32_t index = 0;
  for (const wasm::Import& import : module.imports)
    index += import.kind() == wasm::ExternKind::Global;
  for (const wasm::Global& global : module.globals) {
    if (has_large(global.init)) {
      // The last one but for `end` is the value itself.
      if (!found) found.emplace();
      const size_t size = global.init.code.size();
      if (!found->global && size >= 2 && is_large(global.init, size - 2)) found->global = index;
    }
    ++index;
  }
  for (const wasm::Table& table : module.tables) {
    if (!found && table.init && has_large(*table.init)) found.emplace();
  }
  for (const wasm::ElemSegment& elem : module.elems) {
    if (!found && std::ranges::any_of(elem.items, has_large)) found.emplace();
  }
  if (found) found->bytes = first;
  return found;
}

Bulk::Cost Bulk::CostOf(const Instr& instr, const Instr* previous) const {
  if (!HasCost(instr.op)) return {};
  const wasm::Module& module = form_.original;
  Cost cost{.instr = &instr, .count = Constant(previous), .allocates = Allocates(instr.op)};
  if (cost.allocates) {
    const Units units = UnitsOf(module, instr, previous);
    cost.count = units.count;
    cost.count_max = form_.options.object_bytes_max / units.bytes;
    cost.count_ever = machine::kObjectBytesEver / units.bytes;
    if (IsStructNew(instr.op) && !cost.too_large()) return {};
    if (instr.op == Opcode::ArrayNewData) {
      cost.segment = module.datas[instr.b].bytes.size() / units.bytes;
    } else if (instr.op == Opcode::ArrayNewElem) {
      cost.segment = module.elems[instr.b].items.size();
    }
  }
  const auto table = [this](uint32_t index) { return form_.table_types[index].limits.is_64; };
  const auto memory = [this](uint32_t index) {
    return form_.made.memories[index].type.limits.is_64;
  };
  cost.is_64 = (instr.op == Opcode::TableFill && table(instr.a)) ||
               (instr.op == Opcode::TableCopy && table(instr.a) && table(instr.b)) ||
               (instr.op == Opcode::MemoryFill && memory(instr.a)) ||
               (instr.op == Opcode::MemoryCopy && memory(instr.a) && memory(instr.b));
  return cost;
}

void Bulk::Before(Code& code, const Cost& cost) {
  if (cost.instr == nullptr) return;
  const bool traps = !cost.allocates || cost.segment;
  if (cost.count) {
    if (cost.too_large()) {
      if (!traps) LogLarge(code, *cost.count > cost.count_ever);
      if (cost.beyond_segment()) walk_.Log(code, trace::EventWord::BeyondSegment);
    } else if (!traps) {
      ChargeKnown(code, *cost.count);
    }
    return;
  }
  code.Op(Opcode::Call, Note(cost.is_64));
  if (!traps) code.Op(Opcode::Call, Admit(cost));
  if (cost.segment) {
    IfMoreThan(code, std::max(*cost.segment, cost.count_max));
    walk_.Log(code, trace::EventWord::BeyondSegment);
    code.End();
  }
}

void Bulk::Behind(Code& code, const Cost& cost) {
  if (cost.instr == nullptr) return;
  const bool traps = !cost.allocates || cost.segment;
  if (cost.count) {
    if (cost.too_large()) {
      if (cost.beyond_segment()) return;
      if (traps) LogLarge(code, /*is_huge=*/false);
      SetCount(code, *cost.count);
      code.Op(Opcode::Call, Judge(*cost.instr)).Op(Opcode::Unreachable);
    } else if (traps) {
      ChargeKnown(code, *cost.count);
    }
    return;
  }
  if (cost.allocates && (!cost.segment || *cost.segment > cost.count_max)) {
    const ValType made = ValType::Ref(wasm::HeapType::Index(cost.instr->a), false);
    IfMoreThan(code, cost.count_max, wasm::BlockType::Index(form_.FuncType({made}, {made})));
    if (traps) LogLarge(code, /*is_huge=*/false);
    code.Op(Opcode::Call, Judge(*cost.instr)).Op(Opcode::Unreachable).End();
  }
  if (traps) code.Op(Opcode::Call, Charge());
}

void Bulk::TellInitializer(Code& code) {
  const auto large = FindLargeInitializer(form_.original, form_.options.object_bytes_max);
  if (!large) return;
  LogLarge(code, large->bytes > machine::kObjectBytesEver);
  if (large->global) {
    const uint32_t imported =
        static_cast<uint32_t>(form_.global_types.size() - form_.original.globals.size());
    const auto& init = form_.original.globals[*large->global - imported].init.code;
    const Instr& instr = init[init.size() - 2];
    SetCount(
        code,
        *UnitsOf(form_.original, instr, init.size() < 3 ? nullptr : &init[init.size() - 3]).count);
    form_.GetGlobal(code, *large->global);
    code.Heap(Opcode::RefCastNull, wasm::HeapType::Index(instr.a));
    code.Op(Opcode::Call, Judge(instr));
  } else {
    walk_.Log(code, trace::EventWord::LargeMade);
    walk_.Log(code, trace::EventWord::LargeRight);
  }
  code.Op(Opcode::Unreachable);
}

void Bulk::SetCount(Code& code, uint64_t count) const {
  code.I64(static_cast<int64_t>(count)).Op(Opcode::GlobalSet, form_.globals.bulk);
}

void Bulk::IfMoreThan(Code& code, uint64_t count, wasm::BlockType type) const {
  code.Op(Opcode::GlobalGet, form_.globals.bulk)
      .I64(static_cast<int64_t>(count))
      .Op(Opcode::I64GtU)
      .If(type);
}

void Bulk::ChargeKnown(Code& code, uint64_t count) {
  if (count >> kBulkShift == 0) return;
  SetCount(code, count);
  code.Op(Opcode::Call, Charge());
}

// Keeps the number on top of the stack, and leaves it there.
uint32_t Bulk::Note(bool is_64) {
  std::optional<uint32_t>& id = note_[is_64 ? 1 : 0];
  if (!id) {
    const ValType type = is_64 ? ValType::I64 : ValType::I32;
    Code code;
    code.Op(Opcode::LocalGet, 0);
    if (!is_64) code.Op(Opcode::I64ExtendI32U);
    code.Op(Opcode::GlobalSet, form_.globals.bulk).Op(Opcode::LocalGet, 0);
    id = form_.Add(form_.FuncType({type}, {type}), {}, code);
  }
  return *id;
}

Code Bulk::ChargeCode() {
  const Form::Globals& globals = form_.globals;
  Code code;
  code.Op(Opcode::GlobalGet, globals.bulk)
      .I64(kBulkShift)
      .Op(Opcode::I64ShrU)
      .Op(Opcode::GlobalGet, globals.fuel)
      .Op(Opcode::I64ExtendI32U)
      .Op(Opcode::I64GtU)
      .If()
      .I32(0)
      .Op(Opcode::GlobalSet, globals.fuel);
  walk_.Log(code, trace::EventWord::FuelOut);
  code.Op(Opcode::Unreachable).End();
  return code.Op(Opcode::GlobalGet, globals.fuel)
      .Op(Opcode::GlobalGet, globals.bulk)
      .I64(kBulkShift)
      .Op(Opcode::I64ShrU)
      .Op(Opcode::I32WrapI64)
      .Op(Opcode::I32Sub)
      .Op(Opcode::GlobalSet, globals.fuel);
}

uint32_t Bulk::Charge() {
  if (!charge_) charge_ = form_.Add(form_.FuncType({}, {}), {}, ChargeCode());
  return *charge_;
}

// Takes fuel for what is within the budget, and marks what is not.
uint32_t Bulk::Admit(const Cost& cost) {
  const auto found = admit_.find(cost.count_max);
  if (found != admit_.end()) return found->second;
  Code code;
  IfMoreThan(code, cost.count_max);
  IfMoreThan(code, cost.count_ever);
  LogLarge(code, /*is_huge=*/true);
  LogLarge(code.Else(), /*is_huge=*/false);
  code.End().Op(Opcode::Return).End().Append(ChargeCode());
  return admit_[cost.count_max] = form_.Add(form_.FuncType({}, {}), {}, code);
}

void Bulk::LogLarge(Code& code, bool is_huge) {
  walk_.Log(code, is_huge ? trace::EventWord::Huge : trace::EventWord::Large);
}

void Bulk::Wrong(Code& code) {
  code.If();
  walk_.Log(code, trace::EventWord::LargeWrong);
  code.Op(Opcode::Unreachable).End();
}

// A function that takes what the instruction made, tells whether it is right, and traps. Its
// parameter is nullable, so that no engine takes the test for null for granted.
uint32_t Bulk::Judge(const Instr& instr) {
  const std::pair key(instr.op, instr.a);
  const auto found = judge_.find(key);
  if (found != judge_.end()) return found->second;
  const ValType made = ValType::Ref(wasm::HeapType::Index(instr.a), true);
  return judge_[key] = form_.Add(form_.FuncType({made}, {}), {}, JudgeCode(instr));
}

Code Bulk::JudgeCode(const Instr& instr) {
  Code code;
  walk_.Log(code, trace::EventWord::LargeMade);
  Wrong(code.Op(Opcode::LocalGet, 0).Op(Opcode::RefIsNull));
  if (!IsStructNew(instr.op)) {
    code.Op(Opcode::LocalGet, 0).Op(Opcode::ArrayLen).Op(Opcode::I64ExtendI32U);
    Wrong(code.Op(Opcode::GlobalGet, form_.globals.bulk).Op(Opcode::I64Ne));
  }
  if (IsFilled(instr.op)) {
    const Code ends = DifferAtEnds(instr);
    if (!ends.raw().code.empty()) Wrong(code.Append(ends));
  }
  walk_.Log(code, trace::EventWord::LargeRight);
  return code.Op(Opcode::Unreachable);
}

// The first and the last element: both hold the default, or both the same.
Code Bulk::DifferAtEnds(const Instr& instr) const {
  const wasm::StorageType element = ElementOf(form_.original, instr.a);
  const bool is_default = instr.op == Opcode::ArrayNewDefault;
  const ValType type = element.Unpacked();
  Code code;
  const auto get = [&](bool last) -> Code& {
    code.Op(Opcode::LocalGet, 0).I32(0);
    if (last)
      code.Op(Opcode::LocalGet, 0)
          .Op(Opcode::ArrayLen)
          .Op(Opcode::I32Add)
          .I32(1)
          .Op(Opcode::I32Sub);
    return code.Op(element.is_packed() ? Opcode::ArrayGetU : Opcode::ArrayGet, instr.a);
  };
  if (type.is_ref()) {
    const wasm::HeapType heap = type.heap();
    const bool has_identity = heap.is_index()
                                  ? form_.Top(type) == AbstractHeap::Any
                                  : form_.types.IsSubtype(heap, wasm::HeapType(AbstractHeap::Eq));
    if (is_default) {
      get(false).Op(Opcode::RefIsNull);
      get(true).Op(Opcode::RefIsNull).Op(Opcode::I32And).Op(Opcode::I32Eqz);
    } else if (has_identity) {
      get(false);
      get(true).Op(Opcode::RefEq).Op(Opcode::I32Eqz);
    }
    return code;
  }
  const bool is_float = type == ValType::F32 || type == ValType::F64;
  const bool is_64 = type == ValType::I64 || type == ValType::F64;
  for (const bool last : {false, true}) {
    get(last);
    if (is_float) code.Op(is_64 ? Opcode::I64ReinterpretF64 : Opcode::I32ReinterpretF32);
  }
  if (!is_64) return code.Op(is_default ? Opcode::I32Or : Opcode::I32Xor);
  return code.Op(is_default ? Opcode::I64Or : Opcode::I64Xor).I64(0).Op(Opcode::I64Ne);
}

}  // namespace slabhound::portable
