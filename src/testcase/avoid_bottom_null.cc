#include "testcase/avoid_bottom_null.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "testcase/avoid_none_cast.h"
#include "testcase/keep_valid.h"
#include "valid/valid_module.h"
#include "wasm/type_store.h"

namespace slabhound::testcase {
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

// The instruction that put the operand where it is, on top of all; nothing if it put others there
// too.
std::optional<uint32_t> Maker(const valid::FunctionNotes& notes, const valid::Widening& use) {
  for (uint32_t i = use.at; i-- > 0;) {
    if (notes[i].untouched > use.height) continue;
    if (notes[i].height != use.height + 1 || !IsNone(notes[i].top)) return std::nullopt;
    return i;
  }
  return std::nullopt;
}

bool Rewrite(wasm::Body& body, const valid::FunctionNotes& notes,
             const std::vector<valid::Widening>& uses) {
  // What goes behind an instruction. A value has one use.
  std::map<uint32_t, ValType> behind;
  for (const valid::Widening& use : uses) {
    if (!IsNone(use.actual) || !IsMissed(use.expected)) continue;
    const auto maker = Maker(notes, use);
    if (!maker) continue;
    const ValType wanted = ValType::Ref(use.expected.heap(), notes[*maker].top.nullable());
    // A branch table may want one value as several types: eq is above the others.
    const auto [found, added] = behind.emplace(*maker, wanted);
    if (!added && found->second.heap().Is(AbstractHeap::Eq)) found->second = wanted;
  }
  if (behind.empty()) return false;
  std::vector<Instr> code;
  code.reserve(body.code.size() + 3 * behind.size());
  for (uint32_t i = 0; i < body.code.size(); ++i) {
    const auto found = behind.find(i);
    const bool is_null = body.code[i].op == Opcode::RefNull;
    if (found == behind.end() || !is_null) code.push_back(body.code[i]);
    if (found == behind.end()) continue;
    if (!is_null) code.push_back({.op = Opcode::Drop});
    code.push_back({.op = Opcode::RefNull, .a = found->second.heap().code()});
    if (!found->second.nullable()) code.push_back({.op = Opcode::RefAsNonNull});
  }
  body.code = std::move(code);
  return true;
}

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
  bool any = ReplaceNoneCasts(made) && TakeValidFunctions(module, made);
  wasm::TypeStore types;
  valid::Notes notes;
  const bool valid =
      valid::Validate(std::make_shared<const wasm::Module>(module), types, notes).has_value();
  CHECK(valid);
  made = module;
  bool in_code = false;
  for (size_t i = 0; i < made.functions.size(); ++i) {
    in_code |= Rewrite(made.functions[i].body, notes.functions[i], notes.widenings[i]);
  }
  // A branch table may want one value as several types that have none in common.
  if (in_code) any |= TakeValidFunctions(module, made);
  for (wasm::Global& global : module.globals) any |= RewriteConstant(global.init, global.type.type);
  for (wasm::Table& table : module.tables) {
    if (table.init) any |= RewriteConstant(*table.init, table.type.element);
  }
  for (wasm::ElemSegment& elem : module.elems) {
    for (wasm::Body& item : elem.items) any |= RewriteConstant(item, elem.type);
  }
  return any;
}

}  // namespace slabhound::testcase
