#include "wasm/type_store.h"

#include <array>

#include "base/check.h"
#include "base/leb128.h"

namespace slabhound::wasm {
namespace {

constexpr uint16_t Bit(AbstractHeap heap) {
  return static_cast<uint16_t>(1u << static_cast<unsigned>(heap));
}

// For each abstract heap type, the set of abstract heap types it is a subtype of (spec 3.3.3).
constexpr std::array<uint16_t, kAbstractHeapCount> kAbstractSupers = [] {
  using enum AbstractHeap;
  std::array<uint16_t, kAbstractHeapCount> supers{};
  const auto set = [&](AbstractHeap heap, std::initializer_list<AbstractHeap> above) {
    uint16_t bits = Bit(heap);
    for (const AbstractHeap other : above) bits = static_cast<uint16_t>(bits | Bit(other));
    supers[static_cast<size_t>(heap)] = bits;
  };
  set(NoExn, {Exn});
  set(NoFunc, {Func});
  set(NoExtern, {Extern});
  set(None, {I31, Struct, Array, Eq, Any});
  set(Func, {});
  set(Extern, {});
  set(Any, {});
  set(Eq, {Any});
  set(I31, {Eq, Any});
  set(Struct, {Eq, Any});
  set(Array, {Eq, Any});
  set(Exn, {});
  return supers;
}();

constexpr bool IsAbstractSubtype(AbstractHeap a, AbstractHeap b) {
  return (kAbstractSupers[static_cast<size_t>(a)] & Bit(b)) != 0;
}

// The abstract heap type directly above all composite types of this kind.
AbstractHeap KindOf(const CompositeType& type) {
  constexpr std::array kKinds = {AbstractHeap::Func, AbstractHeap::Struct, AbstractHeap::Array};
  return kKinds[type.index()];
}

// The bottom of the hierarchy that contains composite types of this kind.
AbstractHeap BottomOf(const CompositeType& type) {
  return std::holds_alternative<FuncType>(type) ? AbstractHeap::NoFunc : AbstractHeap::None;
}

// Rewrites the indices of one group, as the module wrote them, in another name space.
class Rewriter {
 public:
  Rewriter(uint32_t first, std::span<const TypeId> ids) : first_(first), ids_(ids) {}

  // Rolled: an index into the group itself is 2i + 1, an earlier type 2 * id. No two types collide.
  uint64_t Rolled(uint32_t index) const {
    if (index >= first_) return 2 * uint64_t{index - first_} + 1;
    return 2 * uint64_t{static_cast<uint32_t>(ids_[index])};
  }
  // Canonical, once the group's first type has the id `base`.
  uint32_t Canonical(uint32_t index, uint32_t base) const {
    return index >= first_ ? base + (index - first_) : static_cast<uint32_t>(ids_[index]);
  }

