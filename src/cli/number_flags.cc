#include "cli/number_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <thread>

namespace slabhound::cli {
namespace {

constexpr unsigned kJobsMax = 256;

template <typename T>
bool IsWithin(const std::string& text, T min, T max) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= min && number <= max;
}

std::string RangeText(uint64_t min, uint64_t max) {
  if (max == UINT64_MAX && min == 0) return "a whole number";
  if (max == UINT64_MAX) return fmt::format("a whole number from {} on", min);
  return fmt::format("a whole number from {} to {}", min, max);
}

}  // namespace

CLI::Validator WholeNumber(uint64_t min, uint64_t max) {
  return {[min, max](const std::string& text) {
            return IsWithin(text, min, max) ? std::string()
                                            : fmt::format("{}: {}", text, RangeText(min, max));
          },
          ""};
}

CLI::Validator Seconds(double min, double max) {
  return {[min, max](const std::string& text) {
            return IsWithin(text, min, max)
                       ? std::string()
                       : fmt::format("{}: seconds from {} to {:.0f}", text, min, max);
          },
          ""};
}

std::optional<double> ParseTime(std::string_view text) {
  double factor = 1;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    factor = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : 3600;
    text.remove_suffix(1);
  }
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number * factor;
}

void AddJobsFlag(CLI::App& parser, unsigned& jobs, const std::string& description) {
  parser.add_option("--jobs", jobs, description)->check(WholeNumber(1, kJobsMax));
}

unsigned JobsOf(unsigned jobs) {
  return jobs > 0 ? jobs : std::clamp(std::thread::hardware_concurrency(), 1u, kJobsMax);
}

}  // namespace slabhound::cli
