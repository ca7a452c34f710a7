#include "regression/script_engines.h"

#include <algorithm>

#include "engine/info.h"

namespace slabhound::regression {
namespace {

using engine::Collection;
using engine::EngineSpec;
using engine::FormSpec;

// What an engine's own check of its heap found may be seen by the script where more is collected.
std::vector<EngineSpec> SlabEngines(const EngineSpec& suspect) {
  using Kind = gc::Schedule::Kind;
  if (suspect.slab.schedule.kind == Kind::Never) return {suspect};
  std::vector<EngineSpec> engines;
  const auto add = [&](const gc::Schedule& schedule) {
    EngineSpec engine = suspect;
    engine.slab.schedule = schedule;
    if (std::ranges::find(engines, engine) == engines.end()) engines.push_back(std::move(engine));
  };
  add({});
  add(suspect.slab.schedule);
  for (const Kind kind : {Kind::EveryNth, Kind::EverySafepoint}) add({.kind = kind, .n = 1});
  return engines;
}

}  // namespace

std::vector<EngineSpec> ScriptEngines(const EngineSpec& suspect, bool collects) {
  if (suspect.kind == engine::EngineKind::Slab) return SlabEngines(suspect);
  if (engine::InProcess(suspect)) return {suspect};
  if (suspect.kind == engine::EngineKind::Command) return {};
  const FormSpec& own = suspect.form;
  if (engine::InfoOf(suspect.kind).gc_max == 0 || own.gc == Collection::None) return {suspect};
  const Collection kind = own.gc.value_or(Collection::Minor);
  std::vector<EngineSpec> engines;
  const auto add = [&](FormSpec form) {
    form.known = own.known;
    EngineSpec engine = suspect;
    engine.form = form;
    if (std::ranges::find(engines, engine) == engines.end()) engines.push_back(std::move(engine));
  };
  add({});
  if (collects) {
    using enum engine::Straight;
    for (const engine::Straight straight : {None, All, Even, Odd}) {
      add({.gc = kind, .points = 0, .straight = straight});
    }
    add({.gc = Collection::Full, .points = 0});
  }
  FormSpec same = own;
  same.gc = kind;
  add(same);
  for (const Collection each : {Collection::Full, kind}) add({.gc = each, .points = 1});
  constexpr std::pair<uint32_t, uint32_t> kDrawn[] = {{2, 1}, {2, 2}, {4, 3}, {8, 4}};
  for (const auto& [points, seed] : kDrawn) add({.gc = kind, .points = points, .seed = seed});
  return engines;
}

}  // namespace slabhound::regression
