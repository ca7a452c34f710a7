// Amounts as flags have them: a whole number and a unit. Nothing for any other text, for none of
// it, and for what has no place in 64 bits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace slabhound::upkeep {

// "4096", "64K", "512M", "20G", "1T": bytes; a K is 1024.
std::optional<uint64_t> ParseBytes(std::string_view text);

// "120", "120s", "5m", "8h", "30d": seconds.
std::optional<uint64_t> ParseSeconds(std::string_view text);

}  // namespace slabhound::upkeep
