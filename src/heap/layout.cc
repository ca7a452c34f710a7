#include "heap/layout.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "heap/active_fault.h"

namespace slabhound::heap {
namespace {

uint32_t CountedSize(wasm::StorageType type) {
  return type.is_ref() ? 8 : wasm::StorageBytes(type);
}

// Appends fields from `offset` on, each at a multiple of its size.
template <typename Fields, typename TypeOf>
void Place(const wasm::TypeStore& types, const Fields& fields, TypeOf type_of, Layout& layout) {
  uint32_t offset = kHeaderBytes;
  for (const auto& field : fields) {
    const wasm::StorageType type = type_of(field);
    const uint32_t size = StorageSize(type);
    offset = (offset + size - 1) / size * size;
    layout.fields.push_back({offset, size, type});
    layout.counted_bytes += CountedSize(type);
    if (IsTraced(types, type)) layout.refs.push_back(offset);
    offset += size;
  }
  layout.bytes = offset;
}

// The fault: the fields of a struct placed by falling size. Whether a supertype's are elsewhere.
bool PlaceBySize(const wasm::TypeStore& types, wasm::TypeId type, Layout& layout) {
  const auto sorted = [&types](wasm::TypeId id) {
    const auto& fields = std::get<wasm::StructType>(types[id].composite).fields;
    std::vector<uint32_t> order(fields.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {},
                      [&](uint32_t i) { return std::pair(8 - StorageSize(fields[i].type), i); });
    Layout placed;
    Place(types, order, [&](uint32_t i) { return fields[i].type; }, placed);
    const std::vector<FieldLayout> in_order = placed.fields;
    for (size_t i = 0; i < order.size(); ++i) placed.fields[order[i]] = in_order[i];
    return placed;
  };
  layout = sorted(type);
  const auto& supers = types[type].supers;
  if (supers.empty()) return false;
  const Layout above = sorted(static_cast<wasm::TypeId>(supers.front()));
  return !std::ranges::equal(above.fields, std::span(layout.fields).first(above.fields.size()), {},
                             &FieldLayout::offset, &FieldLayout::offset);
}

}  // namespace

uint32_t StorageSize(wasm::StorageType type) {
  return type.is_ref() || type.is_vector() ? 8 : wasm::StorageBytes(type);
}

bool IsTraced(const wasm::TypeStore& types, wasm::StorageType type) {
  return type.is_ref() && types.Top(type.heap()) != wasm::AbstractHeap::Func;
}

Layout LayoutOf(const wasm::TypeStore& types, wasm::TypeId type, Fault fault) {
  Layout layout;
  const wasm::CompositeType& composite = types[type].composite;
  if (const auto* structure = std::get_if<wasm::StructType>(&composite)) {
    if (Injected(fault, Fault::LayoutSortBreaksPrefix)) {
      Active(fault, Fault::LayoutSortBreaksPrefix, PlaceBySize(types, type, layout));
      return layout;
    }
    Place(
        types, structure->fields, [](const wasm::FieldType& field) { return field.type; }, layout);
    return layout;
  }
  const auto* array = std::get_if<wasm::ArrayType>(&composite);
  CHECK(array != nullptr);
  layout.is_array = true;
  layout.bytes = kHeaderBytes;
  layout.element_bytes = StorageSize(array->element.type);
  layout.counted_bytes = CountedSize(array->element.type);
  layout.fields.push_back({kHeaderBytes, layout.element_bytes, array->element.type});
  if (IsTraced(types, array->element.type)) layout.refs.push_back(kHeaderBytes);
  return layout;
}

Layout ExceptionLayout(const wasm::TypeStore& types, wasm::TypeId tag_type) {
  Layout layout;
  const auto& function = std::get<wasm::FuncType>(types[tag_type].composite);
  Place(types, function.params, [](wasm::ValType type) { return wasm::StorageType(type); }, layout);
  return layout;
}

const Layout& LayoutTable::Make(wasm::TypeId type) {
  const auto index = static_cast<size_t>(type);
  if (index >= layouts_.size()) layouts_.resize(types_->size());
  layouts_[index] = LayoutOf(*types_, type, fault_);
  return layouts_[index];
}

}  // namespace slabhound::heap
