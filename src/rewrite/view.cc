#include "rewrite/view.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "rewrite/edit.h"
#include "rewrite/empty_object.h"

namespace slabhound::rewrite {
namespace {

using wasm::AbstractHeap;
using wasm::Opcode;
using wasm::ValType;

AbstractHeap BottomOf(AbstractHeap top) {
  switch (top) {
    case AbstractHeap::Func:
      return AbstractHeap::NoFunc;
    case AbstractHeap::Extern:
      return AbstractHeap::NoExtern;
    case AbstractHeap::Exn:
      return AbstractHeap::NoExn;
    default:
      return AbstractHeap::None;
  }
}

// A module type index of the canonical type.
std::optional<uint32_t> IndexOf(const View& view, uint32_t canonical) {
  const auto found = std::ranges::find(view.valid.type_ids, wasm::TypeId{canonical});
  if (found == view.valid.type_ids.end()) return std::nullopt;
  return static_cast<uint32_t>(found - view.valid.type_ids.begin());
}

std::vector<wasm::Instr> DefaultObject(wasm::HeapType heap, const View& view) {
  const std::vector<wasm::Instr> trap = {Op(Opcode::Unreachable)};
  if (!heap.is_index()) {
    const bool i31 =
        heap.Is(AbstractHeap::Any) || heap.Is(AbstractHeap::Eq) || heap.Is(AbstractHeap::I31);
    return i31 ? std::vector{Op(Opcode::I32Const), Op(Opcode::RefI31)} : trap;
  }
  const auto index = IndexOf(view, heap.index());
  if (!index) return trap;
  const wasm::CompositeType& type = (*view.types)[wasm::TypeId{heap.index()}].composite;
  const auto made = NewEmpty(type, *index);
  return made ? std::vector{*made} : trap;
}

}  // namespace

View MakeView(const wasm::Module& module) {
  View view;
  view.module = std::make_shared<const wasm::Module>(module);
  view.types = std::make_unique<wasm::TypeStore>();
  std::vector<valid::FunctionNotes> notes;
  auto valid = valid::Validate(view.module, *view.types, &notes);
  CHECK(valid.has_value());
  view.valid = *std::move(valid);
  for (size_t i = 0; i < module.functions.size(); ++i) {
    view.trees.push_back(ParseTree(*view.module, view.module->functions[i], notes[i]));
  }
  return view;
}

std::vector<wasm::Instr> DefaultOf(ValType type, const View& view) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return {Op(Opcode::I32Const)};
    case wasm::TypeKind::I64:
      return {Op(Opcode::I64Const)};
    case wasm::TypeKind::F32:
      return {Op(Opcode::F32Const)};
    case wasm::TypeKind::F64:
      return {Op(Opcode::F64Const)};
    case wasm::TypeKind::V128:
      return {Op(Opcode::V128Const)};
    case wasm::TypeKind::Ref:
      break;
    default:
      return {Op(Opcode::Unreachable)};
  }
  if (!type.nullable()) return DefaultObject(type.heap(), view);
  const AbstractHeap top = view.types->Top(type.heap());
  return {Op(Opcode::RefNull, wasm::HeapType(BottomOf(top)).code())};
}

}  // namespace slabhound::rewrite
