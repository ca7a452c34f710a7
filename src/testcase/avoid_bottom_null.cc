#include "testcase/avoid_bottom_null.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "testcase/avoid_none_cast.h"
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

// The instruction before `at` that left the value at this height on top; it left more than that,
// or one of another kind: nothing.
std::optional<uint32_t> Maker(const valid::FunctionNotes& notes, const valid::Widening& use) {
  for (uint32_t i = use.at; i-- > 0;) {
    if (notes[i].height != use.height + 1) continue;
    if (notes[i].top != use.actual) return std::nullopt;
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
    if (maker) behind.emplace(*maker, use.actual.nullable() ? use.expected : use.actual);
  }
  if (behind.empty()) return false;
  std::vector<Instr> code;
  code.reserve(body.code.size() + 2 * behind.size());
  for (uint32_t i = 0; i < body.code.size(); ++i) {
    const auto found = behind.find(i);
    if (found == behind.end()) {
      code.push_back(body.code[i]);
      continue;
    }
    const Instr null{.op = Opcode::RefNull, .a = found->second.heap().code()};
    if (body.code[i].op == Opcode::RefNull) {
      code.push_back(null);
    } else if (IsNone(found->second)) {
      code.push_back(body.code[i]);
      code.push_back({.op = Opcode::Unreachable});
    } else {
      code.push_back(body.code[i]);
      code.push_back({.op = Opcode::Drop});
      code.push_back(null);
    }
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
  bool any = ReplaceNoneCasts(made);
  wasm::TypeStore types;
  valid::Notes notes;
  if (!valid::Validate(std::make_shared<const wasm::Module>(made), types, notes)) {
    made = module;
    any = false;
    notes = {};
    if (!valid::Validate(std::make_shared<const wasm::Module>(made), types, notes)) return false;
  }
  for (size_t i = 0; i < made.functions.size(); ++i) {
    any |= Rewrite(made.functions[i].body, notes.functions[i], notes.widenings[i]);
  }
  for (wasm::Global& global : made.globals) any |= RewriteConstant(global.init, global.type.type);
  for (wasm::Table& table : made.tables) {
    if (table.init) any |= RewriteConstant(*table.init, table.type.element);
  }
  for (wasm::ElemSegment& elem : made.elems) {
    for (wasm::Body& item : elem.items) any |= RewriteConstant(item, elem.type);
  }
  if (!any) return false;
  // A branch table may want one value as several types; then nothing is rewritten.
  wasm::TypeStore again;
  if (!valid::Validate(std::make_shared<const wasm::Module>(made), again)) return false;
  module = std::move(made);
  return true;
}

}  // namespace slabhound::testcase
