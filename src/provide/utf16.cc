#include "provide/utf16.h"

namespace slabhound::provide {
namespace {

void AppendUtf8(std::string& text, uint32_t unit) {
  if (unit < 0x80) {
    text += static_cast<char>(unit);
  } else if (unit < 0x800) {
    text += static_cast<char>(0xc0 | (unit >> 6));
    text += static_cast<char>(0x80 | (unit & 0x3f));
  } else {
    text += static_cast<char>(0xe0 | (unit >> 12));
    text += static_cast<char>(0x80 | ((unit >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (unit & 0x3f));
  }
}

}  // namespace

void AppendUnit(std::string& units, uint32_t unit) {
  units += static_cast<char>(unit & 0xff);
  units += static_cast<char>(unit >> 8);
}

std::string UnitsOf(std::string_view text) {
  std::string units;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i++]);
    const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    uint32_t point = more == 0 ? lead : lead & (0x3fu >> more);
    for (int k = 0; k < more && i < text.size(); ++k) point = point << 6 | (text[i++] & 0x3f);
    if (point < 0x10000) {
      AppendUnit(units, point);
    } else {
      AppendUnit(units, 0xd7c0 + (point >> 10));
      AppendUnit(units, 0xdc00 | (point & 0x3ff));
    }
  }
  return units;
}

std::string Utf8Of(std::string_view units) {
  std::string text;
  for (size_t i = 0; i < units.size(); i += 2) {
    const auto unit = [&](size_t at) -> uint32_t {
      return at + 1 < units.size() ? static_cast<uint8_t>(units[at]) |
                                         (uint32_t{static_cast<uint8_t>(units[at + 1])} << 8)
                                   : 0;
    };
    const uint32_t high = unit(i), low = unit(i + 2);
    if ((high & 0xfc00) != 0xd800 || (low & 0xfc00) != 0xdc00) {
      AppendUtf8(text, high);
      continue;
    }
    const uint32_t point = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
    text += static_cast<char>(0xf0 | (point >> 18));
    text += static_cast<char>(0x80 | ((point >> 12) & 0x3f));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
    i += 2;
  }
  return text;
}

}  // namespace slabhound::provide
