#include "trace/told.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include "base/check.h"
#include "base/hash.h"
#include "trace/log.h"

namespace slabhound::trace {

Told ToldNumber(wasm::ValType type, uint64_t bits) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return {ToldKind::I32, static_cast<uint32_t>(bits)};
    case wasm::TypeKind::I64:
      return {ToldKind::I64, bits};
    case wasm::TypeKind::F32:
      return {ToldKind::F32, static_cast<uint32_t>(bits)};
    default:
      return {ToldKind::F64, bits};
  }
}

Told ToldVector(wasm::V128 vector) { return {ToldKind::V128, vector.low, vector.high}; }

Told ToldFunction(uint64_t word) {
  if (word < kFunctionType) return {ToldKind::Func, word};
  return {ToldKind::FuncOfType, static_cast<uint32_t>(word)};
}

std::string ToldText(const Told& told) {
  switch (told.kind) {
    case ToldKind::I32:
      return fmt::format(FMT_COMPILE("i32 {}"),
                         static_cast<int32_t>(static_cast<uint32_t>(told.bits)));
    case ToldKind::I64:
      return fmt::format(FMT_COMPILE("i64 {}"), static_cast<int64_t>(told.bits));
    case ToldKind::F32:
      return fmt::format(FMT_COMPILE("f32 0x{:08x}"), told.bits);
    case ToldKind::F64:
      return fmt::format(FMT_COMPILE("f64 0x{:016x}"), told.bits);
    case ToldKind::Null:
      return "null";
    case ToldKind::I31:
      return fmt::format("i31 {}", told.bits);
    case ToldKind::Func:
      return fmt::format("func {}", told.bits);
    case ToldKind::FuncOfType:
      return fmt::format("func of type {}", told.bits);
    case ToldKind::Host:
      return fmt::format("host {}", told.bits);
    case ToldKind::Object:
      return fmt::format("object {}", HashText(told.bits));
    case ToldKind::Root:
      return fmt::format("object #{}", told.bits);
    case ToldKind::Cut:
      return "object beyond the walk";
    case ToldKind::V128:
      return fmt::format("v128 0x{:016x}{:016x}", told.high, told.bits);
  }
  UNREACHABLE();
}

}  // namespace slabhound::trace
