#include "script/pattern.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "text/number.h"
#include "text/vector.h"

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

// A lane of a float shape.
std::string LaneText(const Pattern& lane) {
  if (lane.kind == PatternKind::CanonicalNan) return "nan:canonical";
  if (lane.kind == PatternKind::ArithmeticNan) return "nan:arithmetic";
  return NumberText(lane.number.type, lane.number.bits);
}

}  // namespace

// A lane as a number: the narrow ones in an i32.
static bool MatchesLanes(const Pattern& pattern, const Value& value, const wasm::TypeStore& types) {
  const size_t bits = 128 / pattern.choices.size();
  for (size_t i = 0; i < pattern.choices.size(); ++i) {
    const uint64_t half = i * bits < 64 ? value.bits : value.high;
    const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
    const Value lane{pattern.choices[i].number.type, half >> (i * bits % 64) & mask, {}};
    if (!Matches(pattern.choices[i], lane, types)) return false;
  }
  return true;
}

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
    case PatternKind::Vector:
      return value.type.is_vector() && MatchesLanes(pattern, value, types);
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
    case PatternKind::Vector: {
      if (const auto constant = ConstantOf(pattern)) {
        return fmt::format("(v128.const {})", text::VectorText(constant->vector()));
      }
      std::string text =
          fmt::format("(v128.const {}x{}", wasm::TypeText(pattern.choices.front().number.type),
                      pattern.choices.size());
      for (const Pattern& lane : pattern.choices) text += " " + LaneText(lane);
      return text + ")";
    }
    case PatternKind::Either: {
      std::string text = "(either";
      for (const Pattern& choice : pattern.choices) text += " " + PatternText(choice);
      return text + ")";
    }
  }
  UNREACHABLE();
}

std::optional<Value> ConstantOf(const Pattern& pattern) {
  if (pattern.kind == PatternKind::Number) return pattern.number;
  if (pattern.kind != PatternKind::Vector || pattern.choices.empty()) return std::nullopt;
  wasm::V128 vector;
  const size_t bits = 128 / pattern.choices.size();
  for (size_t i = 0; i < pattern.choices.size(); ++i) {
    const Pattern& lane = pattern.choices[i];
    if (lane.kind != PatternKind::Number) return std::nullopt;
    (i * bits < 64 ? vector.low : vector.high) |= lane.number.bits << (i * bits % 64);
  }
  return Value::Vector(vector);
}

std::string ValueText(const Value& value, const wasm::TypeStore& types) {
  if (value.type.is_vector()) {
    return fmt::format("(v128.const {})", text::VectorText(value.vector()));
  }
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
