// A line of a screen: pieces of text, each in a style.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace slabhound::screen {

enum class Style : uint8_t { Plain, Bold, Dim, Good, Warning, Bad };

struct Span {
  std::string text;
  Style style = Style::Plain;
};

// Its texts are printable ASCII: a column each character.
using Line = std::vector<Span>;

size_t WidthOf(const Line& line);
// No wider than that.
Line Cut(Line line, size_t width);
// Filled up with spaces.
Line Padded(Line line, size_t width);

std::string PlainText(const Line& line);
// With the escape sequences of its styles; without colour, bold and dim are left.
std::string StyledText(const Line& line, bool colour);

}  // namespace slabhound::screen
