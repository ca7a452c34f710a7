#include "fuzz/mutator.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "valid/valid_module.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::fuzz {
namespace {

using wasm::Immediates;
using wasm::Instr;
using wasm::Opcode;

constexpr uint64_t kTriesMax = 8, kChangesMax = 4, kRunMax = 6;

// Instructions that open, divide or close a block stay where they are.
bool IsPlain(Opcode op) {
  switch (op) {
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::If:
    case Opcode::Else:
    case Opcode::TryTable:
    case Opcode::LegacyTry:
    case Opcode::LegacyCatch:
    case Opcode::LegacyCatchAll:
    case Opcode::Delegate:
    case Opcode::End:
      return false;
    default:
      return true;
  }
}

// Addressed in the pools of their own body.
bool UsesPool(const Instr& instr) {
  const Immediates immediates = wasm::Info(instr.op).immediates;
  return immediates == Immediates::BrTable || immediates == Immediates::SelectTypes ||
         immediates == Immediates::TryTable;
}

class ModuleMutator {
 public:
  ModuleMutator(wasm::Module& module, Rng& rng) : module_(module), rng_(rng) {}

  bool Change() {
    if (rng_.OneIn(8)) return ChangeSurroundings();
    wasm::Body* body = PickBody();
    return body != nullptr && ChangeBody(*body);
  }

 private:
  template <typename T>
  T& Pick(std::vector<T>& from) {
    return from[rng_.Below(from.size())];
  }

  wasm::Body* PickBody() {
    if (!module_.functions.empty() && !rng_.OneIn(8)) return &Pick(module_.functions).body;
    if (!module_.globals.empty()) return &Pick(module_.globals).init;
    return nullptr;
  }

  bool ChangeBody(wasm::Body& body) {
    const size_t at = rng_.Below(body.code.size());
    Instr& instr = body.code[at];
    switch (rng_.Below(6)) {
      case 0:
        return Exchange(instr);
      case 1:
      case 2:
        return MoveImmediate(instr);
      case 3:
        if (!IsPlain(instr.op)) return false;
        body.code.erase(body.code.begin() + static_cast<ptrdiff_t>(at));
        return true;
      case 4:
        body.code.insert(body.code.begin() + static_cast<ptrdiff_t>(at), MakeInstr());
        return true;
      default:
        return CopyRun(body, at);
    }
  }

  // Another instruction with the same operands, results and immediates.
  bool Exchange(Instr& instr) {
    const wasm::OpcodeInfo& from = wasm::Info(instr.op);
    const size_t start = rng_.Below(wasm::kOpcodeCount);
    for (size_t i = 0; i < wasm::kOpcodeCount; ++i) {
      const auto op = static_cast<Opcode>((start + i) % wasm::kOpcodeCount);
      const wasm::OpcodeInfo& to = wasm::Info(op);
      if (op == instr.op || to.immediates != from.immediates || to.signature != from.signature ||
          !IsPlain(op) || !IsPlain(instr.op)) {
        continue;
      }
      instr.op = op;
      return true;
    }
    return false;
  }

  uint64_t Number(uint64_t number) {
    switch (rng_.Below(5)) {
      case 0:
        return number + 1;
      case 1:
        return number - 1;
      case 2:
        return rng_.Below(8);
      case 3:
        return uint64_t{1} << rng_.Below(64);
      default:
        return rng_.Next() >> rng_.Below(64);
    }
  }

  bool MoveImmediate(Instr& instr) {
    using wasm::ImmediateKind;
    if (UsesPool(instr)) return false;
    const wasm::ImmediatesInfo& kinds = wasm::Info(wasm::Info(instr.op).immediates);
    const auto is_index = [](ImmediateKind kind) {
      return kind >= ImmediateKind::Label && kind <= ImmediateKind::Count;
    };
    const auto is_bits = [](ImmediateKind kind) {
      return kind == ImmediateKind::Offset ||
             (kind >= ImmediateKind::I32 && kind <= ImmediateKind::F64);
    };
    if (is_bits(kinds.first) || (is_bits(kinds.third) && rng_.OneIn(2))) {
      instr.bits = Number(instr.bits);
      if (kinds.first == ImmediateKind::I32 || kinds.first == ImmediateKind::F32) {
        instr.bits = static_cast<uint32_t>(instr.bits);
      }
      return true;
    }
    // An index of a space: near the old one, or a small one.
    const auto move = [this](uint32_t index) {
      return rng_.OneIn(2) ? static_cast<uint32_t>(rng_.Below(6))
                           : (rng_.OneIn(2) || index == 0 ? index + 1 : index - 1);
    };
    if (is_index(kinds.second) && rng_.OneIn(2)) {
      instr.b = move(instr.b);
      return true;
    }
    if (is_index(kinds.first)) {
      instr.a = move(instr.a);
      return true;
    }
    if (kinds.first == ImmediateKind::Heap) {
      instr.a = Heap().code();
      return true;
    }
    return false;
  }

