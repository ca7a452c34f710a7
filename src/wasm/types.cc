#include "wasm/types.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace slabhound::wasm {
namespace {

// In the order of AbstractHeap.
constexpr std::array<std::string_view, kAbstractHeapCount> kHeapNames = {
    "noexn", "nofunc", "noextern", "none",   "func",  "extern",
    "any",   "eq",     "i31",      "struct", "array", "exn"};

}  // namespace

std::string TypeText(HeapType type) {
  if (type.is_index()) return fmt::format("{}", type.index());
  return std::string(kHeapNames[static_cast<size_t>(type.abstract())]);
}

std::string TypeText(ValType type) {
  switch (type.kind()) {
    case TypeKind::I32:
      return "i32";
    case TypeKind::I64:
      return "i64";
    case TypeKind::F32:
      return "f32";
    case TypeKind::F64:
      return "f64";
    case TypeKind::V128:
      return "v128";
    case TypeKind::I8:
      return "i8";
    case TypeKind::I16:
      return "i16";
    case TypeKind::Ref:
      return fmt::format("(ref {}{})", type.nullable() ? "null " : "", TypeText(type.heap()));
    case TypeKind::Bottom:
    case TypeKind::BlockIndex:
    case TypeKind::BlockEmpty:
      break;
  }
  return "bottom";
}

std::string TypeText(StorageType type) { return TypeText(static_cast<const ValType&>(type)); }

}  // namespace slabhound::wasm
