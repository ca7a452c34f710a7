#include "screen/amounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace slabhound::screen {

std::string CountText(uint64_t count) {
  std::string text = std::to_string(count);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string RateText(double per_second) {
  return per_second < 10 ? fmt::format("{:.1f}/s", per_second)
                         : CountText(static_cast<uint64_t>(per_second + 0.5)) + "/s";
}

std::string DurationText(double seconds) {
  constexpr double kMax = 1e15;  // whatever was divided by next to nothing
  const auto whole = static_cast<uint64_t>(std::clamp(seconds, 0.0, kMax));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {} h", CountText(whole / 86400), whole / 3600 % 24);
}

std::string BytesText(uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  auto amount = static_cast<double>(bytes);
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return fmt::format("{:.{}f} {}", amount, unit > 0 && amount < 10 ? 1 : 0, kUnits[unit]);
}

std::string ShareText(uint64_t part, uint64_t all) {
  if (all == 0) return "-";
  return fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(all));
}

std::string Printable(std::string_view text) {
  std::string columns;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    const bool is_continuation = (byte & 0xC0) == 0x80;
    if (byte >= 0x20 && byte < 0x7F) {
      columns += each;
    } else if (!is_continuation) {
      columns += '?';
    }
  }
  return columns;
}

std::string Cut(std::string_view text, size_t width) {
  constexpr std::string_view kDots = "...";
  if (text.size() <= width) return std::string(text);
  if (width <= kDots.size()) return std::string(text.substr(0, width));
  return std::string(text.substr(0, width - kDots.size())) + std::string(kDots);
}

}  // namespace slabhound::screen
