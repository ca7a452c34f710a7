#include "base/markup.h"

#include <fmt/format.h>

#include <cstdint>

namespace slabhound {
namespace {

// Takes one character off the front; nothing for bytes that are none, of which one is taken.
struct Character {
  uint32_t code = 0;
  std::string_view bytes;
};

Character Next(std::string_view& text) {
  const auto at = [&text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = at(0);
  const size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  bool good = size != 0 && first < 0xf5 && size <= text.size();
  uint32_t code = size < 2 ? first : first & (0x7fu >> size);
  for (size_t i = 1; good && i < size; ++i) {
    good = (at(i) & 0xc0) == 0x80;
    code = code << 6 | (at(i) & 0x3f);
  }
  const bool is_overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  good = good && !is_overlong && code <= 0x10ffff;
  const Character character{good ? code : 0, text.substr(0, good ? size : 1)};
  text.remove_prefix(character.bytes.size());
  return character;
}

bool IsOfXml(uint32_t code) {
  if (code < 0x20) return code == '\n' || code == '\t';
  return (code < 0xd800 || code > 0xdfff) && code != 0xfffe && code != 0xffff;
}

}  // namespace

std::string MarkupText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character character = Next(text);
    switch (character.code) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (IsOfXml(character.code)) {
          out += character.bytes;
        } else {
          out += '?';
        }
    }
  }
  return out;
}

}  // namespace slabhound
