#include "trace/trap_set.h"

#include <array>

namespace slabhound::trace {
namespace {

constexpr std::array kKinds = {
#define SLABHOUND_TRAP(name, phrase) machine::TrapKind::name,
#include "machine/traps.def"
};
static_assert(kKinds.size() <= 32);

}  // namespace

std::string TrapSet::Text() const {
  if (*this == Any()) return "?";
  std::string text;
  for (const machine::TrapKind kind : kKinds) {
    if (!Has(kind)) continue;
    if (!text.empty()) text += '|';
    text += machine::TrapName(kind);
  }
  return text;
}

TrapSet ParseTraps(std::string_view names) {
  TrapSet set;
  while (!names.empty()) {
    const size_t bar = names.find('|');
    for (const machine::TrapKind kind : kKinds) {
      if (machine::TrapName(kind) == names.substr(0, bar)) set = set.With(kind);
    }
    names = bar == std::string_view::npos ? std::string_view() : names.substr(bar + 1);
  }
  return set == TrapSet() ? TrapSet::Any() : set;
}

}  // namespace slabhound::trace
