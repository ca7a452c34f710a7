// Text within XML 1.0, and so HTML and SVG: for content and quoted attributes.
#pragma once

#include <string>
#include <string_view>

namespace slabhound {

// Valid UTF-8 whatever the bytes. What XML has no way to hold becomes a question mark; line breaks
// and tabs stay.
std::string MarkupText(std::string_view text);

}  // namespace slabhound
