#include "regression/assertion.h"

#include <fmt/format.h>

#include "text/number.h"
#include "text/vector.h"
#include "text/wat.h"

namespace slabhound::regression {
namespace {

using machine::RefKind;
using machine::Value;
using wasm::AbstractHeap;
using wasm::TypeKind;

// A float that is a NaN is only asked to be one: its payload is each engine's own affair.
std::string FloatPattern(std::string_view type, uint64_t bits, uint64_t infinity,
                         uint64_t canonical, std::string number) {
  const uint64_t magnitude = bits & (infinity | (infinity - 1) | canonical);
  if (magnitude == canonical) return fmt::format("({}.const nan:canonical)", type);
  if (magnitude > canonical) return fmt::format("({}.const nan:arithmetic)", type);
  return fmt::format("({}.const {})", type, std::move(number));
}

std::optional<std::string> NumberText(const Value& value) {
  switch (value.type.kind()) {
    case TypeKind::I32:
      return fmt::format("(i32.const {})", static_cast<int32_t>(static_cast<uint32_t>(value.bits)));
    case TypeKind::I64:
      return fmt::format("(i64.const {})", static_cast<int64_t>(value.bits));
    case TypeKind::F32:
      return fmt::format("(f32.const {})", text::FloatText(static_cast<uint32_t>(value.bits)));
    case TypeKind::F64:
      return fmt::format("(f64.const {})", text::FloatText(value.bits));
    case TypeKind::V128:
      return fmt::format("(v128.const {})", text::VectorText(value.vector()));
    default:
      return std::nullopt;
  }
}

std::string_view TopName(AbstractHeap top) {
  switch (top) {
    case AbstractHeap::Func:
      return "func";
    case AbstractHeap::Extern:
      return "extern";
    case AbstractHeap::Exn:
      return "exn";
    default:
      return "any";
  }
}

std::string PatternText(const Value& value, const wasm::TypeStore& types, HostPattern hosts) {
  if (value.type == wasm::ValType::F32) {
    return FloatPattern("f32", value.bits, 0x7f80'0000, 0x7fc0'0000,
                        text::FloatText(static_cast<uint32_t>(value.bits)));
  }
  if (value.type == wasm::ValType::F64) {
    return FloatPattern("f64", value.bits, 0x7ff0'0000'0000'0000, 0x7ff8'0000'0000'0000,
                        text::FloatText(value.bits));
  }
  if (const auto number = NumberText(value)) return *number;
  const AbstractHeap top = types.Top(value.type.heap());
  if (value.ref.kind == RefKind::Null) return fmt::format("(ref.null {})", TopName(top));
  if (value.ref.kind == RefKind::Host && hosts == HostPattern::AnyObject) {
    return top == AbstractHeap::Extern ? "(ref.extern)" : "(ref.any)";
  }
  if (value.ref.kind == RefKind::Host) {
    return fmt::format("({} {})", top == AbstractHeap::Extern ? "ref.extern" : "ref.host",
                       value.ref.payload);
  }
  if (top == AbstractHeap::Extern) return "(ref.extern)";
  switch (value.ref.kind) {
    case RefKind::I31:
      return "(ref.i31)";
    case RefKind::Func:
      return "(ref.func)";
    case RefKind::Struct:
      return "(ref.struct)";
    case RefKind::Array:
      return "(ref.array)";
    default:
      return "(ref.exn)";
  }
}

}  // namespace

std::optional<std::string> InvokeText(const testcase::Call& call, std::span<const Value> arguments,
                                      const wasm::TypeStore& types) {
  std::string text = "(invoke " + text::Quoted(call.export_name);
  for (const Value& value : arguments) {
    if (const auto number = NumberText(value)) {
      text += " " + *number;
      continue;
    }
    const AbstractHeap top = types.Top(value.type.heap());
    if (value.ref.kind == RefKind::Null) {
      text += fmt::format(" (ref.null {})", TopName(top));
    } else if (value.ref.kind == RefKind::Host && top == AbstractHeap::Extern) {
      text += fmt::format(" (ref.extern {})", value.ref.payload);
    } else {
      return std::nullopt;
    }
  }
  return text + ")";
}

std::optional<std::string> AssertionText(std::string_view action, const machine::Outcome& outcome,
                                         const wasm::TypeStore& types, HostPattern hosts) {
  if (const auto* returned = std::get_if<machine::Returned>(&outcome)) {
    std::string text = fmt::format("(assert_return {}", action);
    for (const Value& value : returned->values) text += " " + PatternText(value, types, hosts);
    return text + ")";
  }
  if (const auto* trap = std::get_if<machine::Trap>(&outcome)) {
    // A host function that cannot return is `unreachable` in a script.
    const machine::TrapKind kind =
        trap->kind == machine::TrapKind::Host ? machine::TrapKind::Unreachable : trap->kind;
    return fmt::format("(assert_trap {} \"{}\")", action, machine::TrapPhrase(kind));
  }
  if (std::holds_alternative<machine::Thrown>(outcome)) {
    return fmt::format("(assert_exception {})", action);
  }
  const auto* exhausted = std::get_if<machine::Exhausted>(&outcome);
  if (exhausted && exhausted->resource == machine::Resource::CallDepth) {
    return fmt::format("(assert_exhaustion {} \"call stack exhausted\")", action);
  }
  return std::nullopt;
}

}  // namespace slabhound::regression
