// Text within HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace slabhound::bench {

// For content and quoted attributes; control characters become spaces.
std::string Escaped(std::string_view text);

}  // namespace slabhound::bench
