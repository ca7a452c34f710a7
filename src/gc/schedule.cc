#include "gc/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace slabhound::gc {
namespace {

constexpr std::array kCollectorNames = {
#define SLABHOUND_COLLECTOR(name, text, description) std::string_view{text},
#include "gc/collectors.def"
};

}  // namespace

std::optional<CollectorKind> FindCollector(std::string_view name) {
  const auto found = std::ranges::find(kCollectorNames, name);
  if (found == kCollectorNames.end()) return std::nullopt;
  return static_cast<CollectorKind>(found - kCollectorNames.begin());
}

std::string_view CollectorName(CollectorKind kind) {
  return kCollectorNames[static_cast<size_t>(kind)];
}

std::optional<Schedule> ParseSchedule(std::string_view text) {
  if (text == "never") return Schedule{Schedule::Kind::Never};
  if (text == "explicit") return Schedule{Schedule::Kind::Explicit};
  if (text == "every-safepoint") return Schedule{Schedule::Kind::EverySafepoint};
  if (text == "every-allocation") return Schedule{Schedule::Kind::EveryNth, 1};
  constexpr std::string_view kPrefix = "every-";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  uint32_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n == 0) return std::nullopt;
  return Schedule{Schedule::Kind::EveryNth, n};
}

std::string ScheduleText(const Schedule& schedule) {
  switch (schedule.kind) {
    case Schedule::Kind::Never:
      return "never";
    case Schedule::Kind::Explicit:
      return "explicit";
    case Schedule::Kind::EverySafepoint:
      return "every-safepoint";
    case Schedule::Kind::EveryNth:
      break;
  }
  return schedule.n == 1 ? "every-allocation" : fmt::format("every-{}", schedule.n);
}

}  // namespace slabhound::gc
