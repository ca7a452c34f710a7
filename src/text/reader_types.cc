// Types of the text format (spec 6.4).
#include <algorithm>

#include "text/reader.h"
#include "wasm/limits.h"

namespace slabhound::text {

using wasm::AbstractHeap;
using wasm::ErrorCode;
using wasm::ValType;

namespace {

struct HeapName {
  std::string_view name;
  AbstractHeap heap;
};
constexpr HeapName kHeapNames[] = {
    {"any", AbstractHeap::Any},       {"eq", AbstractHeap::Eq},
    {"i31", AbstractHeap::I31},       {"struct", AbstractHeap::Struct},
    {"array", AbstractHeap::Array},   {"none", AbstractHeap::None},
    {"func", AbstractHeap::Func},     {"nofunc", AbstractHeap::NoFunc},
    {"extern", AbstractHeap::Extern}, {"noextern", AbstractHeap::NoExtern},
    {"exn", AbstractHeap::Exn},       {"noexn", AbstractHeap::NoExn}};
constexpr HeapName kRefNames[] = {
    {"anyref", AbstractHeap::Any},       {"eqref", AbstractHeap::Eq},
    {"i31ref", AbstractHeap::I31},       {"structref", AbstractHeap::Struct},
    {"arrayref", AbstractHeap::Array},   {"nullref", AbstractHeap::None},
    {"funcref", AbstractHeap::Func},     {"nullfuncref", AbstractHeap::NoFunc},
    {"externref", AbstractHeap::Extern}, {"nullexternref", AbstractHeap::NoExtern},
    {"exnref", AbstractHeap::Exn},       {"nullexnref", AbstractHeap::NoExn}};

template <size_t n>
std::optional<AbstractHeap> Find(const HeapName (&names)[n], std::string_view name) {
  const auto* found = std::ranges::find(names, name, &HeapName::name);
  if (found == std::end(names)) return std::nullopt;
  return found->heap;
}

}  // namespace

void Reader::ReadTypes() {
  field_names_.resize(Count(Space::Type));
  while (!in_.AtClose()) {
    if (in_.AtList("type")) {
      module_.rec_groups.push_back({static_cast<uint32_t>(module_.types.size()), 1, false});
      ReadTypeField();
    } else if (in_.TakeList("rec")) {
      wasm::RecGroup group{static_cast<uint32_t>(module_.types.size()), 0, true};
      for (; !in_.AtClose(); ++group.count) ReadTypeField();
      in_.Close();
      module_.rec_groups.push_back(group);
    } else {
      in_.Skip();
    }
  }
}

void Reader::ReadTypeField() {
  if (!in_.TakeList("type")) return in_.Unexpected("(type");
  in_.TakeId();
  const auto index = static_cast<uint32_t>(module_.types.size());
  // Room for the name table even where collecting saw another shape of the group.
  if (field_names_.size() <= index) field_names_.resize(index + 1);
  module_.types.push_back(ReadSubType(index));
  in_.Close();
}

wasm::SubType Reader::ReadSubType(uint32_t index) {
  wasm::SubType type;
  if (in_.TakeList("sub")) {
    type.is_final = in_.TakeWord("final");
    while (AtIndex()) type.supers.push_back(ReadIndex(Space::Type));
    type.composite = ReadComposite(index);
    in_.Close();
  } else {
    type.composite = ReadComposite(index);
  }
  return type;
}

wasm::CompositeType Reader::ReadComposite(uint32_t index) {
  if (in_.TakeList("func")) {
    std::vector<std::string_view> names;
    wasm::FuncType type = ReadSignature(&names);
    in_.Close();
    return type;
  }
  if (in_.TakeList("array")) {
    const wasm::ArrayType type{ReadFieldType()};
    in_.Close();
    return type;
  }
  wasm::StructType type;
  if (!in_.TakeList("struct")) {
    in_.Unexpected("(func, (struct or (array");
    return type;
  }
  while (in_.AtList("field")) {
    const uint32_t offset = in_.offset();
    in_.TakeList("field");
    if (const std::string_view name = in_.TakeId(); !name.empty()) {
      if (!field_names_[index]
               .try_emplace(name, static_cast<uint32_t>(type.fields.size()))
               .second) {
        in_.FailAt(offset, ErrorCode::DuplicateName, fmt::format("duplicate field ${}", name));
      }
      type.fields.push_back(ReadFieldType());
    } else {
      while (!in_.AtClose()) type.fields.push_back(ReadFieldType());
    }
    in_.Close();
  }
  in_.Close();
  return type;
}

wasm::FieldType Reader::ReadFieldType() {
  wasm::FieldType field;
  field.is_mutable = in_.TakeList("mut");
  field.type = ReadStorageType();
  if (field.is_mutable) in_.Close();
  return field;
}

wasm::StorageType Reader::ReadStorageType() {
  if (in_.TakeWord("i8")) return wasm::StorageType::I8;
  if (in_.TakeWord("i16")) return wasm::StorageType::I16;
  return ReadValType();
}

ValType Reader::ReadValType() {
  if (in_.TakeWord("i32")) return ValType::I32;
  if (in_.TakeWord("i64")) return ValType::I64;
  if (in_.TakeWord("f32")) return ValType::F32;
  if (in_.TakeWord("f64")) return ValType::F64;
  if (in_.TakeWord("v128")) return ValType::V128;
  return ReadRefType();
}

bool Reader::AtRefType() const {
  return in_.AtList("ref") ||
         (in_.Peek().kind == TokenKind::Word && Find(kRefNames, in_.Peek().text));
}

ValType Reader::ReadRefType() {
  if (in_.TakeList("ref")) {
    const bool nullable = in_.TakeWord("null");
    const wasm::HeapType heap = ReadHeapType();
    in_.Close();
    return ValType::Ref(heap, nullable);
  }
  if (in_.Peek().kind == TokenKind::Word) {
    if (const auto heap = Find(kRefNames, in_.Peek().text)) {
      in_.Next();
      return ValType::Ref(*heap, true);
    }
  }
  in_.Unexpected("a type");
  return {};
}

wasm::HeapType Reader::ReadHeapType() {
  if (in_.Peek().kind == TokenKind::Word) {
    if (const auto heap = Find(kHeapNames, in_.Peek().text)) {
      in_.Next();
      return *heap;
    }
  }
  if (!AtIndex()) {
    in_.Unexpected("a heap type");
    return {};
  }
  const uint32_t index = ReadIndex(Space::Type);
  if (index > wasm::HeapType::kIndexMax) {
    in_.Fail(ErrorCode::UnknownType, fmt::format("type {}", index));
    return {};
  }
  return wasm::HeapType::Index(index);
}

bool Reader::ReadAddressType() {
  if (in_.TakeWord("i64")) return true;
  in_.TakeWord("i32");
  return false;
}

wasm::Limits Reader::ReadLimits() {
  wasm::Limits limits;
  limits.is_64 = ReadAddressType();
  limits.min = in_.Unsigned(64);
  if (in_.AtNumber()) limits.max = in_.Unsigned(64);
  return limits;
}

wasm::TableType Reader::ReadTableType() {
  wasm::TableType type;
  type.limits = ReadLimits();
  type.element = ReadRefType();
  return type;
}

wasm::GlobalType Reader::ReadGlobalType() {
  wasm::GlobalType type;
  type.is_mutable = in_.TakeList("mut");
  type.type = ReadValType();
  if (type.is_mutable) in_.Close();
  return type;
}

wasm::FuncType Reader::ReadSignature(std::vector<std::string_view>* names) {
  wasm::FuncType type;
  while (in_.TakeList("param")) {
    const std::string_view name =
        in_.Peek().kind == TokenKind::Id && names != nullptr ? in_.TakeId() : std::string_view();
    if (!name.empty()) {
      if (std::ranges::find(*names, name) != names->end()) {
        in_.Fail(ErrorCode::DuplicateName, fmt::format("duplicate local ${}", name));
      }
      names->push_back(name);
      type.params.push_back(ReadValType());
    } else {
      while (!in_.AtClose()) {
        if (names != nullptr) names->push_back({});
        type.params.push_back(ReadValType());
      }
    }
    in_.Close();
  }
  while (in_.TakeList("result")) {
    while (!in_.AtClose()) type.results.push_back(ReadValType());
    in_.Close();
  }
  return type;
}

wasm::TypeIdx Reader::ReadTypeUse(std::vector<std::string_view>* names) {
  std::optional<wasm::TypeIdx> index;
  const uint32_t offset = in_.offset();
  if (in_.TakeList("type")) {
    index = ReadIndex(Space::Type);
    in_.Close();
  }
  const bool is_inline = in_.AtList("param") || in_.AtList("result");
  const wasm::FuncType signature = ReadSignature(names);
  if (!in_.ok()) return 0;
  if (!index) return TypeFor(signature);
  if (is_inline) {
    const auto* declared = *index < module_.types.size()
                               ? std::get_if<wasm::FuncType>(&module_.types[*index].composite)
                               : nullptr;
    if (declared == nullptr || *declared != signature) {
      in_.FailAt(offset, ErrorCode::InlineTypeMismatch,
                 fmt::format("type {} has another signature", *index));
    }
  }
  return *index;
}

// The first type that is just this signature: final, without supertypes, alone in its group; else a
// new one.
wasm::TypeIdx Reader::TypeFor(const wasm::FuncType& signature) {
  for (const wasm::RecGroup& group : module_.rec_groups) {
    if (group.count != 1) continue;
    const wasm::SubType& type = module_.types[group.first];
    const auto* function = std::get_if<wasm::FuncType>(&type.composite);
    if (type.is_final && type.supers.empty() && function != nullptr && *function == signature)
      return group.first;
  }
  const auto index = static_cast<uint32_t>(module_.types.size());
  module_.types.push_back({.is_final = true, .supers = {}, .composite = signature});
  module_.rec_groups.push_back({index, 1, false});
  return index;
}

wasm::BlockType Reader::ReadBlockType() {
  if (in_.AtList("type")) return wasm::BlockType::Index(ReadTypeUse(nullptr));
  const wasm::FuncType signature = ReadSignature(nullptr);
  if (!in_.ok()) return {};
  if (signature.params.empty() && signature.results.empty()) return {};
  if (signature.params.empty() && signature.results.size() == 1) return signature.results[0];
  return wasm::BlockType::Index(TypeFor(signature));
}

}  // namespace slabhound::text
