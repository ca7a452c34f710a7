#include "cause/variants.h"

#include <algorithm>
#include <array>
#include <ranges>

#include "engine/info.h"

namespace slabhound::cause {
namespace {

using engine::EngineKind;
using engine::EngineSpec;

struct Configuration {
  EngineKind kind;
  std::string_view options;
};
constexpr Configuration kConfigurations[] = {
#define SLABHOUND_VARIANT(kind, options) {EngineKind::kind, options},
#include "cause/variants.def"
};

constexpr gc::CollectorKind kCollectors[] = {
#define SLABHOUND_COLLECTOR(name, ...) gc::CollectorKind::name,
#include "gc/collectors.def"
};

using ScheduleKind = gc::Schedule::Kind;
constexpr ScheduleKind kSchedules[] = {ScheduleKind::Never, ScheduleKind::Explicit,
                                       ScheduleKind::EveryNth, ScheduleKind::EverySafepoint};

void AddSlab(const EngineSpec& suspect, std::vector<EngineSpec>& variants) {
  for (const gc::CollectorKind collector : kCollectors) {
    for (const ScheduleKind schedule : kSchedules) {
      EngineSpec variant = suspect;
      variant.slab.collector = collector;
      variant.slab.schedule = {.kind = schedule};
      variants.push_back(std::move(variant));
    }
  }
}

// The suspect with `options` instead of its own of these names.
EngineSpec Configured(const EngineSpec& suspect, std::string_view options) {
  const EngineSpec with = engine::WithOptions(suspect, options).value();
  EngineSpec variant = suspect;
  for (const engine::EngineOption& option : with.options) {
    std::erase_if(variant.options,
                  [&](const engine::EngineOption& own) { return own.row == option.row; });
    variant.options.push_back(option);
  }
  std::ranges::sort(variant.options, {}, &engine::EngineOption::row);
  if (with.form.gc) variant.form.gc = with.form.gc;
  return variant;
}

void AddReleases(const EngineSpec& suspect, const std::vector<EngineSpec>& releases,
                 std::vector<EngineSpec>& variants) {
  if (suspect.version.empty()) return;
  for (const EngineSpec& release : releases) {
    if (release.kind != suspect.kind || release.version.empty()) continue;
    variants.push_back(suspect);
    variants.back().version = release.version;
  }
  diff::SortByRelease(variants);
}

bool IsRefusal(const diff::Verdict& verdict) {
  return verdict.signature.found.kind == trace::ClassKind::Rejected;
}

Cell CellOf(const diff::Verdict& verdict, const trace::Trace& trace, bool suspect_refuses) {
  if (verdict.is_finding()) {
    return IsRefusal(verdict) && !suspect_refuses ? Cell::NotAble : Cell::Fail;
  }
  return trace.unusable || trace.heap_exhausted ? Cell::NotAble : Cell::Pass;
}

}  // namespace

std::vector<EngineSpec> VariantsOf(const EngineSpec& suspect,
                                   const std::vector<EngineSpec>& releases) {
  std::vector<EngineSpec> variants;
  if (suspect.kind == EngineKind::Slab) {
    AddSlab(suspect, variants);
  } else {
    AddReleases(suspect, releases, variants);
    for (const Configuration& each : kConfigurations) {
      if (each.kind == suspect.kind) variants.push_back(Configured(suspect, each.options));
    }
  }
  std::vector<EngineSpec> once;
  if (std::ranges::count(variants, suspect) == 0) once.push_back(suspect);
  for (EngineSpec& each : variants) {
    if (std::ranges::count(once, each) == 0) once.push_back(std::move(each));
  }
  once.resize(std::min(once.size(), kVariantsMax));
  return once;
}

VariantVector VectorOf(const diff::Prepared& prepared, const EngineSpec& reference,
                       const EngineSpec& suspect, const diff::Releases& releases,
                       const worker::Lab& lab) {
  const worker::Lab alone = lab.WithoutRecurrence();
  const trace::Trace expected = diff::Run(prepared, reference, alone);
  const auto judge = [&](const EngineSpec& engine, trace::Trace& trace) {
    if (releases.before_each_run) releases.before_each_run();
    trace = diff::Run(prepared, engine, alone);
    const std::array engines = {reference, engine};
    const std::array traces = {expected, trace};
    return diff::Compare(engines, traces, alone.today);
  };
  trace::Trace trace;
  const diff::Verdict own = judge(suspect, trace);
  const bool suspect_refuses = own.is_finding() && IsRefusal(own);
  VariantVector vector;
  for (const EngineSpec& engine : VariantsOf(suspect, releases.engines)) {
    const diff::Verdict verdict = judge(engine, trace);
    vector.push_back({engine::EngineText(engine), CellOf(verdict, trace, suspect_refuses)});
  }
  return vector;
}

}  // namespace slabhound::cause
