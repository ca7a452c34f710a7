#include "diff/tries.h"

#include <array>

namespace slabhound::diff {
namespace {

using engine::EngineSpec;

// `gc=none` also leaves the calls of `gc` out that the case has; `points=0` has those alone, as a
// minimized case wants.
constexpr std::array<engine::FormSpec, 8> kForms = {
    {{.gc = engine::Collection::None},
     {.points = 0},
     {.points = 0, .straight = engine::Straight::None},
     {.points = 1},
     {.points = 2, .seed = 1},
     {.points = 2, .seed = 2},
     {.points = 4, .seed = 3},
     {.points = 8, .seed = 4}}};

// The engine becomes the try whose trace it is.
trace::Trace RunOne(const Prepared& prepared, const EngineSpec& reference,
                    const trace::Trace& expected, EngineSpec& engine, const worker::Lab& lab) {
  std::optional<trace::Trace> first;
  for (EngineSpec& each : TriesOf(engine)) {
    const EngineSpec engines[] = {reference, each};
    trace::Trace traces[] = {expected, Run(prepared, each, lab)};
    if (Compare(engines, traces, lab.today, lab.known_rows()).is_finding()) {
      engine = std::move(each);
      return std::move(traces[1]);
    }
    if (!first) first = std::move(traces[1]);
  }
  return *std::move(first);
}

}  // namespace

std::vector<EngineSpec> TriesOf(const EngineSpec& engine) {
  std::vector<EngineSpec> tries = {engine};
  const bool is_open = !engine::InProcess(engine) && engine.kind != engine::EngineKind::Command &&
                       engine.form == engine::FormSpec{};
  if (!is_open) return tries;
  for (const engine::FormSpec& form : kForms) {
    tries.push_back(engine);
    tries.back().form = form;
  }
  return tries;
}

std::vector<trace::Trace> RunTries(
    const Prepared& prepared, std::vector<EngineSpec>& engines, const worker::Lab& lab,
    const std::function<std::optional<trace::Trace>(const EngineSpec&)>& instead) {
  std::vector<trace::Trace> traces = {Run(prepared, engines.front(), lab)};
  for (size_t i = 1; i < engines.size(); ++i) {
    std::optional<trace::Trace> given;
    if (instead) given = instead(engines[i]);
    traces.push_back(given ? *std::move(given)
                           : RunOne(prepared, engines.front(), traces.front(), engines[i], lab));
  }
  return traces;
}

}  // namespace slabhound::diff
