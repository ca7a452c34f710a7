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

struct CollectionRow {
  std::string_view module, name;
};
constexpr CollectionRow kCollections[] = {
#define SLABHOUND_IMPORT(...)
#define SLABHOUND_COLLECTION(module, name) {module, name},
#include "testcase/imports.def"
};
constexpr std::string_view kCollectionNames[] = {
#define SLABHOUND_IMPORT(...)
#define SLABHOUND_COLLECTION_NAME(name) name,
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
  const bool collects = std::ranges::any_of(kCollections, [&](const CollectionRow& row) {
    return row.name == name && row.module == module;
  });
  return collects && signature == wasm::FuncType() ? Meaning::Gc : Meaning::Log;
}

bool ForcesCollection(const wasm::Import& import, const wasm::Module& module) {
  const auto* function = std::get_if<wasm::FuncRef>(&import.type);
  if (function == nullptr || function->type >= module.types.size()) return false;
  const auto* signature = std::get_if<wasm::FuncType>(&module.types[function->type].composite);
  // Without parameters and results every type is canonical.
  return signature != nullptr && *signature == wasm::FuncType() &&
         FindMeaning(import.module, import.name, *signature) == Meaning::Gc;
}

bool CollectsInScripts(const wasm::Import& import, const wasm::Module& module) {
  return import.module == kCollectModule && import.name == kCollectName &&
         ForcesCollection(import, module);
}

bool LooksLikeCollection(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '-' && c != '_') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return std::ranges::find(kCollectionNames, plain) != std::end(kCollectionNames);
}

std::string CollectionImports() {
  std::string text;
  for (const CollectionRow& row : kCollections) {
    text += (text.empty() ? "\"" : ", \"") + std::string(row.module) + "\" \"" +
            std::string(row.name) + '"';
  }
  return text;
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

uint64_t NumberOf(ValType type, const PlainValue& value) {
  // 0 is null where null is allowed: the first number of that object beyond it.
  if (value.bits == 0 && type.is_ref() && type.nullable()) {
    if (value.kind == PlainKind::I31) return uint64_t{1} << 31;
    if (value.kind == PlainKind::Host) return uint64_t{1} << 8;
  }
  return value.bits;
}

uint64_t PlainNumber(ValType type, uint64_t number) {
  const auto value = ValueOf(type, number);
  return value ? NumberOf(type, *value) : number;
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
