// The byte codes of types (spec 5.3), shared by decoder and encoder.
#pragma once

#include <array>
#include <cstdint>

#include "wasm/types.h"

namespace slabhound::wasm {

inline constexpr uint8_t kI32Code = 0x7f, kI64Code = 0x7e, kF32Code = 0x7d, kF64Code = 0x7c;
inline constexpr uint8_t kV128Code = 0x7b;
inline constexpr uint8_t kI8Code = 0x78, kI16Code = 0x77;
inline constexpr uint8_t kRefCode = 0x64, kRefNullCode = 0x63;
inline constexpr uint8_t kFuncCode = 0x60, kStructCode = 0x5f, kArrayCode = 0x5e;
inline constexpr uint8_t kSubCode = 0x50, kSubFinalCode = 0x4f, kRecCode = 0x4e;
inline constexpr uint8_t kEmptyBlockCode = 0x40;

// In the order of their codes, descending from kI32Code.
inline constexpr std::array kNumberTypes = {ValType::I32, ValType::I64, ValType::F32, ValType::F64,
                                            ValType::V128};

// Abstract heap types have the codes from kAbstractHeapFirst on, in this order.
inline constexpr uint8_t kAbstractHeapFirst = 0x69;
inline constexpr std::array kAbstractHeapCodes = {
    AbstractHeap::Exn,  AbstractHeap::Array,    AbstractHeap::Struct, AbstractHeap::I31,
    AbstractHeap::Eq,   AbstractHeap::Any,      AbstractHeap::Extern, AbstractHeap::Func,
    AbstractHeap::None, AbstractHeap::NoExtern, AbstractHeap::NoFunc, AbstractHeap::NoExn};

constexpr uint8_t CodeOf(AbstractHeap heap) {
  for (uint8_t i = 0; i < kAbstractHeapCodes.size(); ++i) {
    if (kAbstractHeapCodes[i] == heap) return static_cast<uint8_t>(kAbstractHeapFirst + i);
  }
  return 0;
}

}  // namespace slabhound::wasm
