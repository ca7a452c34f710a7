#include "screen/line.h"

#include <array>
#include <string_view>

#include "screen/amounts.h"

namespace slabhound::screen {
namespace {

struct Sequences {
  std::string_view colour, plain;
};

constexpr std::array<Sequences, 6> kSequences = {{{"", ""},
                                                  {"\x1b[1m", "\x1b[1m"},
                                                  {"\x1b[2m", "\x1b[2m"},
                                                  {"\x1b[32m", ""},
                                                  {"\x1b[33m", "\x1b[1m"},
                                                  {"\x1b[1;31m", "\x1b[1m"}}};

}  // namespace

size_t WidthOf(const Line& line) {
  size_t width = 0;
  for (const Span& span : line) width += span.text.size();
  return width;
}

Line Cut(Line line, size_t width) {
  size_t before = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const size_t left = width - before;
    before += line[i].text.size();
    if (before <= width) continue;
    line[i].text = Cut(line[i].text, left);
    line.resize(i + 1);
    break;
  }
  return line;
}

Line Padded(Line line, size_t width) {
  const size_t taken = WidthOf(line);
  if (taken < width) line.push_back({std::string(width - taken, ' ')});
  return line;
}

std::string PlainText(const Line& line) {
  std::string text;
  for (const Span& span : line) text += span.text;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string StyledText(const Line& line, bool colour) {
  std::string text;
  for (const Span& span : line) {
    const Sequences& sequences = kSequences[static_cast<size_t>(span.style)];
    const std::string_view begin = colour ? sequences.colour : sequences.plain;
    text += begin;
    text += span.text;
    if (!begin.empty()) text += "\x1b[m";
  }
  return text;
}

}  // namespace slabhound::screen
