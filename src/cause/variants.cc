#include "cause/variants.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <ranges>

#include "base/check.h"
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
// The suspect and these.
static_assert(1 + std::size(kCollectors) * std::size(kSchedules) <= kVariantsMax);

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

bool IsRefusal(const diff::Signature& signature) {
  return signature.found.kind == trace::ClassKind::Rejected;
}

std::string NameOf(const EngineSpec& engine, const EngineSpec& suspect) {
  EngineSpec named = engine;
  named.form = {};
  if (engine.form.gc != suspect.form.gc) named.form.gc = engine.form.gc;
  return engine::EngineText(named);
}

// One case on many engines, against the same expectation.
class Judge {
 public:
  Judge(const diff::Prepared& prepared, const Suspicion& suspicion)
      : prepared_(prepared),
        asked_(suspicion),
        lab_(suspicion.lab.WithoutRecurrence()),
        expected_(diff::Run(prepared, suspicion.reference, lab_)) {
    if (!suspicion.shown) return;
    own_ = Cell::Fail;
    suspect_refuses_ = IsRefusal(*suspicion.shown);
  }

  Cell On(const EngineSpec& engine) {
    if (engine == asked_.suspect && own_) return *own_;
    if (asked_.releases.before_each_run) asked_.releases.before_each_run();
    const std::array engines = {asked_.reference, engine};
    const std::array traces = {expected_, diff::Run(prepared_, engine, lab_)};
    const diff::Verdict verdict = diff::Compare(engines, traces, lab_.today);
    const bool refuses = verdict.is_finding() && IsRefusal(verdict.signature);
    // In a fresh worker it may not.
    const bool recurs = !verdict.recurrence || verdict.recurrence->seen > 0;
    Cell cell = verdict.is_finding() && recurs ? Cell::Fail : Cell::Pass;
    if (traces[1].unusable || traces[1].heap_exhausted) cell = Cell::NotAble;
    if (engine == asked_.suspect) {
      const auto& failure = traces[1].failure;
      const bool hangs = failure && failure->kind == trace::FailureKind::Timeout;
      if (hangs && !asked_.hangs) cell = Cell::NotAble;
      own_ = cell;
      suspect_refuses_ = refuses;
    } else if (refuses && !suspect_refuses_) {
      cell = Cell::NotAble;
    }
    return cell;
  }

 private:
  const diff::Prepared& prepared_;
  const Suspicion& asked_;
  const worker::Lab lab_;
  const trace::Trace expected_;
  std::optional<Cell> own_;
  bool suspect_refuses_ = false;
};

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
  std::vector<EngineSpec> once = {suspect};
  for (EngineSpec& each : variants) {
    if (std::ranges::count(once, each) == 0) once.push_back(std::move(each));
  }
  once.resize(std::min(once.size(), kVariantsMax));
  return once;
}

VariantVector VectorOf(const diff::Prepared& prepared, const Suspicion& suspicion) {
  Judge judge(prepared, suspicion);
  VariantVector vector;
  for (const EngineSpec& engine : VariantsOf(suspicion.suspect, suspicion.releases.engines)) {
    vector.push_back({NameOf(engine, suspicion.suspect), judge.On(engine)});
  }
  return vector;
}

VariantVector SteadyVectorOf(const diff::Prepared& prepared, const Suspicion& suspicion) {
  const EngineSpec& suspect = suspicion.suspect;
  Judge judge(prepared, suspicion);
  judge.On(suspect);  // whether it refuses the case tells of the others
  bool cured = false;
  VariantVector vector;
  for (const EngineSpec& engine : VariantsOf(suspect, suspicion.releases.engines)) {
    Variant& variant = vector.emplace_back(NameOf(engine, suspect), Cell::NotAble);
    const bool in_process = engine::InProcess(engine);
    const bool may_count = in_process || (!cured && engine.version != suspect.version);
    if (!may_count || !IsDecisive(variant, suspect)) continue;
    const Cell cell = judge.On(engine);
    if (!in_process && judge.On(engine) != cell) continue;
    variant.cell = cell;
    cured = cured || (!in_process && cell == Cell::Pass);
  }
  return vector;
}

bool Fails(const diff::Prepared& prepared, const Suspicion& suspicion) {
  return Judge(prepared, suspicion).On(suspicion.suspect) == Cell::Fail;
}

bool Gives(const VariantVector& vector, const diff::Prepared& prepared,
           const Suspicion& suspicion) {
  const std::vector<EngineSpec> variants =
      VariantsOf(suspicion.suspect, suspicion.releases.engines);
  CHECK(variants.size() == vector.size());
  Judge judge(prepared, suspicion);
  if (judge.On(suspicion.suspect) != Cell::Fail) return false;
  for (size_t i = 0; i < vector.size(); ++i) {
    if (vector[i].cell == Cell::NotAble || !IsDecisive(vector[i], suspicion.suspect)) continue;
    if (judge.On(variants[i]) != vector[i].cell) return false;
  }
  return true;
}

}  // namespace slabhound::cause
