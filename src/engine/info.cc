#include "engine/info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/check.h"

namespace slabhound::engine {
namespace {

constexpr std::array kProcessEngines = {
#define SLABHOUND_PROCESS_ENGINE(name, ...) ProcessEngineInfo{EngineKind::name, __VA_ARGS__},
#include "engine/engines.def"
};
constexpr std::array kOptions = {
#define SLABHOUND_ENGINE_OPTION(of, ...) EngineOptionInfo{EngineKind::of, __VA_ARGS__},
#include "engine/engines.def"
};

}  // namespace

std::span<const ProcessEngineInfo> ProcessEngines() { return kProcessEngines; }

const ProcessEngineInfo& InfoOf(EngineKind kind) {
  const auto found = std::ranges::find(kProcessEngines, kind, &ProcessEngineInfo::kind);
  CHECK(found != kProcessEngines.end());
  return *found;
}

std::span<const EngineOptionInfo> EngineOptions() { return kOptions; }

std::string OptionUsage(const EngineOptionInfo& option) {
  return fmt::format("{}{}{}", option.name, option.values.empty() ? "" : "=", option.values);
}

bool TakesExceptions(const EngineSpec& spec) {
  if (InProcess(spec)) return true;
  const int since = InfoOf(spec.kind).exceptions_since;
  return since == 0 || std::atoi(spec.version.c_str()) >= since;
}

}  // namespace slabhound::engine
