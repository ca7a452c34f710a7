#include "wasm/byte_reader.h"

#include <fmt/format.h>

#include "base/leb128.h"
#include "wasm/limits.h"

namespace slabhound::wasm {

void ByteReader::FailAt(ErrorCode code, uint32_t offset, std::string detail) {
  if (!error_) error_ = Error{.code = code, .offset = offset, .detail = std::move(detail)};
}

uint8_t ByteReader::Byte() {
  if (!ok()) return 0;
  if (at_end()) {
    Fail(ErrorCode::UnexpectedEnd);
    return 0;
  }
  return bytes_[position_++];
}

uint8_t ByteReader::Peek() { return !ok() || at_end() ? 0 : bytes_[position_]; }

template <typename T>
T ByteReader::Leb(unsigned bits, bool is_signed) {
  if (!ok()) return 0;
  const ByteSpan rest = bytes_.subspan(position_);
  LebStatus status;
  T value;
  size_t size;
  if (is_signed) {
    const auto read = ReadSignedLeb(rest, bits);
    status = read.status, value = static_cast<T>(read.value), size = read.size;
  } else if (bits == 32) {
    const auto read = ReadUnsignedLeb<uint32_t>(rest);
    status = read.status, value = static_cast<T>(read.value), size = read.size;
  } else {
    const auto read = ReadUnsignedLeb<uint64_t>(rest);
    status = read.status, value = static_cast<T>(read.value), size = read.size;
  }
  switch (status) {
    case LebStatus::Ok:
      position_ += size;
      return value;
    case LebStatus::UnexpectedEnd:
      Fail(ErrorCode::UnexpectedEnd);
      break;
    case LebStatus::TooLong:
      Fail(ErrorCode::IntegerTooLong);
      break;
    case LebStatus::TooLarge:
      Fail(ErrorCode::IntegerTooLarge);
      break;
  }
  return 0;
}

uint32_t ByteReader::U32() {
  // Most integers are one byte.
  if (ok() && !at_end() && bytes_[position_] < 0x80) return bytes_[position_++];
  return Leb<uint32_t>(32, false);
}
uint64_t ByteReader::U64() { return Leb<uint64_t>(64, false); }
int32_t ByteReader::S32() { return Leb<int32_t>(32, true); }
int64_t ByteReader::S33() { return Leb<int64_t>(33, true); }
int64_t ByteReader::S64() { return Leb<int64_t>(64, true); }

uint32_t ByteReader::Fixed32() {
  const ByteSpan bytes = Take(4);
  return ok() ? LoadLittle<uint32_t>(bytes.data()) : 0;
}

uint64_t ByteReader::Fixed64() {
  const ByteSpan bytes = Take(8);
  return ok() ? LoadLittle<uint64_t>(bytes.data()) : 0;
}

uint32_t ByteReader::Count(uint32_t count_max, std::string_view what) {
  const uint32_t at = offset();
  const uint32_t count = U32();
  if (!ok()) return 0;
  if (count > left()) {
    FailAt(ErrorCode::UnexpectedEnd, at,
           fmt::format("{} {} declared, {} bytes left", count, what, left()));
    return 0;
  }
  if (count > count_max) {
    FailAt(ErrorCode::LimitExceeded, at, fmt::format("{} {}, at most {}", count, what, count_max));
    return 0;
  }
  return count;
}

ByteSpan ByteReader::Take(size_t count) {
  if (!ok()) return {};
  if (count > left()) {
    Fail(ErrorCode::UnexpectedEnd);
    return {};
  }
  const ByteSpan taken = bytes_.subspan(position_, count);
  position_ += count;
  return taken;
}

std::string ByteReader::Name() {
  const uint32_t at = offset();
  const uint32_t size = U32();
  if (ok() && size > left()) Fail(ErrorCode::UnexpectedEnd);
  const ByteSpan bytes = Take(size);
  if (!ok()) return {};
  if (size > limits::kNameBytesMax) {
    FailAt(ErrorCode::LimitExceeded, at,
           fmt::format("a name of {} bytes, at most {}", size, limits::kNameBytesMax));
    return {};
  }
  if (!IsUtf8(bytes)) {
    FailAt(ErrorCode::MalformedUtf8, at);
    return {};
  }
  return std::string(AsText(bytes));
}

bool IsUtf8(ByteSpan bytes) {
  for (size_t i = 0; i < bytes.size();) {
    const uint8_t lead = bytes[i];
    if (lead < 0x80) {
      ++i;
      continue;
    }
    size_t size;
    uint32_t point, least;
    if ((lead & 0xe0) == 0xc0) {
      size = 2, point = lead & 0x1f, least = 0x80;
    } else if ((lead & 0xf0) == 0xe0) {
      size = 3, point = lead & 0x0f, least = 0x800;
    } else if ((lead & 0xf8) == 0xf0) {
      size = 4, point = lead & 0x07, least = 0x10000;
    } else {
      return false;
    }
    if (bytes.size() - i < size) return false;
    for (size_t k = 1; k < size; ++k) {
      if ((bytes[i + k] & 0xc0) != 0x80) return false;
      point = point << 6 | (bytes[i + k] & 0x3f);
    }
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
    i += size;
  }
  return true;
}

}  // namespace slabhound::wasm
