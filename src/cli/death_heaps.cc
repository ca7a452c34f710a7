#include "cli/death_heaps.h"

#include <algorithm>
#include <vector>

#include "cli/probe_run.h"

namespace slabhound::cli {
namespace {

constexpr size_t kSingleSitesMax = 32;  // each costs some runs

// The events of probes, and in which call each of them happened.
struct Told {
  size_t event = 0, call = 0;
};

std::vector<Told> ProbesOf(const trace::Trace& trace) {
  std::vector<Told> told;
  size_t call = 0;
  for (size_t i = 0; i < trace.events.size(); ++i) {
    const trace::Event& event = trace.events[i];
    if (event.kind == trace::EventKind::Call) ++call;
    if (event.subject == graph::kProbeName) told.push_back({i, call});
  }
  return told;
}

// The first of both traces' probes that tells other objects, or the last one.
std::optional<Heaps> Shown(const ProbeRun& run, const std::vector<Told>& told, size_t survived,
                           const diff::Prepared& original) {
  std::optional<Heaps> last;
  for (size_t i = 0; i < survived; ++i) {
    auto heaps = run.At(told[i].event, original);
    if (!heaps) continue;
    if (heaps->graphs.difference.count > 0) return heaps;
    last = std::move(heaps);
  }
  return last;
}

// A case that dies with these probes, and what they tell.
class Dying {
 public:
  Dying(const ProbeForm& form, const Judged& judged, const diff::Prepared& original,
        const worker::Lab& lab)
      : form_(form), reference_(judged.engines.front()), original_(original), lab_(lab) {}

  // With all probes; where these keep it alive, or show nothing, with each alone: the first with
  // which something differs, else the last.
  std::optional<Heaps> Find() {
    const auto whole = RunProbes(form_, reference_, lab_);
    if (!whole) return std::nullopt;
    std::optional<Heaps> last;
    if (whole->traces[1].failure) last = Before(*whole, {});
    dies_at_once_ = whole->traces[1].failure && !last;
    if (dies_at_once_ || (last && last->graphs.difference.count > 0)) return last;
    for (size_t only = 0; only < std::min(whole->probed.sites.size(), kSingleSitesMax); ++only) {
      const auto run = RunProbes(form_, reference_, lab_, {.only = only});
      if (!run || !run->traces[1].failure) continue;
      auto heaps = Before(*run, only);
      if (heaps && heaps->graphs.difference.count > 0) return heaps;
      if (!last) last = std::move(heaps);
    }
    return last;
  }

  // Before it has told anything: other collections change nothing about that.
  bool dies_at_once() const { return dies_at_once_; }

 private:
  // `dead` is the run that is not stopped.
  std::optional<Heaps> Before(const ProbeRun& dead, std::optional<size_t> only) {
    const std::vector<Told> told = ProbesOf(dead.traces[0]);
    std::optional<ProbeRun> survivor;
    size_t survived = 0, dies = told.size() + 1;
    while (dies - survived > 1) {
      const size_t middle = survived + (dies - survived) / 2;
      auto run = RunProbes(form_, reference_, lab_,
                           {.stop_after = static_cast<uint32_t>(middle), .only = only},
                           told[middle - 1].call + 1);
      if (run && !run->traces[1].failure && !run->traces[1].unusable) {
        survived = middle;
        survivor = std::move(run);
      } else {
        dies = middle;
      }
    }
    auto heaps = survivor ? Shown(*survivor, told, survived, original_) : std::nullopt;
    if (!heaps) return std::nullopt;
    heaps->dies = "behind that";
    const std::string next =
        survived < told.size() ? dead.SiteOf(told[survived].event, original_) : std::string();
    if (!next.empty() && next != heaps->where) heaps->dies += ", before " + next;
    return heaps;
  }

  const ProbeForm& form_;
  const engine::EngineSpec& reference_;
  const diff::Prepared& original_;
  const worker::Lab& lab_;
  bool dies_at_once_ = false;
};

}  // namespace

std::optional<Heaps> HeapsBeforeDeath(const Judged& judged, const diff::Prepared& prepared,
                                      const worker::Lab& lab) {
  const engine::EngineSpec& suspect = judged.verdict.suspect;
  if (suspect.kind == engine::EngineKind::Command || suspect == judged.engines.front()) {
    return std::nullopt;
  }
  const worker::Lab quick = lab.ForCandidates();
  for (const ProbeForm& form : ProbeFormsOf(prepared, suspect)) {
    Dying dying(form, judged, prepared, quick);
    auto heaps = dying.Find();
    if (heaps || dying.dies_at_once()) return heaps;
  }
  return std::nullopt;
}

}  // namespace slabhound::cli
