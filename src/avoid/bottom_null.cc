// For engines in which `none` is not below eq, i31, struct and array (spec 3.3.3): where a value of
// type none is taken as one of these, a null of that type takes its place.
//
// Behind the instruction that leaves a (ref null none), which can only be null, goes `drop` and
// `ref.null` of what is wanted; behind one that leaves a (ref none), which no value has, goes
// ref.as_non_null too. Other values above it go into locals and back.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "avoid/avoid.h"
#include "avoid/none_cast.h"
#include "base/check.h"
#include "rewrite/function_editor.h"
#include "rewrite/keep_valid.h"
#include "valid/valid_module.h"
#include "wasm/type_store.h"

namespace slabhound::avoid {
namespace {

using wasm::AbstractHeap;
using wasm::HeapType;
using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

// The types below any that such an engine does not put above none.
bool IsMissed(ValType type) {
  if (!type.is_ref()) return false;
  for (const AbstractHeap heap :
       {AbstractHeap::Eq, AbstractHeap::I31, AbstractHeap::Struct, AbstractHeap::Array}) {
    if (type.heap().Is(heap)) return true;
  }
  return false;
}

bool IsNone(ValType type) { return type.is_ref() && type.heap().Is(AbstractHeap::None); }

class Rewriter {
 public:
  Rewriter(const valid::ValidModule& valid, const valid::Notes& notes, size_t number,
           wasm::Function& function)
      : valid_(valid),
        notes_(notes.functions[number]),
        several_(notes.several[number]),
        code_(*valid.module, function) {
    for (const valid::Widening& use : notes.widenings[number]) {
      if (IsNone(use.actual) && IsMissed(use.expected)) Want(use);
    }
  }

  bool Rewrite() {
    if (wanted_.empty()) return false;
    uint32_t at = 0;
    code_.ReplaceAll([&](const Instr& instr) {
      const auto found = wanted_.find(at);
      const auto values = found == wanted_.end() ? std::vector<ValType>() : Values(at);
      ++at;
      if (values.empty()) return code_.Emit(instr);
      if (instr.op == Opcode::RefNull) return EmitNull(found->second.begin()->second);
      code_.Emit(instr);
      Exchange(values, found->second);
    });
    return true;
  }

 private:
  using Places = std::map<uint32_t, ValType>;  // of values that an instruction put on the stack

  void Want(const valid::Widening& use) {
    uint32_t maker = use.at;
    while (maker-- > 0 && notes_[maker].untouched > use.height) continue;
    if (maker >= use.at) return;
    const uint32_t place = use.height - notes_[maker].untouched;
    const std::vector<ValType> values = Values(maker);
    if (place >= values.size() || !IsNone(values[place])) return;
    const ValType wanted = ValType::Ref(use.expected.heap(), values[place].nullable());
    // A branch table may want one value as several types: eq is above the others.
    const auto [found, added] = wanted_[maker].emplace(place, wanted);
    if (!added && found->second.heap().Is(AbstractHeap::Eq)) found->second = wanted;
  }

  // What the instruction put on the stack; nothing if something of it has no type of its own.
  std::vector<ValType> Values(uint32_t at) const {
    const auto found = several_.find(at);
    if (found == several_.end()) return {notes_[at].top};
    std::vector<ValType> values;
    for (const ValType each : found->second) {
      const auto type = InModule(each);
      if (!type) return {};
      values.push_back(*type);
    }
    return values;
  }

  // A canonical type as the module writes it.
  std::optional<ValType> InModule(ValType type) const {
    if (type.kind() == wasm::TypeKind::Bottom) return std::nullopt;
    if (!type.is_ref() || !type.heap().is_index()) return type;
    const auto found =
        std::ranges::find(valid_.type_ids, static_cast<wasm::TypeId>(type.heap().index()));
    if (found == valid_.type_ids.end()) return std::nullopt;
    const auto index = static_cast<uint32_t>(found - valid_.type_ids.begin());
    return ValType::Ref(HeapType::Index(index), type.nullable());
  }

  void EmitNull(ValType type) {
    code_.Emit(Opcode::RefNull, type.heap().code());
    if (!type.nullable()) code_.Emit(Opcode::RefAsNonNull);
  }

  void Exchange(const std::vector<ValType>& values, const Places& places) {
    std::vector<std::pair<uint32_t, ValType>> kept;  // those above, the uppermost first
    const uint32_t lowest = places.begin()->first;
    for (auto place = static_cast<uint32_t>(values.size()); place-- > lowest;) {
      if (places.contains(place)) {
        code_.Emit(Opcode::Drop);
        continue;
      }
      const ValType type = values[place];
      kept.emplace_back(code_.AddLocal(type.is_ref() ? type.WithNullable(true) : type), type);
      code_.Emit(Opcode::LocalSet, kept.back().first);
    }
    for (uint32_t place = lowest; place < values.size(); ++place) {
      const auto found = places.find(place);
      if (found != places.end()) {
        EmitNull(found->second);
        continue;
      }
      const auto [local, type] = kept.back();
      kept.pop_back();
      code_.Get({local});
      if (type.is_ref() && !type.nullable()) code_.Emit(Opcode::RefAsNonNull);
    }
  }

  const valid::ValidModule& valid_;
  const valid::FunctionNotes& notes_;
  const std::map<uint32_t, std::vector<ValType>>& several_;
  rewrite::FunctionEditor code_;
  std::map<uint32_t, Places> wanted_;  // of each instruction
};

// A constant expression that is one null.
bool RewriteConstant(wasm::Body& body, ValType type) {
  const bool is_null = body.code.size() == 2 && body.code[0].op == Opcode::RefNull &&
                       HeapType::FromCode(body.code[0].a).Is(AbstractHeap::None);
  if (!is_null || !IsMissed(type)) return false;
  body.code[0].a = type.heap().code();
  return true;
}

}  // namespace

bool AvoidBottomNull(wasm::Module& module) {
  wasm::Module made = module;
  bool any = ReplaceNoneCasts(made) && rewrite::TakeValidFunctions(module, made);
  wasm::TypeStore types;
  valid::Notes notes;
  const auto valid = valid::Validate(std::make_shared<const wasm::Module>(module), types, notes);
  CHECK(valid.has_value());
  made = module;
  bool in_code = false;
  for (size_t i = 0; i < made.functions.size(); ++i) {
    in_code |= Rewriter(*valid, notes, i, made.functions[i]).Rewrite();
  }
  // A branch table may want one value as several types that have none in common.
  if (in_code) any |= rewrite::TakeValidFunctions(module, made);
  for (wasm::Global& global : module.globals) any |= RewriteConstant(global.init, global.type.type);
  for (wasm::Table& table : module.tables) {
    if (table.init) any |= RewriteConstant(*table.init, table.type.element);
  }
  for (wasm::ElemSegment& elem : module.elems) {
    for (wasm::Body& item : elem.items) any |= RewriteConstant(item, elem.type);
  }
  return any;
}

}  // namespace slabhound::avoid
