// ByteReader: a bounded cursor over a binary. Every read either yields a value or records the first
// error.
//
// 1. It never reads outside its window, and offsets in errors are relative to the whole input.
// 2. The first error wins and sticks: later reads yield zeros and move nothing, so that callers may
//    check once per construct instead of once per byte. Loops over input-controlled counts check
//    ok() each round.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "wasm/error.h"

namespace slabhound::wasm {

class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes, uint32_t base = 0) : bytes_(bytes), base_(base) {}

  bool ok() const { return !error_.has_value(); }
  Error TakeError() { return std::move(*error_); }
  void Fail(ErrorCode code, std::string detail = {}) { FailAt(code, offset(), std::move(detail)); }
  void FailAt(ErrorCode code, uint32_t offset, std::string detail = {});

  bool at_end() const { return position_ == bytes_.size(); }
  size_t left() const { return bytes_.size() - position_; }
  uint32_t offset() const { return base_ + static_cast<uint32_t>(position_); }

  uint8_t Byte();
  uint8_t Peek();  // 0 at the end, without an error
  uint32_t U32();
  uint64_t U64();
  int32_t S32();
  int64_t S33();
  int64_t S64();
  uint32_t Fixed32();
  uint64_t Fixed64();
  // A vector's length: an error when it exceeds `count_max` (a limit), or the bytes left (each item
  // takes one or more).
  uint32_t Count(uint32_t count_max, std::string_view what);
  ByteSpan Take(size_t count);
  std::string Name();

 private:
  template <typename T>
  T Leb(unsigned bits, bool is_signed);

  ByteSpan bytes_;
  uint32_t base_;
  size_t position_ = 0;
  std::optional<Error> error_;
};

// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms; spec 5.2.4).
bool IsUtf8(ByteSpan bytes);

}  // namespace slabhound::wasm
