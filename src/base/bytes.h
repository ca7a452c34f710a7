// Bytes and views of them, and little-endian loads and stores.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace slabhound {

using Bytes = std::vector<uint8_t>;
using ByteSpan = std::span<const uint8_t>;

// Requires: `from` points at sizeof(T) readable bytes.
template <typename T>
  requires std::is_trivially_copyable_v<T>
T LoadLittle(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Requires: `to` points at sizeof(T) writable bytes.
template <typename T>
  requires std::is_trivially_copyable_v<T>
void StoreLittle(uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

inline ByteSpan AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace slabhound
