#include "page/framing.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

namespace slabhound::page {
namespace {

Framed RefusedWith(int status) { return {.state = Framed::State::Refused, .status = status}; }

// The header's name in lower case, and its value.
std::pair<std::string, std::string_view> SplitHeader(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  return {std::move(name), value};
}

std::optional<size_t> ParseLength(std::string_view text) {
  size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return length;
}

}  // namespace

Framed FindRequest(std::string_view received) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const size_t end = received.substr(0, kHeadBytesMax).find(kEnd);
  if (end == std::string_view::npos) {
    if (received.size() >= kHeadBytesMax) return RefusedWith(431);
    return {};
  }
  Framed framed{.state = Framed::State::Complete, .head_bytes = end + kEnd.size()};
  std::string_view head = received.substr(0, end);
  bool has_length = false;
  for (bool is_first = true; !head.empty(); is_first = false) {
    const size_t line_end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, line_end);
    head.remove_prefix(std::min(line_end + 2, head.size()));
    if (line.size() > kLineBytesMax) return RefusedWith(is_first ? 414 : 431);
    if (line.find('\n') != std::string_view::npos) return RefusedWith(400);
    if (is_first) continue;
    const auto [name, value] = SplitHeader(line);
    if (name == "transfer-encoding") return RefusedWith(411);
    if (name != "content-length") continue;
    const auto length = ParseLength(value);
    if (!length || has_length) return RefusedWith(400);
    if (*length > kBodyBytesMax) return RefusedWith(413);
    has_length = true;
    framed.body_bytes = *length;
  }
  if (received.size() < framed.head_bytes + framed.body_bytes) return {};
  return framed;
}

}  // namespace slabhound::page
