// A v128 in the text format: a shape and its lanes (spec 6.5.9), read by code and by scripts.
#pragma once

#include <string>

#include "text/cursor.h"
#include "wasm/module.h"

namespace slabhound::text {

// Reads the shape at once, then lane by lane, lowest first:
//   while (vector.More()) vector.Add(vector.ReadLane());
class VectorReader {
 public:
  explicit VectorReader(Cursor& in);

  // Whether lanes are missing; an error ends it.
  bool More() const { return in_.ok() && next_ < lanes_; }
  // The bits of a number of the shape's type.
  uint64_t ReadLane();
  void Add(uint64_t bits);

  uint32_t lane_bits() const { return lanes_ == 0 ? 0 : 128 / lanes_; }
  uint32_t lanes() const { return lanes_; }
  bool is_float() const { return is_float_; }
  wasm::V128 value() const { return value_; }

 private:
  Cursor& in_;
  uint32_t lanes_ = 0, next_ = 0;
  bool is_float_ = false;
  wasm::V128 value_;
};

// "i32x4 0x00000001 0x00000000 0x00000000 0x00000000".
std::string VectorText(wasm::V128 vector);

}  // namespace slabhound::text