  wasm::HeapType Heap() {
    if (!module_.types.empty() && rng_.OneIn(2)) {
      return wasm::HeapType::Index(static_cast<uint32_t>(rng_.Below(module_.types.size())));
    }
    return static_cast<wasm::AbstractHeap>(rng_.Below(wasm::kAbstractHeapCount));
  }

  // One that often fits where a value is dropped, wanted or consumed.
  Instr MakeInstr() {
    const auto small = static_cast<uint32_t>(rng_.Below(6));
    constexpr Opcode kNumbers[] = {Opcode::I32Const, Opcode::I64Const};
    constexpr Opcode kPlain[] = {
        Opcode::Drop,         Opcode::Unreachable,      Opcode::RefEq,
        Opcode::RefIsNull,    Opcode::ArrayLen,         Opcode::RefI31,
        Opcode::RefAsNonNull, Opcode::I31GetS,          Opcode::Return,
        Opcode::Nop,          Opcode::AnyConvertExtern, Opcode::ExternConvertAny};
    constexpr Opcode kIndexed[] = {
        Opcode::LocalGet,  Opcode::LocalSet,         Opcode::LocalTee, Opcode::GlobalGet,
        Opcode::GlobalSet, Opcode::StructNewDefault, Opcode::Call,     Opcode::RefFunc,
        Opcode::BrIf,      Opcode::ArrayNewDefault,  Opcode::ArrayGet, Opcode::ArraySet};
    switch (rng_.Below(4)) {
      case 0:
        return {.op = kNumbers[rng_.Below(std::size(kNumbers))], .bits = Number(0) & 0xffff'ffff};
      case 1:
        return {.op = kPlain[rng_.Below(std::size(kPlain))]};
      case 2:
        return {.op = rng_.OneIn(2) ? Opcode::RefNull : Opcode::RefCastNull, .a = Heap().code()};
      default:
        return {.op = kIndexed[rng_.Below(std::size(kIndexed))], .a = small};
    }
  }

  // A run of plain instructions from here or another function.
  bool CopyRun(wasm::Body& body, size_t at) {
    const wasm::Body* from = PickBody();
    if (from == nullptr) return false;
    const size_t start = rng_.Below(from->code.size());
    std::vector<Instr> run;
    for (size_t i = start; i < from->code.size() && run.size() < 1 + rng_.Below(kRunMax); ++i) {
      const Instr& instr = from->code[i];
      if (!IsPlain(instr.op) || UsesPool(instr)) break;
      run.push_back(instr);
    }
    body.code.insert(body.code.begin() + static_cast<ptrdiff_t>(at), run.begin(), run.end());
    return !run.empty();
  }

  bool ChangeSurroundings() {
    switch (rng_.Below(4)) {
      case 0:
        return !module_.types.empty() && ChangeType(Pick(module_.types));
      case 1:
        if (module_.memories.empty()) return false;
        return ChangeLimits(Pick(module_.memories).type.limits);
      case 2:
        if (module_.tables.empty()) return false;
        return ChangeLimits(Pick(module_.tables).type.limits);
      default:
        if (module_.functions.empty()) return false;
        Pick(module_.functions).locals.push_back(wasm::ValType::Ref(Heap(), !rng_.OneIn(4)));
        return true;
    }
  }

  bool ChangeType(wasm::SubType& type) {
    const auto change_field = [this](wasm::FieldType& field) {
      if (rng_.OneIn(2)) {
        field.is_mutable = !field.is_mutable;
      } else {
        field.type = wasm::ValType::Ref(Heap(), !rng_.OneIn(4));
      }
      return true;
    };
    if (rng_.OneIn(4)) {
      type.is_final = !type.is_final;
      return true;
    }
    if (auto* array = std::get_if<wasm::ArrayType>(&type.composite)) {
      return change_field(array->element);
    }
    auto* structure = std::get_if<wasm::StructType>(&type.composite);
    if (structure == nullptr) return false;
    if (structure->fields.empty() || rng_.OneIn(4)) {
      structure->fields.push_back({wasm::ValType::Ref(Heap(), true), true});
      return true;
    }
    return change_field(Pick(structure->fields));
  }

  bool ChangeLimits(wasm::Limits& limits) {
    limits.min = rng_.Below(8);
    if (rng_.OneIn(2)) limits.max = limits.min + rng_.Below(8);
    return true;
  }

  wasm::Module& module_;
  Rng& rng_;
};

}  // namespace

std::optional<Bytes> MutateModule(ByteSpan bytes, Rng rng) {
  const auto original = wasm::Decode(bytes);
  if (!original) return std::nullopt;
  const bool want_valid = !rng.OneIn(4);
  std::optional<Bytes> result;
  for (uint64_t i = 0; i < kTriesMax; ++i) {
    auto module = std::make_shared<wasm::Module>(*original);
    ModuleMutator mutator(*module, rng);
    bool changed = false;
    for (uint64_t k = 1 + rng.Below(kChangesMax); k > 0; --k) changed |= mutator.Change();
    if (!changed) continue;
    result = wasm::Encode(*module);
    wasm::TypeStore types;
    if (!want_valid || valid::Validate(std::move(module), types)) break;
  }
  return result;
}

}  // namespace slabhound::fuzz
