#include "campaign/tally_counters.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <string_view>

namespace slabhound::campaign {
namespace {

struct NumberField {
  const char *scope, *name;
  uint64_t Tally::* field;
};

constexpr NumberField kNumbers[] = {
    {"cases", "cases", &Tally::cases},
    {"cases", "agree", &Tally::agree},
    {"cases", "poisoned", &Tally::poisoned},
    {"cases", "known", &Tally::known},
    {"cases", "rejected", &Tally::rejected},
    {"cases", "findings", &Tally::findings},
    {"cases", "generator crashes", &Tally::generator_crashes},
    {"cases", "killed", &Tally::killed},
    {"ran out", "fuel", &Tally::fuel},
    {"ran out", "depth", &Tally::depth},
    {"ran out", "large", &Tally::large},
    {"cpu ns", "generate", &Tally::generate_ns},
    {"cpu ns", "judge", &Tally::judge_ns},
};

struct MapField {
  const char* scope;
  std::map<std::string, uint64_t> Tally::* field;
};

constexpr MapField kMaps[] = {
    {"rejected", &Tally::rejections},   {"generator", &Tally::generator_reasons},
    {"killed", &Tally::killed_reasons}, {"symptom", &Tally::buckets},
    {"known met", &Tally::known_met},   {"known avoided", &Tally::known_avoided},
    {"needs", &Tally::needs},           {"configuration", &Tally::configurations},
};

struct EngineField {
  const char* scope;
  uint64_t EngineCounts::* field;
};

constexpr EngineField kEngines[] = {
    {"asked", &EngineCounts::asked},
    {"not run", &EngineCounts::not_run},
    {"refused", &EngineCounts::refused},
};

}  // namespace

nlohmann::ordered_json CasesJson(const Tally& tally) {
  nlohmann::ordered_json json;
  for (const NumberField& each : kNumbers) {
    if (std::string_view(each.scope) != "cases") continue;
    std::string name = each.field == &Tally::cases ? "modules" : each.name;
    std::ranges::replace(name, ' ', '_');
    json[name] = tally.*each.field;
  }
  return json;
}

ledger::Counters ToCounters(const Tally& tally) {
  ledger::Counters counters;
  const auto put = [&counters](const char* scope, const std::string& name, uint64_t value) {
    if (value > 0) counters[{scope, name}] = value;
  };
  for (const NumberField& each : kNumbers) put(each.scope, each.name, tally.*each.field);
  for (const MapField& each : kMaps) {
    for (const auto& [name, value] : tally.*each.field) put(each.scope, name, value);
  }
  for (const EngineField& each : kEngines) {
    for (const auto& [place, counts] : tally.engines) {
      put(each.scope, std::to_string(place), counts.*each.field);
    }
  }
  return counters;
}

Tally FromCounters(const ledger::Counters& counters) {
  Tally tally;
  for (const auto& [key, value] : counters) {
    const auto& [scope, name] = key;
    for (const NumberField& each : kNumbers) {
      if (scope == each.scope && name == each.name) tally.*each.field = value;
    }
    for (const MapField& each : kMaps) {
      if (scope == each.scope) (tally.*each.field)[name] = value;
    }
    for (const EngineField& each : kEngines) {
      uint64_t place = 0;
      const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), place);
      if (scope != each.scope || error != std::errc()) continue;
      tally.engines[place].*each.field = value;
    }
  }
  return tally;
}

ledger::Counters Increase(const ledger::Counters& before, const ledger::Counters& now) {
  ledger::Counters increase;
  for (const auto& [key, value] : now) {
    const auto found = before.find(key);
    const uint64_t added = value - (found == before.end() ? 0 : found->second);
    if (added > 0) increase.emplace(key, added);
  }
  return increase;
}

}  // namespace slabhound::campaign
