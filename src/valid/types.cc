#include "valid/types.h"

#include <fmt/format.h>

#include "base/check.h"
#include "valid/module_context.h"
#include "wasm/limits.h"

namespace slabhound::valid {
namespace {

using wasm::ErrorCode;

uint32_t OffsetOf(const wasm::Module& module, uint32_t index) {
  return index < module.type_offsets.size() ? module.type_offsets[index] : 0;
}

std::string NameOf(const wasm::Module& module, uint32_t index) {
  return wasm::IndexText(module.names.get(), wasm::IndexSpace::Type, index);
}

// Whether every concrete index of `type` is below `limit`.
bool InRange(wasm::ValType type, uint32_t limit) {
  return !type.is_ref() || !type.heap().is_index() || type.heap().index() < limit;
}

bool InRange(const wasm::CompositeType& type, uint32_t limit) {
  if (const auto* func = std::get_if<wasm::FuncType>(&type)) {
    for (const wasm::ValType param : func->params) {
      if (!InRange(param, limit)) return false;
    }
    for (const wasm::ValType result : func->results) {
      if (!InRange(result, limit)) return false;
    }
    return true;
  }
  if (const auto* structure = std::get_if<wasm::StructType>(&type)) {
    for (const wasm::FieldType& field : structure->fields) {
      if (!InRange(field.type, limit)) return false;
    }
    return true;
  }
  return InRange(std::get<wasm::ArrayType>(type).element.type, limit);
}

bool WithinLimits(const wasm::CompositeType& type) {
  if (const auto* func = std::get_if<wasm::FuncType>(&type)) {
    return func->params.size() <= wasm::limits::kParamsMax &&
           func->results.size() <= wasm::limits::kResultsMax;
  }
  if (const auto* structure = std::get_if<wasm::StructType>(&type)) {
    return structure->fields.size() <= wasm::limits::kStructFieldsMax;
  }
  return true;
}

// The rules that must hold before a group can be interned; `depths` gets the type's subtyping
// depth.
Result<void, wasm::Error> CheckShape(const wasm::Module& module, uint32_t index, uint32_t limit,
                                     std::vector<uint32_t>& depths) {
  const wasm::SubType& type = module.types[index];
  const uint32_t offset = OffsetOf(module, index);
  if (!InRange(type.composite, limit)) {
    return Invalid(ErrorCode::UnknownType, offset, "in type " + NameOf(module, index));
  }
  if (!WithinLimits(type.composite)) {
    return Invalid(ErrorCode::LimitExceeded, offset, "size of type " + NameOf(module, index));
  }
  uint32_t depth = 0;
  if (type.supers.size() > 1) {
    return Invalid(ErrorCode::BadSubType, offset,
                   fmt::format("type {} has more than one supertype", NameOf(module, index)));
  }
  if (!type.supers.empty()) {
    const uint32_t super = type.supers[0];
    if (super >= limit) {
      return Invalid(ErrorCode::UnknownType, offset, "supertype of type " + NameOf(module, index));
    }
    if (super >= index) {
      return Invalid(ErrorCode::BadSubType, offset,
                     fmt::format("type {} uses its supertype {} before its definition",
                                 NameOf(module, index), NameOf(module, super)));
    }
    depth = depths[super] + 1;
    if (depth > wasm::limits::kSubtypingDepthMax) {
      return Invalid(ErrorCode::LimitExceeded, offset,
                     "subtyping depth of type " + NameOf(module, index));
    }
  }
  depths.push_back(depth);
  return {};
}

// The declared supertype is open and matched (spec 3.2.10).
Result<void, wasm::Error> CheckSuper(const wasm::Module& module, uint32_t index,
                                     const wasm::TypeStore& types, wasm::TypeId id) {
  const wasm::SubType& type = types[id];
  if (type.supers.empty()) return {};
  const wasm::SubType& super = types[wasm::TypeId{type.supers[0]}];
  const auto super_name = [&] { return NameOf(module, module.types[index].supers[0]); };
  if (super.is_final) {
    return Invalid(
        ErrorCode::BadSubType, OffsetOf(module, index),
        fmt::format("the supertype {} of type {} is final", super_name(), NameOf(module, index)));
  }
  if (!types.IsSubtype(type.composite, super.composite)) {
    return Invalid(ErrorCode::BadSubType, OffsetOf(module, index),
                   fmt::format("type {} does not match its supertype {}", NameOf(module, index),
                               super_name()));
  }
  return {};
}

}  // namespace

Result<void, wasm::Error> ValidateTypes(const wasm::Module& module, ValidModule& valid) {
  std::vector<uint32_t> depths;
  depths.reserve(module.types.size());
  valid.type_ids.reserve(module.types.size());
  for (const wasm::RecGroup& group : module.rec_groups) {
    CHECK(group.first == valid.type_ids.size() &&
          group.count <= module.types.size() - valid.type_ids.size());
    const uint32_t limit = group.first + group.count;
    for (uint32_t i = group.first; i < limit; ++i) TRY(CheckShape(module, i, limit, depths));
    if (group.count == 0) continue;
    const wasm::TypeId base =
        valid.types->AddGroup(module.types, group.first, group.count, valid.type_ids);
    for (uint32_t i = 0; i < group.count; ++i) {
      valid.type_ids.push_back(wasm::TypeId{static_cast<uint32_t>(base) + i});
    }
    for (uint32_t i = group.first; i < limit; ++i) {
      TRY(CheckSuper(module, i, *valid.types, valid.type_ids[i]));
    }
  }
  CHECK(valid.type_ids.size() == module.types.size());
  return {};
}

}  // namespace slabhound::valid
