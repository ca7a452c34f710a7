// Canonical types: iso-recursive recursion groups interned once, so that type equality is an
// integer compare (spec 3.1.5 and 3.3).
//
// 1. Two types have the same TypeId exactly when their recursion groups are equal after rolling,
//    and they stand at the same place in them.
// 2. A supertype has a smaller TypeId than its subtypes; ids are dense from 0 in order of
//    interning.
// 3. Everything the store hands out refers to TypeIds, never to a module's indices.
// It checks nothing: subtype declarations are the validator's to judge. One store serves all
// modules of one run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "wasm/types.h"

namespace slabhound::wasm {

enum class TypeId : uint32_t {};

class TypeStore {
 public:
  // Interns the group `types[first … first+count)` of a module whose earlier types have the ids
  // `ids[0 … first)`. Returns the id of the group's first type; the others follow. Requires: every
  // concrete index in the group is < first + count.
  TypeId AddGroup(std::span<const SubType> types, uint32_t first, uint32_t count,
                  std::span<const TypeId> ids);

  const SubType& operator[](TypeId id) const { return entries_[static_cast<size_t>(id)].type; }
  size_t size() const { return entries_.size(); }

  // Declared supertypes on the path to the root: 0 for a type without one.
  uint32_t Depth(TypeId id) const {
    return static_cast<uint32_t>(entries_[static_cast<size_t>(id)].display.size() - 1);
  }
  // display[d] is the ancestor at depth d; the last is the type itself.
  std::span<const TypeId> Display(TypeId id) const {
    return entries_[static_cast<size_t>(id)].display;
  }

  // The subtype relation, reflexive and transitive, on canonical types (spec 3.3).
  bool IsSubtype(TypeId a, TypeId b) const;
  bool IsSubtype(HeapType a, HeapType b) const;
  bool IsSubtype(ValType a, ValType b) const;
  bool IsSubtype(const FieldType& a, const FieldType& b) const;
  bool IsSubtype(const CompositeType& a, const CompositeType& b) const;

  // The top of a heap type's hierarchy: any, func, extern or exn.
  AbstractHeap Top(HeapType type) const;

 private:
  struct Entry {
    SubType type;
    std::vector<TypeId> display;
  };
  std::vector<Entry> entries_;
  std::map<std::string, TypeId, std::less<>> groups_;  // serialized rolled group -> first id
  Bytes key_;                                          // scratch of AddGroup
};

}  // namespace slabhound::wasm
