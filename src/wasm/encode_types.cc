#include "wasm/encode_types.h"

#include "base/check.h"
#include "base/leb128.h"
#include "wasm/sections.h"
#include "wasm/type_codes.h"

namespace slabhound::wasm {
namespace {

void AppendField(Bytes& out, const FieldType& field) {
  AppendValType(out, field.type);
  out.push_back(field.is_mutable ? 1 : 0);
}

void AppendResultType(Bytes& out, const std::vector<ValType>& types) {
  AppendUnsignedLeb(out, types.size());
  for (const ValType type : types) AppendValType(out, type);
}

struct CompositeAppender {
  Bytes& out;
  void operator()(const FuncType& type) const {
    out.push_back(kFuncCode);
    AppendResultType(out, type.params);
    AppendResultType(out, type.results);
  }
  void operator()(const StructType& type) const {
    out.push_back(kStructCode);
    AppendUnsignedLeb(out, type.fields.size());
    for (const FieldType& field : type.fields) AppendField(out, field);
  }
  void operator()(const ArrayType& type) const {
    out.push_back(kArrayCode);
    AppendField(out, type.element);
  }
};

void AppendSubType(Bytes& out, const SubType& type) {
  // A final type without supertypes has the bare form.
  if (!type.is_final || !type.supers.empty()) {
    out.push_back(type.is_final ? kSubFinalCode : kSubCode);
    AppendUnsignedLeb(out, type.supers.size());
    for (const uint32_t super : type.supers) AppendUnsignedLeb(out, super);
  }
  std::visit(CompositeAppender{out}, type.composite);
}

}  // namespace

void AppendHeapType(Bytes& out, HeapType type) {
  if (type.is_index()) {
    AppendSignedLeb(out, type.index());
  } else {
    out.push_back(CodeOf(type.abstract()));
  }
}

void AppendValType(Bytes& out, ValType type) {
  switch (type.kind()) {
    case TypeKind::I32:
      return out.push_back(kI32Code);
    case TypeKind::I64:
      return out.push_back(kI64Code);
    case TypeKind::F32:
      return out.push_back(kF32Code);
    case TypeKind::F64:
      return out.push_back(kF64Code);
    case TypeKind::V128:
      return out.push_back(kV128Code);
    case TypeKind::I8:
      return out.push_back(kI8Code);
    case TypeKind::I16:
      return out.push_back(kI16Code);
    case TypeKind::Ref:
      // A nullable abstract type is its heap type's byte alone.
      if (!type.nullable() || type.heap().is_index())
        out.push_back(type.nullable() ? kRefNullCode : kRefCode);
      return AppendHeapType(out, type.heap());
    case TypeKind::Bottom:
    case TypeKind::BlockIndex:
    case TypeKind::BlockEmpty:
      break;
  }
  UNREACHABLE();
}

void AppendBlockType(Bytes& out, BlockType type) {
  if (type.is_empty()) {
    out.push_back(kEmptyBlockCode);
  } else if (type.is_index()) {
    AppendSignedLeb(out, type.index());
  } else {
    AppendValType(out, type.result());
  }
}

void AppendLimits(Bytes& out, const Limits& limits) {
  out.push_back(static_cast<uint8_t>((limits.max ? 1 : 0) | (limits.is_64 ? 4 : 0)));
  AppendUnsignedLeb(out, limits.min);
  if (limits.max) AppendUnsignedLeb(out, *limits.max);
}

void AppendTableType(Bytes& out, const TableType& type) {
  AppendValType(out, type.element);
  AppendLimits(out, type.limits);
}

void AppendGlobalType(Bytes& out, const GlobalType& type) {
  AppendValType(out, type.type);
  out.push_back(type.is_mutable ? 1 : 0);
}

void AppendTagType(Bytes& out, const TagType& type) {
  out.push_back(0);
  AppendUnsignedLeb(out, type.type);
}

void AppendTypeSection(Bytes& out, const Module& module) {
  if (module.rec_groups.empty()) return;
  Bytes content;
  AppendUnsignedLeb(content, module.rec_groups.size());
  for (const RecGroup& group : module.rec_groups) {
    if (group.is_explicit || group.count != 1) {
      content.push_back(kRecCode);
      AppendUnsignedLeb(content, group.count);
    }
    for (uint32_t i = 0; i < group.count; ++i)
      AppendSubType(content, module.types[group.first + i]);
  }
  out.push_back(kTypeSection);
  AppendUnsignedLeb(out, content.size());
  out.insert(out.end(), content.begin(), content.end());
}

}  // namespace slabhound::wasm
