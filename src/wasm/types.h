// The types of the specification's chapter 2.3: heap, value, storage and composite types, as
// written in a module.
//
// 1. HeapType, ValType, StorageType and BlockType are one 32-bit word each, comparable and hashable
//    by `bits`.
// 2. A concrete heap type holds an index. In a decoded Module it is the module's type index; in
//    anything that a TypeStore hands out it is a canonical TypeId. Functions say which they take;
//    nothing converts silently.
// 3. v128 is a type like a number's, with bits of its own: two words instead of one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace slabhound::wasm {

using TypeIdx = uint32_t;

// Abstract heap types, in the order of their binary codes descending from 0x74 (spec 5.3.3).
enum class AbstractHeap : uint8_t {
  NoExn,
  NoFunc,
  NoExtern,
  None,
  Func,
  Extern,
  Any,
  Eq,
  I31,
  Struct,
  Array,
  Exn
};
inline constexpr uint8_t kAbstractHeapCount = 12;

class HeapType {
 public:
  static constexpr uint32_t kIndexMax = (1u << 26) - 1;

  constexpr HeapType() : HeapType(AbstractHeap::Any) {}
  constexpr HeapType(AbstractHeap heap) : code_(kAbstractBase + static_cast<uint32_t>(heap)) {}
  static constexpr HeapType Index(uint32_t index) { return HeapType(index, 0); }
  static constexpr HeapType FromCode(uint32_t code) { return HeapType(code, 0); }

  constexpr uint32_t code() const { return code_; }
  constexpr bool is_index() const { return code_ < kAbstractBase; }
  constexpr uint32_t index() const { return code_; }  // Requires: is_index().
  constexpr AbstractHeap abstract() const {
    return static_cast<AbstractHeap>(code_ - kAbstractBase);
  }
  constexpr bool Is(AbstractHeap heap) const { return code_ == HeapType(heap).code_; }
  friend constexpr auto operator<=>(HeapType, HeapType) = default;

 private:
  static constexpr uint32_t kAbstractBase = kIndexMax + 1;
  constexpr HeapType(uint32_t code, int) : code_(code) {}
  uint32_t code_;
};

// Bottom is the validator's type of an unreachable operand; I8 and I16 occur only in StorageType.
enum class TypeKind : uint8_t {
  I32,
  I64,
  F32,
  F64,
  Ref,
  Bottom,
  I8,
  I16,
  BlockIndex,
  BlockEmpty,
  V128
};

class StorageType;

class ValType {
 public:
  constexpr ValType() : bits_(0) {}
  static const ValType I32, I64, F32, F64, V128, Bottom;
  static constexpr ValType Ref(HeapType heap, bool nullable) {
    return ValType((static_cast<uint32_t>(TypeKind::Ref) << kKindShift) |
                   (nullable ? kNullableBit : 0u) | heap.code());
  }
  static constexpr ValType FromBits(uint32_t bits) { return ValType(bits); }

  constexpr uint32_t bits() const { return bits_; }
  constexpr TypeKind kind() const { return static_cast<TypeKind>(bits_ >> kKindShift); }
  constexpr bool is_ref() const { return kind() == TypeKind::Ref; }
  constexpr bool is_number() const { return kind() <= TypeKind::F64; }
  constexpr bool is_vector() const { return kind() == TypeKind::V128; }
  // The rest requires: is_ref().
  constexpr bool nullable() const { return (bits_ & kNullableBit) != 0; }
  constexpr HeapType heap() const { return HeapType::FromCode(bits_ & (kNullableBit - 1)); }
  constexpr ValType WithNullable(bool nullable) const { return Ref(heap(), nullable); }
  // Has a default value: numbers, vectors and nullable references (spec 3.2, defaultability).
  constexpr bool is_defaultable() const { return !is_ref() || nullable(); }
  friend constexpr auto operator<=>(ValType, ValType) = default;

