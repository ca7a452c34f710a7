#include "minimizer/settle.h"

#include <algorithm>

#include "diff/materialize.h"
#include "engine/info.h"
#include "testcase/collections.h"

namespace slabhound::minimizer {
namespace {

using engine::EngineSpec;
using testcase::TestCase;

// Whether the signature stays with this suspect, which is then the finding's.
bool Take(const TestCase& test_case, const EngineSpec& suspect, Keep& keep) {
  Keep with = keep;
  with.suspect = suspect;
  if (keep.suspect != keep.engines.front()) {
    with.engines = {keep.engines.front(), suspect};
  } else {
    with.engines.front() = suspect;
  }
  if (with.engines == keep.engines) return false;
  // Twice: what shows by chance is no ground to build on.
  const Predicate shows = KeepsSignature(with);
  if (!shows(test_case).IsInteresting() || !shows(test_case).IsInteresting()) return false;
  keep = std::move(with);
  return true;
}

// The suspect without any collection.
EngineSpec Idle(EngineSpec suspect) {
  if (suspect.kind == engine::EngineKind::Slab) {
    suspect.slab.schedule = {gc::Schedule::Kind::Explicit};
  } else if (engine::FormOf(suspect).gc != engine::Collection::None) {
    suspect.form = {.gc = engine::Collection::None, .known = suspect.form.known};
  }
  return suspect;
}

bool HasChoices(const EngineSpec& suspect) {
  return suspect.kind != engine::EngineKind::Oracle && suspect.kind != engine::EngineKind::Command;
}

// Takes each change that keeps the signature.
template <typename... Changes>
void TryEach(const TestCase& test_case, Keep& keep, const Changes&... changes) {
  const auto try_one = [&](const auto& change) {
    EngineSpec suspect = keep.suspect;
    change(suspect);
    Take(test_case, suspect, keep);
  };
  (try_one(changes), ...);
}

void SettleSlab(const TestCase& test_case, Keep& keep) {
  TryEach(
      test_case, keep, [](EngineSpec& suspect) { suspect.slab.settings = {}; },
      [](EngineSpec& suspect) { suspect.slab.collector = gc::CollectorKind::MarkSweep; },
      [](EngineSpec& suspect) { suspect.slab.schedule.extent.reset(); },
      [](EngineSpec& suspect) { suspect.slab.settings.verification = {}; },
      [](EngineSpec& suspect) { suspect.slab.settings.start = {}; },
      [](EngineSpec& suspect) { suspect.slab.settings.reuse = {}; });
}

}  // namespace

void SettleEngine(const TestCase& test_case, Keep& keep) {
  if (!HasChoices(keep.suspect)) return;
  const bool collects = testcase::Collections(test_case.module).HasCall(test_case.module);
  const bool draws = !engine::InProcess(keep.suspect) && engine::FormOf(keep.suspect).points > 0u;
  if (!collects && !draws) Take(test_case, Idle(keep.suspect), keep);
  if (keep.suspect.kind == engine::EngineKind::Slab) return SettleSlab(test_case, keep);
  const auto try_with = [&](const auto& change) {
    EngineSpec suspect = keep.suspect;
    change(suspect);
    return Take(test_case, suspect, keep);
  };
  try_with([](EngineSpec& suspect) { suspect.form.collections.reset(); });
  for (const auto straight : {engine::Straight::None, engine::Straight::All}) {
    const engine::Straight now = *engine::FormOf(keep.suspect).straight;
    if (now == engine::Straight::None || now == straight) break;
    if (try_with([&](EngineSpec& suspect) { suspect.form.straight = straight; })) break;
  }
  for (size_t i = keep.suspect.options.size(); i-- > 0;) {
    try_with([i](EngineSpec& suspect) {
      suspect.options.erase(suspect.options.begin() + static_cast<ptrdiff_t>(i));
    });
  }
}

void Settle(TestCase& input, Keep& keep) {
  // Each look at what hangs takes as long.
  if (keep.signature.failure == trace::FailureKind::Timeout) return;
  if (HasChoices(keep.suspect) && !Take(input, Idle(keep.suspect), keep)) {
    if (auto made = diff::Materialize(input, keep.suspect)) {
      if (Take(made->test_case, made->spec, keep)) input = std::move(made->test_case);
    }
  }
  Take(input, keep.suspect, keep);
  SettleEngine(input, keep);
}

}  // namespace slabhound::minimizer
