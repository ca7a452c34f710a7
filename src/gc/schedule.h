// When collections happen, and how much each looks at. The flag text is
// --gc SCHEDULE[-minor|-full]; schedules are rows of schedules.def.
//
// 1. A minor collection is the quick one of a collector that has it: the nursery, or counts without
//    a trace. What has one kind only does that.
// 2. A schedule says -minor or -full, or mixes: each kFullOneIn-th collection is a full one.
// 3. When the heap is full the collection is full, whatever the schedule says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slabhound::gc {

enum class CollectorKind : uint8_t {
#define SLABHOUND_COLLECTOR(name, ...) name,
#include "gc/collectors.def"
};
std::optional<CollectorKind> FindCollector(std::string_view name);
inline constexpr std::string_view kCollectorTexts =
#define SLABHOUND_COLLECTOR(name, text, ...) " " text
#include "gc/collectors.def"
    ;
std::string_view CollectorName(CollectorKind kind);

enum class Extent : uint8_t { Minor, Full };

// What a collection frees: nothing; some of what is not reached; all of that which no cycle holds;
// all of it.
enum class Frees : uint8_t { Nothing, Some, Acyclic, Everything };
Frees FreesOf(CollectorKind kind, Extent extent);
// Whether its minor and full collections differ.
inline bool HasMinor(CollectorKind kind) {
  return FreesOf(kind, Extent::Minor) != FreesOf(kind, Extent::Full);
}

struct Schedule {
  enum class Kind : uint8_t {
#define SLABHOUND_SCHEDULE(name, ...) name,
#include "gc/schedules.def"
  };
  Kind kind = Kind::Explicit;
  uint32_t n = 1;                     // EveryNth: at least 1. Random: the seed
  std::optional<Extent> extent = {};  // unset: mixed
  friend bool operator==(const Schedule&, const Schedule&) = default;
};
inline constexpr uint32_t kFullOneIn = 4;

inline constexpr std::string_view kScheduleTexts =
    "every-allocation"
#define SLABHOUND_SCHEDULE(name, text, ...) "|" text
#include "gc/schedules.def"
    ", each but never with -minor or -full behind it";
std::optional<Schedule> ParseSchedule(std::string_view text);
std::string ScheduleText(const Schedule& schedule);

}  // namespace slabhound::gc
