#include "gc/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace slabhound::gc {
namespace {

struct CollectorRow {
  std::string_view text;
  Frees minor, full;
};
constexpr std::array kCollectors = {
#define SLABHOUND_COLLECTOR(name, text, minor, full, ...) \
  CollectorRow{text, Frees::minor, Frees::full},
#include "gc/collectors.def"
};

constexpr std::array kSchedules = {
#define SLABHOUND_SCHEDULE(name, text, ...) std::string_view{text},
#include "gc/schedules.def"
};
constexpr std::string_view kEveryAllocation = "every-allocation";  // every-1

constexpr std::pair<std::string_view, Extent> kExtents[] = {{"-minor", Extent::Minor},
                                                            {"-full", Extent::Full}};

std::optional<uint32_t> Number(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(number) : std::nullopt;
}

std::optional<Schedule> ParseKind(std::string_view text) {
  using Kind = Schedule::Kind;
  if (text == kEveryAllocation) return Schedule{.kind = Kind::EveryNth};
  for (size_t row = 0; row < kSchedules.size(); ++row) {
    std::string_view name = kSchedules[row];
    const auto kind = static_cast<Kind>(row);
    if (!name.ends_with('N')) {
      if (text == name) return Schedule{.kind = kind};
      continue;
    }
    name.remove_suffix(1);
    if (!text.starts_with(name)) continue;
    const auto n = Number(text.substr(name.size()));
    if (n && (*n != 0 || kind != Kind::EveryNth)) return Schedule{.kind = kind, .n = *n};
  }
  return std::nullopt;
}

}  // namespace

std::optional<CollectorKind> FindCollector(std::string_view name) {
  const auto found = std::ranges::find(kCollectors, name, &CollectorRow::text);
  if (found == kCollectors.end()) return std::nullopt;
  return static_cast<CollectorKind>(found - kCollectors.begin());
}

std::string_view CollectorName(CollectorKind kind) {
  return kCollectors[static_cast<size_t>(kind)].text;
}
Frees FreesOf(CollectorKind kind, Extent extent) {
  const CollectorRow& row = kCollectors[static_cast<size_t>(kind)];
  return extent == Extent::Minor ? row.minor : row.full;
}

std::optional<Schedule> ParseSchedule(std::string_view text) {
  std::optional<Extent> extent;
  for (const auto& [suffix, each] : kExtents) {
    if (!text.ends_with(suffix)) continue;
    text.remove_suffix(suffix.size());
    extent = each;
    break;
  }
  auto schedule = ParseKind(text);
  if (!schedule || (extent && schedule->kind == Schedule::Kind::Never)) return std::nullopt;
  schedule->extent = extent;
  return schedule;
}

std::string ScheduleText(const Schedule& schedule) {
  std::string text(kSchedules[static_cast<size_t>(schedule.kind)]);
  if (schedule.kind == Schedule::Kind::EveryNth && schedule.n == 1) text = kEveryAllocation;
  if (text.ends_with('N')) text.replace(text.size() - 1, 1, std::to_string(schedule.n));
  for (const auto& [suffix, each] : kExtents) {
    if (schedule.extent == each) text += suffix;
  }
  return text;
}

}  // namespace slabhound::gc
