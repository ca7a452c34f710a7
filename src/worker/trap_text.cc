#include "worker/trap_text.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "machine/outcome.h"

namespace slabhound::worker {
namespace {

using machine::TrapKind;

constexpr std::array kKinds = {
#define SLABHOUND_TRAP(name, phrase) TrapKind::name,
#include "machine/traps.def"
};

using Set = uint32_t;
static_assert(kKinds.size() <= 32);
constexpr Set Bit(TrapKind kind) { return Set{1} << static_cast<unsigned>(kind); }
constexpr Set kAny = ~Set{0};

struct Row {
  engine::EngineKind engine;
  std::string_view start;
  Set traps;
};

constexpr Set MakeSet(std::initializer_list<TrapKind> kinds) {
  Set set = 0;
  for (const TrapKind kind : kinds) set |= Bit(kind);
  return set;
}

constexpr auto kRows = [] {
  using enum TrapKind;
  return std::to_array<Row>({
#define SLABHOUND_TRAP_TEXT(of, start, ...) {engine::EngineKind::of, start, MakeSet({__VA_ARGS__})},
#include "worker/trap_texts.def"
  });
}();

std::string SetText(Set set) {
  if (set == kAny) return "?";
  std::string text;
  for (const TrapKind kind : kKinds) {
    if ((set & Bit(kind)) == 0) continue;
    if (!text.empty()) text += '|';
    text += machine::TrapName(kind);
  }
  return text;
}

Set ParseSet(std::string_view text) {
  Set set = 0;
  while (!text.empty()) {
    const size_t bar = text.find('|');
    for (const TrapKind kind : kKinds) {
      if (machine::TrapName(kind) == text.substr(0, bar)) set |= Bit(kind);
    }
    text = bar == std::string_view::npos ? std::string_view() : text.substr(bar + 1);
  }
  return set == 0 ? kAny : set;
}

}  // namespace

std::string TrapText(engine::EngineKind engine, std::string_view message) {
  for (const Row& row : kRows) {
    if (row.engine == engine && message.starts_with(row.start)) return SetText(row.traps);
  }
  return SetText(kAny);
}

std::string TrapKindText(std::string_view kind) { return SetText(ParseSet(kind)); }

bool TrapsAgree(std::string_view a, std::string_view b) { return (ParseSet(a) & ParseSet(b)) != 0; }

}  // namespace slabhound::worker
