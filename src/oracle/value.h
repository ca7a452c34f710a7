// A runtime value of the specification (4.2.1 to 4.2.3) that carries its own type.
//
// 1. A number or vector knows which of the five it is; reading it as another aborts (CHECK).
// 2. A reference knows the hierarchy it is in: any, func, extern or exn. An external reference
//    (ref.extern of the specification) is the internal one with its hierarchy turned to extern.
// 3. Unset is a local that was never set; reading it aborts.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "base/check.h"
#include "wasm/types.h"
#include "wasm/vector.h"

namespace slabhound::oracle {

enum class ValueKind : uint8_t {
  Unset,
  I32,
  I64,
  F32,
  F64,
  V128,
  Null,
  I31,
  Func,    // payload: function address
  Host,    // payload: number of the host object
  Struct,  // payload: object number, so also for Array and Exn
  Array,
  Exn,
};

template <typename T>
inline constexpr ValueKind kKindOf = ValueKind::Unset;
template <>
inline constexpr ValueKind kKindOf<uint32_t> = ValueKind::I32;
template <>
inline constexpr ValueKind kKindOf<uint64_t> = ValueKind::I64;
template <>
inline constexpr ValueKind kKindOf<float> = ValueKind::F32;
template <>
inline constexpr ValueKind kKindOf<double> = ValueKind::F64;
template <>
inline constexpr ValueKind kKindOf<wasm::V128> = ValueKind::V128;

template <typename T>
using BitsOf = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;

class Value {
 public:
  Value() = default;

  template <typename T>
  static Value Number(T number) {
    static_assert(kKindOf<T> != ValueKind::Unset);
    return Value(kKindOf<T>, wasm::AbstractHeap::Any, std::bit_cast<BitsOf<T>>(number));
  }
  static Value Number(wasm::V128 vector) {
    Value value(ValueKind::V128, wasm::AbstractHeap::Any, vector.low);
    value.high_ = vector.high;
    return value;
  }
  static Value Null(wasm::AbstractHeap top) { return Value(ValueKind::Null, top, 0); }
  static Value Reference(ValueKind kind, wasm::AbstractHeap top, uint32_t payload) {
    return Value(kind, top, payload);
  }

  ValueKind kind() const { return kind_; }
  bool is_ref() const { return kind_ >= ValueKind::Null; }
  bool is_null() const { return kind_ == ValueKind::Null; }

  // Requires: a number or vector of type T.
  template <typename T>
  T As() const {
    CHECK(kind_ == kKindOf<T>);
    if constexpr (std::is_same_v<T, wasm::V128>) {
      return {bits_, high_};
    } else {
      return std::bit_cast<T>(static_cast<BitsOf<T>>(bits_));
    }
  }
  // Requires: a number. Narrow ones are zero-extended.
  uint64_t bits() const {
    CHECK(kind_ >= ValueKind::I32 && kind_ <= ValueKind::F64);
    return bits_;
  }
  // The rest requires: a reference.
  uint32_t payload() const {
    CHECK(is_ref());
    return static_cast<uint32_t>(bits_);
  }
  wasm::AbstractHeap top() const {
    CHECK(is_ref());
    return top_;
  }
  Value WithTop(wasm::AbstractHeap top) const {
    CHECK(is_ref());
    return Value(kind_, top, bits_);
  }

 private:
  Value(ValueKind kind, wasm::AbstractHeap top, uint64_t bits)
      : kind_(kind), top_(top), bits_(bits) {}

  ValueKind kind_ = ValueKind::Unset;
  wasm::AbstractHeap top_ = wasm::AbstractHeap::Any;
  uint64_t bits_ = 0, high_ = 0;  // high_: of a vector
};
static_assert(sizeof(Value) == 24);

}  // namespace slabhound::oracle
