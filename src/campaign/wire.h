// Frames between supervisor and job: one item of CBOR, of numbers, texts, bytes, truths and arrays.
//
// Reading is total and bounded: a job whose memory was overwritten may send anything. The library
// reads nested items by recursion and makes a value of each, so it gets only frames whose items all
// say how long they are, at few levels, and not too many of them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "base/bytes.h"

namespace slabhound::campaign {

inline constexpr size_t kFrameBytesMax = 64u << 20;

using Item = nlohmann::json;

Bytes WriteItem(const Item& item);
std::optional<Item> ReadItem(ByteSpan frame);

}  // namespace slabhound::campaign
