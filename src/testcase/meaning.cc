#include "testcase/meaning.h"

#include <algorithm>
#include <array>
#include <vector>

namespace slabhound::testcase {
namespace {

using wasm::AbstractHeap;
using wasm::ValType;

constexpr ValType kFuncRef = ValType::Ref(AbstractHeap::Func, /*nullable=*/true);
constexpr uint64_t kNonNullNumber = 7;  // of a value where null is not allowed

struct Row {
  std::string_view module, name, params, results;
};
constexpr std::array kRows = {
#define SLABHOUND_IMPORT(name, module, field, params, results) Row{module, field, params, results},
#include "testcase/imports.def"
};

bool Matches(std::string_view letters, const std::vector<ValType>& types) {
  if (letters.size() != types.size()) return false;
  for (size_t i = 0; i < letters.size(); ++i) {
    if (types[i] != (letters[i] == 'i' ? ValType::I32 : kFuncRef)) return false;
  }
  return true;
}

bool IsException(const wasm::TypeStore& types, ValType type) {
  return type.is_ref() && types.Top(type.heap()) == AbstractHeap::Exn;
}

}  // namespace

Meaning FindMeaning(std::string_view module, std::string_view name,
                    const wasm::FuncType& signature) {
  for (size_t i = 0; i < kRows.size(); ++i) {
    const Row& row = kRows[i];
    if (row.name == name && row.module == module && Matches(row.params, signature.params) &&
        Matches(row.results, signature.results)) {
      return static_cast<Meaning>(i);
    }
  }
  return Meaning::Log;
}

std::optional<PlainValue> ValueOf(ValType type, uint64_t number) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
    case wasm::TypeKind::F32:
      return PlainValue{PlainKind::Number, static_cast<uint32_t>(number)};
    case wasm::TypeKind::I64:
    case wasm::TypeKind::F64:
    case wasm::TypeKind::V128:
      return PlainValue{PlainKind::Number, number};
    default:
      break;
  }
  if (type.nullable() && number == 0) return PlainValue{PlainKind::Null, 0};
  if (!type.heap().is_index()) {
    switch (type.heap().abstract()) {
      case AbstractHeap::Any:
      case AbstractHeap::Eq:
      case AbstractHeap::I31:
        return PlainValue{PlainKind::I31, number & 0x7fffffff};
      case AbstractHeap::Extern:
        return PlainValue{PlainKind::Host, number & 0xff};
      default:
        break;
    }
  }
  if (type.nullable()) return PlainValue{PlainKind::Null, 0};
  return std::nullopt;
}

uint64_t NumberOfGlobal(std::string_view name, ValType type) {
  if (!type.is_ref()) return 0;
  if (type.heap().Is(AbstractHeap::Extern)) {
    uint64_t sum = 0;
    for (const char c : name) sum += static_cast<uint8_t>(c);
    return sum % 251;
  }
  return NumberOfElements(type);
}

uint64_t NumberOfElements(ValType type) { return type.is_defaultable() ? 0 : kNonNullNumber; }

bool IsCalledByHost(const wasm::TypeStore& types, const wasm::FuncType& signature) {
  return std::ranges::all_of(signature.params,
                             [&](ValType param) {
                               return param != ValType::I64 && param.is_defaultable() &&
                                      !IsException(types, param);
                             }) &&
         std::ranges::none_of(signature.results,
                              [&](ValType result) { return IsException(types, result); });
}

}  // namespace slabhound::testcase
