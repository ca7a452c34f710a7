// Where the fields of an object are, and which of them hold references.
//
// 1. An object is a header of kHeaderBytes and a payload. A field stands at the next multiple of
//    its size in declaration order, so a subtype has its supertype's fields at the supertype's
//    offsets.
// 2. References take 8 bytes; packed fields 1 or 2; a v128 the 8 bytes of the number that stands
//    for it (exec/vectors.h).
// 3. `refs` lists every field whose word the collector follows: all references but function
//    references.
#pragma once

#include <cstdint>
#include <vector>

#include "heap/fault.h"
#include "wasm/type_store.h"

namespace slabhound::heap {

inline constexpr uint32_t kHeaderBytes = 8;

enum class ObjectKind : uint8_t { Struct, Array, Exn };

// The first bytes of every object.
struct Header {
  uint32_t type : 30;  // canonical TypeId; of an exception, its tag's address
  uint32_t kind : 2;   // ObjectKind
  uint32_t length;     // elements of an array; fields of the others
};
static_assert(sizeof(Header) == kHeaderBytes);

struct FieldLayout {
  uint32_t offset = 0;  // from the start of the object
  uint32_t bytes = 0;   // 1, 2, 4 or 8
  wasm::StorageType type;
};

struct Layout {
  bool is_array = false;
  std::vector<FieldLayout>
      fields;  // of a struct or an exception; of an array, its one element type at offset 8
  std::vector<uint32_t> refs;  // offsets; of an array, 8 when its elements are followed
  uint32_t bytes = 0;          // header and payload; of an array without elements
  uint32_t element_bytes = 0;  // arrays
  // What object_bytes_max counts: all fields, or an array's element.
  uint32_t counted_bytes = 0;

  // The field, or the element, at an index.
  const FieldLayout& FieldAt(uint32_t index) const { return fields[is_array ? 0 : index]; }
  uint64_t OffsetAt(uint32_t index) const {
    return is_array ? kHeaderBytes + uint64_t{index} * element_bytes : fields[index].offset;
  }
};

// Bytes a value of this type takes in an object: 1, 2, 4 or 8.
uint32_t StorageSize(wasm::StorageType type);
// Whether the collector follows such a field.
bool IsTraced(const wasm::TypeStore& types, wasm::StorageType type);

Layout LayoutOf(const wasm::TypeStore& types, wasm::TypeId type, Fault fault = Fault::None);
// The layout of an exception: its tag's parameters as fields.
Layout ExceptionLayout(const wasm::TypeStore& types, wasm::TypeId tag_type);

// Layouts by TypeId and by tag, made when first asked for.
class LayoutTable {
 public:
  explicit LayoutTable(const wasm::TypeStore& types, Fault fault = Fault::None)
      : types_(&types), fault_(fault) {}
  const Layout& Of(wasm::TypeId type) {
    const auto index = static_cast<size_t>(type);
    if (index < layouts_.size() && layouts_[index].bytes != 0) [[likely]]
      return layouts_[index];
    return Make(type);
  }
  // Whether an object with such a header may have been made.
  bool IsMade(const Header& header) const {
    return static_cast<ObjectKind>(header.kind) == ObjectKind::Exn
               ? header.type < tags_.size()
               : header.type < layouts_.size() && layouts_[header.type].bytes != 0;
  }
  void AddTag(wasm::TypeId tag_type) { tags_.push_back(ExceptionLayout(*types_, tag_type)); }
  // Forgets the last tags. Requires: no exception of theirs was made.
  void TruncateTags(size_t count) { tags_.resize(count); }
  const Layout& OfTag(uint32_t tag) const { return tags_[tag]; }
  uint32_t tag_count() const { return static_cast<uint32_t>(tags_.size()); }
  const wasm::TypeStore& types() const { return *types_; }

 private:
  const Layout& Make(wasm::TypeId type);
  const wasm::TypeStore* types_;
  Fault fault_;
  std::vector<Layout> layouts_;  // those that were made have bytes
  std::vector<Layout> tags_;
};

}  // namespace slabhound::heap
