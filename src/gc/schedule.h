// When collections happen. The flag text is --gc
// never|explicit|every-allocation|every-safepoint|every-N.
//
// never            no collection at all; a full heap is Exhausted
// explicit         at the embedder's request (an imported `gc`), and when the heap is full
// every-allocation before each allocation, and as explicit
// every-safepoint  at each call, loop header and before each allocation, and as explicit
// every-N          before each N-th allocation, and as explicit; every-1 is every-allocation
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

struct Schedule {
  enum class Kind : uint8_t { Never, Explicit, EveryNth, EverySafepoint };
  Kind kind = Kind::Explicit;
  uint32_t n = 1;  // EveryNth only, at least 1
  friend bool operator==(const Schedule&, const Schedule&) = default;
};
inline constexpr std::string_view kScheduleTexts =
    "never|explicit|every-allocation|every-safepoint|every-N";
std::optional<Schedule> ParseSchedule(std::string_view text);
std::string ScheduleText(const Schedule& schedule);

}  // namespace slabhound::gc
