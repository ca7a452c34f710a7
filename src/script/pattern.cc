#include "script/pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "text/number.h"

namespace slabhound::script {
namespace {

using machine::RefKind;
using machine::Value;
using wasm::AbstractHeap;
using wasm::TypeKind;
using wasm::ValType;

struct FloatShape {
  uint64_t magnitude, canonical;
};
FloatShape ShapeOf(ValType type) {
  if (type == ValType::F32) return {0x7fff'ffff, 0x7fc0'0000};
  return {0x7fff'ffff'ffff'ffff, 0x7ff8'0000'0000'0000};
}

bool MatchesHeap(AbstractHeap wanted, const Value& value, AbstractHeap top) {
  const RefKind kind = value.ref.kind;
  switch (wanted) {
    case AbstractHeap::Any:
    case AbstractHeap::Extern:
      return top == wanted;
    case AbstractHeap::Eq:
      return top == AbstractHeap::Any &&
             (kind == RefKind::I31 || kind == RefKind::Struct || kind == RefKind::Array);
    case AbstractHeap::I31:
      return top == AbstractHeap::Any && kind == RefKind::I31;
    case AbstractHeap::Struct:
      return top == AbstractHeap::Any && kind == RefKind::Struct;
    case AbstractHeap::Array:
      return top == AbstractHeap::Any && kind == RefKind::Array;
    case AbstractHeap::Func:
      return kind == RefKind::Func;
    case AbstractHeap::Exn:
      return kind == RefKind::Exn;
    default:
      return false;  // the bottom types have no values
  }
}

std::string_view RefName(RefKind kind) {
  switch (kind) {
    case RefKind::Null:
      return "ref.null";
    case RefKind::I31:
      return "ref.i31";
    case RefKind::Func:
      return "ref.func";
    case RefKind::Host:
      return "ref.host";
    case RefKind::Struct:
      return "ref.struct";
    case RefKind::Array:
      return "ref.array";
    case RefKind::Exn:
      return "ref.exn";
  }
  UNREACHABLE();
}

std::string NumberText(ValType type, uint64_t bits) {
  switch (type.kind()) {
    case TypeKind::I32:
      return fmt::format("{}", static_cast<int32_t>(static_cast<uint32_t>(bits)));
    case TypeKind::I64:
      return fmt::format("{}", static_cast<int64_t>(bits));
    case TypeKind::F32:
      return text::FloatText(static_cast<uint32_t>(bits));
    default:
      return text::FloatText(bits);
  }
}

}  // namespace

bool Matches(const Pattern& pattern, const Value& value, const wasm::TypeStore& types) {
  switch (pattern.kind) {
    case PatternKind::Number:
      return value.type == pattern.number.type && value.bits == pattern.number.bits;
    case PatternKind::CanonicalNan: {
      const FloatShape shape = ShapeOf(pattern.number.type);
      return value.type == pattern.number.type && (value.bits & shape.magnitude) == shape.canonical;
    }
    case PatternKind::ArithmeticNan: {
      const FloatShape shape = ShapeOf(pattern.number.type);
      return value.type == pattern.number.type && (value.bits & shape.canonical) == shape.canonical;
    }
    case PatternKind::Either:
      return std::ranges::any_of(
          pattern.choices, [&](const Pattern& choice) { return Matches(choice, value, types); });
    case PatternKind::Null:
    case PatternKind::Host:
    case PatternKind::Reference:
      break;
  }
  if (!value.type.is_ref()) return false;
  const AbstractHeap top = types.Top(value.type.heap());
  if (pattern.kind == PatternKind::Null) {
    return value.ref.kind == RefKind::Null && (!pattern.heap || types.Top(*pattern.heap) == top);
  }
  if (value.ref.kind == RefKind::Null) return false;
  if (pattern.kind == PatternKind::Host) {
    return value.ref.kind == RefKind::Host && value.ref.payload == pattern.host &&
           top == *pattern.heap;
  }
  return MatchesHeap(*pattern.heap, value, top);
}

std::string PatternText(const Pattern& pattern) {
  switch (pattern.kind) {
    case PatternKind::Number:
      return fmt::format("({}.const {})", wasm::TypeText(pattern.number.type),
                         NumberText(pattern.number.type, pattern.number.bits));
    case PatternKind::CanonicalNan:
      return fmt::format("({}.const nan:canonical)", wasm::TypeText(pattern.number.type));
    case PatternKind::ArithmeticNan:
      return fmt::format("({}.const nan:arithmetic)", wasm::TypeText(pattern.number.type));
    case PatternKind::Null:
      return pattern.heap ? fmt::format("(ref.null {})", wasm::TypeText(*pattern.heap))
                          : "(ref.null)";
    case PatternKind::Host:
      return fmt::format("({} {})",
                         *pattern.heap == AbstractHeap::Extern ? "ref.extern" : "ref.host",
                         pattern.host);
    case PatternKind::Reference:
      return fmt::format("(ref.{})", wasm::TypeText(*pattern.heap));
    case PatternKind::Either: {
      std::string text = "(either";
      for (const Pattern& choice : pattern.choices) text += " " + PatternText(choice);
      return text + ")";
    }
  }
  UNREACHABLE();
}

std::string ValueText(const Value& value, const wasm::TypeStore& types) {
  if (!value.type.is_ref()) {
    return fmt::format("({}.const {})", wasm::TypeText(value.type),
                       NumberText(value.type, value.bits));
  }
  const AbstractHeap top = types.Top(value.type.heap());
  const RefKind kind = value.ref.kind;
  if (kind == RefKind::Null) return fmt::format("(ref.null {})", wasm::TypeText(top));
  if (kind == RefKind::Host) {
    return fmt::format("({} {})", top == AbstractHeap::Extern ? "ref.extern" : "ref.host",
                       value.ref.payload);
  }
  if (top == AbstractHeap::Extern) return fmt::format("(ref.extern) of {}", RefName(kind));
  return fmt::format("({})", RefName(kind));
}

}  // namespace slabhound::script
