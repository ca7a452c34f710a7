// Strings as hosts have them: UTF-16 units, two bytes each, little-endian.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slabhound::provide {

void AppendUnit(std::string& units, uint32_t unit);

// Requires: valid UTF-8, as names of modules are.
std::string UnitsOf(std::string_view text);

// A pair of surrogates is one character; one that is alone has three bytes, which no name has.
std::string Utf8Of(std::string_view units);

}  // namespace slabhound::provide