 private:
  uint32_t first_;
  std::span<const TypeId> ids_;
};

void AppendWord(Bytes& key, uint64_t word) { AppendUnsignedLeb(key, word); }

void AppendValType(Bytes& key, ValType type, const Rewriter& rewriter) {
  AppendWord(key, static_cast<uint64_t>(type.kind()));
  if (!type.is_ref()) return;
  const HeapType heap = type.heap();
  // Abstract and concrete heap types, nullable or not: two bits keep them apart.
  AppendWord(key, (type.nullable() ? 1u : 0u) | (heap.is_index() ? 2u : 0u));
  AppendWord(key, heap.is_index() ? rewriter.Rolled(heap.index())
                                  : static_cast<uint64_t>(heap.abstract()));
}

void AppendField(Bytes& key, const FieldType& field, const Rewriter& rewriter) {
  AppendWord(key, field.is_mutable ? 1 : 0);
  AppendValType(key, field.type, rewriter);
}

// A serialization that determines the type: every list is preceded by its length.
void AppendSubType(Bytes& key, const SubType& type, const Rewriter& rewriter) {
  AppendWord(key, type.is_final ? 1 : 0);
  AppendWord(key, type.supers.size());
  for (const uint32_t super : type.supers) AppendWord(key, rewriter.Rolled(super));
  AppendWord(key, type.composite.index());
  if (const auto* func = std::get_if<FuncType>(&type.composite)) {
    AppendWord(key, func->params.size());
    for (const ValType param : func->params) AppendValType(key, param, rewriter);
    AppendWord(key, func->results.size());
    for (const ValType result : func->results) AppendValType(key, result, rewriter);
  } else if (const auto* structure = std::get_if<StructType>(&type.composite)) {
    AppendWord(key, structure->fields.size());
    for (const FieldType& field : structure->fields) AppendField(key, field, rewriter);
  } else {
    AppendField(key, std::get<ArrayType>(type.composite).element, rewriter);
  }
}

StorageType Canonical(StorageType type, const Rewriter& rewriter, uint32_t base) {
  if (!type.is_ref() || !type.heap().is_index()) return type;
  const uint32_t id = rewriter.Canonical(type.heap().index(), base);
  return ValType::Ref(HeapType::Index(id), type.nullable());
}

SubType Canonical(const SubType& type, const Rewriter& rewriter, uint32_t base) {
  SubType result = type;
  for (uint32_t& super : result.supers) super = rewriter.Canonical(super, base);
  if (auto* func = std::get_if<FuncType>(&result.composite)) {
    for (ValType& param : func->params) param = Canonical(StorageType(param), rewriter, base);
    for (ValType& value : func->results) value = Canonical(StorageType(value), rewriter, base);
  } else if (auto* structure = std::get_if<StructType>(&result.composite)) {
    for (FieldType& field : structure->fields) field.type = Canonical(field.type, rewriter, base);
  } else {
    FieldType& element = std::get<ArrayType>(result.composite).element;
    element.type = Canonical(element.type, rewriter, base);
  }
  return result;
}

}  // namespace

TypeId TypeStore::AddGroup(std::span<const SubType> types, uint32_t first, uint32_t count,
                           std::span<const TypeId> ids) {
  CHECK(first + size_t{count} <= types.size() && ids.size() >= first);
  const Rewriter rewriter(first, ids);
  key_.clear();
  AppendWord(key_, count);
  for (uint32_t i = 0; i < count; ++i) AppendSubType(key_, types[first + i], rewriter);

  const auto found = groups_.find(AsText(key_));
  if (found != groups_.end()) return found->second;
  const auto base = static_cast<uint32_t>(entries_.size());
  CHECK(entries_.size() + count <= HeapType::kIndexMax);
  for (uint32_t i = 0; i < count; ++i) {
    const TypeId id{base + i};
    Entry entry{.type = Canonical(types[first + i], rewriter, base), .display = {}};
    // A forward supertype is invalid and no part of the display; the validator says so.
    if (!entry.type.supers.empty() && entry.type.supers[0] < base + i) {
      const std::span<const TypeId> above = Display(TypeId{entry.type.supers[0]});
      entry.display.reserve(above.size() + 1);
      entry.display.assign(above.begin(), above.end());
    }
    entry.display.push_back(id);
    entries_.push_back(std::move(entry));
  }
  groups_.emplace(AsText(key_), TypeId{base});
  return TypeId{base};
}

bool TypeStore::IsSubtype(TypeId a, TypeId b) const {
  if (a == b) return true;
  const std::span<const TypeId> display = Display(a);
  const uint32_t depth = Depth(b);
  return depth < display.size() && display[depth] == b;
}

bool TypeStore::IsSubtype(HeapType a, HeapType b) const {
  if (a == b) return true;
  if (a.is_index() && b.is_index()) return IsSubtype(TypeId{a.index()}, TypeId{b.index()});
  if (a.is_index()) {
    return IsAbstractSubtype(KindOf((*this)[TypeId{a.index()}].composite), b.abstract());
  }
  if (b.is_index()) return a.Is(BottomOf((*this)[TypeId{b.index()}].composite));
  return IsAbstractSubtype(a.abstract(), b.abstract());
}

bool TypeStore::IsSubtype(ValType a, ValType b) const {
  if (a == b || a.kind() == TypeKind::Bottom) return true;
  if (!a.is_ref() || !b.is_ref()) return false;
  return (b.nullable() || !a.nullable()) && IsSubtype(a.heap(), b.heap());
}

bool TypeStore::IsSubtype(const FieldType& a, const FieldType& b) const {
  if (a.is_mutable != b.is_mutable) return false;
  if (a.is_mutable) return a.type == b.type;
  return IsSubtype(static_cast<ValType>(a.type), static_cast<ValType>(b.type));
}

bool TypeStore::IsSubtype(const CompositeType& a, const CompositeType& b) const {
  if (a.index() != b.index()) return false;
  if (const auto* func = std::get_if<FuncType>(&a)) {
    const auto& super = std::get<FuncType>(b);
    if (func->params.size() != super.params.size() ||
        func->results.size() != super.results.size()) {
      return false;
    }
    for (size_t i = 0; i < func->params.size(); ++i) {
      if (!IsSubtype(super.params[i], func->params[i])) return false;
    }
    for (size_t i = 0; i < func->results.size(); ++i) {
      if (!IsSubtype(func->results[i], super.results[i])) return false;
    }
    return true;
  }
  if (const auto* structure = std::get_if<StructType>(&a)) {
    const auto& super = std::get<StructType>(b);
    if (structure->fields.size() < super.fields.size()) return false;
    for (size_t i = 0; i < super.fields.size(); ++i) {
      if (!IsSubtype(structure->fields[i], super.fields[i])) return false;
    }
    return true;
  }
  return IsSubtype(std::get<ArrayType>(a).element, std::get<ArrayType>(b).element);
}

AbstractHeap TypeStore::Top(HeapType type) const {
  const AbstractHeap kind =
      type.is_index() ? KindOf((*this)[TypeId{type.index()}].composite) : type.abstract();
  for (const AbstractHeap top : {AbstractHeap::Func, AbstractHeap::Extern, AbstractHeap::Exn}) {
    if (IsAbstractSubtype(kind, top)) return top;
  }
  return AbstractHeap::Any;
}

}  // namespace slabhound::wasm
