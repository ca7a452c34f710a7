// Amounts as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slabhound::screen {

std::string CountText(uint64_t count);               // "1,234,567"
std::string RateText(double per_second);             // "0.3/s", "21/s"
std::string DurationText(double seconds);            // "0 s", "2 min 10 s", "3 h 4 min", "5 d 6 h"
std::string BytesText(uint64_t bytes);               // "0 B", "12 KiB", "1.5 GiB"
std::string ShareText(uint64_t part, uint64_t all);  // "0.3 %"; "-" of nothing

// In columns of one character each: what is no printable ASCII is a question mark.
std::string Printable(std::string_view text);
// Cut to that width; what is cut ends in "...".
std::string Cut(std::string_view text, size_t width);

}  // namespace slabhound::screen