 protected:
  friend class BlockType;
  static constexpr unsigned kKindShift = 28;
  static constexpr uint32_t kNullableBit = 1u << 27;
  constexpr explicit ValType(uint32_t bits) : bits_(bits) {}
  constexpr explicit ValType(TypeKind kind) : bits_(static_cast<uint32_t>(kind) << kKindShift) {}
  uint32_t bits_;
};

inline constexpr ValType ValType::I32{TypeKind::I32}, ValType::I64{TypeKind::I64},
    ValType::F32{TypeKind::F32}, ValType::F64{TypeKind::F64}, ValType::V128{TypeKind::V128},
    ValType::Bottom{TypeKind::Bottom};

// A value type or a packed one.
class StorageType : public ValType {
 public:
  constexpr StorageType() = default;
  constexpr StorageType(ValType type) : ValType(type) {}
  static const StorageType I8, I16;
  constexpr bool is_packed() const { return kind() == TypeKind::I8 || kind() == TypeKind::I16; }
  constexpr ValType Unpacked() const {
    return is_packed() ? ValType::I32 : static_cast<const ValType&>(*this);
  }

 private:
  constexpr explicit StorageType(TypeKind kind) : ValType(kind) {}
};
inline constexpr StorageType StorageType::I8{TypeKind::I8}, StorageType::I16{TypeKind::I16};

// Bytes of a field or array element in data segments. Requires: not a reference.
constexpr uint32_t StorageBytes(StorageType type) {
  switch (type.kind()) {
    case TypeKind::I8:
      return 1;
    case TypeKind::I16:
      return 2;
    case TypeKind::I32:
    case TypeKind::F32:
      return 4;
    case TypeKind::V128:
      return 16;
    default:
      return 8;
  }
}

// The type of a block: nothing, one result, or a function type by index.
class BlockType {
 public:
  constexpr BlockType()
      : bits_(static_cast<uint32_t>(TypeKind::BlockEmpty) << ValType::kKindShift) {}
  constexpr BlockType(ValType result) : bits_(result.bits()) {}
  static constexpr BlockType Index(TypeIdx index) {
    return FromBits((static_cast<uint32_t>(TypeKind::BlockIndex) << ValType::kKindShift) | index);
  }
  static constexpr BlockType FromBits(uint32_t bits) {
    BlockType type;
    type.bits_ = bits;
    return type;
  }
  constexpr uint32_t bits() const { return bits_; }
  constexpr bool is_empty() const { return *this == BlockType(); }
  constexpr bool is_index() const {
    return ValType::FromBits(bits_).kind() == TypeKind::BlockIndex;
  }
  constexpr TypeIdx index() const { return bits_ & HeapType::kIndexMax; }  // Requires: is_index().
  // Requires: neither empty nor index.
  constexpr ValType result() const { return ValType::FromBits(bits_); }
  friend constexpr auto operator<=>(BlockType, BlockType) = default;

 private:
  uint32_t bits_;
};

struct FieldType {
  StorageType type;
  bool is_mutable = false;
  friend auto operator<=>(const FieldType&, const FieldType&) = default;
};

struct FuncType {
  std::vector<ValType> params, results;
  friend bool operator==(const FuncType&, const FuncType&) = default;
};
struct StructType {
  std::vector<FieldType> fields;
  friend bool operator==(const StructType&, const StructType&) = default;
};
struct ArrayType {
  FieldType element;
  friend bool operator==(const ArrayType&, const ArrayType&) = default;
};
using CompositeType = std::variant<FuncType, StructType, ArrayType>;

struct SubType {
  bool is_final = true;
  std::vector<uint32_t> supers;  // the grammar allows many, validation at most one
  CompositeType composite;
  friend bool operator==(const SubType&, const SubType&) = default;
};

// Text of a type as the text format writes it; concrete heap types print as their index.
std::string TypeText(HeapType type);
std::string TypeText(ValType type);
std::string TypeText(StorageType type);

}  // namespace slabhound::wasm
