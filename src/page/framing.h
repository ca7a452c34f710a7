// Where a request ends in the bytes that a connection has sent so far.
//
// 1. Nothing larger is ever held than kHeadBytesMax and kBodyBytesMax.
// 2. A body has one Content-Length, in digits; chunks are refused. So all of us agree where a
//    request ends.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace slabhound::page {

inline constexpr size_t kHeadBytesMax = 16u << 10, kLineBytesMax = 4u << 10;
inline constexpr size_t kBodyBytesMax = 1u << 20;

struct Framed {
  enum class State { Incomplete, Complete, Refused };
  State state = State::Incomplete;
  size_t head_bytes = 0, body_bytes = 0;  // of a complete one; the head with its empty line
  int status = 0;                         // of a refused one
};

Framed FindRequest(std::string_view received);

}  // namespace slabhound::page
