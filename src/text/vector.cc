#include "text/vector.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::text {
namespace {

struct Shape {
  std::string_view name;
  uint32_t lanes;
  bool is_float;
};
constexpr Shape kShapes[] = {{"i8x16", 16, false}, {"i16x8", 8, false}, {"i32x4", 4, false},
                             {"i64x2", 2, false},  {"f32x4", 4, true},  {"f64x2", 2, true}};

}  // namespace

VectorReader::VectorReader(Cursor& in) : in_(in) {
  const Token& token = in.Peek();
  const auto* shape = std::ranges::find(
      kShapes, token.kind == TokenKind::Word ? token.text : std::string_view(), &Shape::name);
  if (shape == std::end(kShapes)) {
    in.Unexpected("the shape of a v128");
    return;
  }
  in.Next();
  lanes_ = shape->lanes;
  is_float_ = shape->is_float;
}

uint64_t VectorReader::ReadLane() {
  const Token& token = in_.Peek();
  const std::string_view text = token.kind == TokenKind::Word ? token.text : std::string_view();
  const Number number = !is_float_    ? ReadInteger(text, lane_bits())
                        : lanes_ == 4 ? ReadF32(text)
                                      : ReadF64(text);
  in_.Check(number, "a number for each lane");
  return number.bits;
}

void VectorReader::Add(uint64_t bits) {
  const uint32_t bit = next_++ * lane_bits();
  (bit < 64 ? value_.low : value_.high) |= bits << (bit % 64);
}

std::string VectorText(wasm::V128 vector) {
  return fmt::format("i32x4 0x{:08x} 0x{:08x} 0x{:08x} 0x{:08x}", static_cast<uint32_t>(vector.low),
                     vector.low >> 32, static_cast<uint32_t>(vector.high), vector.high >> 32);
}

}  // namespace slabhound::text
