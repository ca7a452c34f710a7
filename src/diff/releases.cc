#include "diff/releases.h"

#include <algorithm>
#include <array>

#include "avoid/known.h"
#include "worker/recurrence.h"

namespace slabhound::diff {
namespace {

using engine::EngineSpec;

enum class Does : uint8_t { Fail, Pass, Neither };

bool IsRefusal(const Verdict& verdict) {
  return verdict.signature.found.kind == trace::ClassKind::Rejected;
}

bool IsOlder(std::string_view version, std::string_view other) {
  return version != other && avoid::VersionWithin(version, "", other);
}

Does On(const EngineSpec& release, const Prepared& prepared, const EngineSpec& reference,
        const trace::Trace& expected, const Verdict& verdict, const worker::Lab& lab) {
  const std::array engines = {reference, release};
  const std::array traces = {expected, Run(prepared, release, lab)};
  const Verdict now = Compare(engines, traces, lab.today, lab.known_rows());
  if (now.is_finding()) {
    if (IsRefusal(now) && !IsRefusal(verdict)) return Does::Neither;
    // In a fresh worker it did not.
    return now.recurrence && now.recurrence->seen == 0 ? Does::Pass : Does::Fail;
  }
  return traces[1].unusable || traces[1].heap_exhausted ? Does::Neither : Does::Pass;
}

}  // namespace

void SortByRelease(std::vector<EngineSpec>& engines) {
  std::ranges::sort(engines, [](const EngineSpec& a, const EngineSpec& b) {
    return IsOlder(a.version, b.version);
  });
}

ReleaseRange FailingReleases(const Prepared& prepared, const EngineSpec& reference,
                             const Verdict& verdict, const Releases& releases,
                             const worker::Lab& lab) {
  const EngineSpec& suspect = verdict.suspect;
  std::vector<EngineSpec> others;
  bool any = false;
  for (const EngineSpec& engine : releases.engines) {
    if (engine.kind != suspect.kind || suspect.version.empty()) continue;
    any = true;
    if (engine.version == suspect.version) continue;
    others.push_back(suspect);
    others.back().version = engine.version;
  }
  if (!any) return {};
  SortByRelease(others);
  const worker::Lab alone = lab.WithoutRecurrence();
  const trace::Trace expected = Run(prepared, reference, alone);
  // The last release this way that fails before one passes.
  const auto reach = [&](const auto& way) {
    std::string_view last = suspect.version;
    for (const EngineSpec& release : way) {
      if (releases.before_each_run) releases.before_each_run();
      const Does does = On(release, prepared, reference, expected, verdict, alone);
      if (does == Does::Pass) break;
      if (does == Does::Fail) last = release.version;
    }
    return last;
  };
  const auto newer = std::ranges::find_if(
      others, [&](const EngineSpec& release) { return IsOlder(suspect.version, release.version); });
  const std::string_view first =
      reach(std::ranges::subrange(std::make_reverse_iterator(newer), others.rend()));
  const std::string_view last = reach(std::ranges::subrange(newer, others.end()));
  return {std::string(first), std::string(last)};
}

}  // namespace slabhound::diff
