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

constexpr uint32_t kPointsDefault = 2;

}  // namespace

std::span<const ProcessEngineInfo> ProcessEngines() { return kProcessEngines; }

const ProcessEngineInfo& InfoOf(EngineKind kind) {
  const auto found = std::ranges::find(kProcessEngines, kind, &ProcessEngineInfo::kind);
  CHECK(found != kProcessEngines.end());
  return *found;
}

FormSpec FormOf(const EngineSpec& spec) {
  FormSpec form = spec.form;
  const bool collects = InfoOf(spec.kind).gc_max > 0 && form.gc != Collection::None;
  form.gc = collects ? form.gc.value_or(Collection::Minor) : Collection::None;
  form.points = collects ? form.points.value_or(kPointsDefault) : 0;
  form.seed = form.seed.value_or(0);
  if (!form.straight) {
    const Straight half = *form.seed % 2 == 0 ? Straight::Odd : Straight::Even;
    form.straight = collects ? half : Straight::None;
  }
  return form;
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
