#include "diff/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "avoid/known.h"
#include "worker/diagnose.h"

namespace slabhound::diff {
namespace {

using engine::EngineSpec;
using trace::Event;
using trace::Trace;

constexpr std::array<std::string_view, 6> kVerdictNames = {"agree",    "diverge", "panic",
                                                           "poisoned", "known",   "rejected"};

// The class of an engine's reason for refusing a module: the first one, without numbers, and
// without the place, which some engines tell last. Endive writes abstract heap types as [-21];
// those stay.
std::string RefusalClass(std::string_view reason) {
  for (const std::string_view end : {"\n", " - ", ", in function at index"}) {
    reason = reason.substr(0, reason.find(end));
  }
  std::string text;
  for (;;) {
    const size_t open = reason.find("[-");
    const size_t close = reason.find(']', open);
    if (close == std::string_view::npos) return text + worker::StableText(reason);
    const std::string_view before = reason.substr(0, open);
    text += worker::StableText(before);
    if (before.ends_with(' ')) text += ' ';
    text += reason.substr(open, close - open);
    reason.remove_prefix(close);
  }
}

// Equal, but for traps that one engine tells less exactly.
bool EventsAgree(const Event& a, const Event& b) {
  if (a == b) return true;
  const auto* left = std::get_if<trace::Trapped>(&a.what);
  const auto* right = std::get_if<trace::Trapped>(&b.what);
  return left != nullptr && right != nullptr && a.kind == b.kind && a.subject == b.subject &&
         a.folded == b.folded && left->traps.Agrees(right->traps);
}

// The events that both engines can show: engines behind workers have no insides.
std::span<const Event> Shown(const EngineSpec& spec, const EngineSpec& other, const Trace& trace) {
  std::span<const Event> events = trace.events;
  if (engine::InProcess(spec) && engine::InProcess(other)) return events;
  while (!events.empty() && events.back().kind == trace::EventKind::Inside) {
    events = events.first(events.size() - 1);
  }
  return events;
}

// Where they first differ; the size of both when they do not.
size_t FirstDifference(std::span<const Event> a, std::span<const Event> b) {
  const size_t common = std::min(a.size(), b.size());
  size_t i = 0;
  while (i < common && EventsAgree(a[i], b[i])) ++i;
  return i;
}

// Whether the trace ended with event `index` for lack of heap.
bool EndedByHeap(const Trace& trace, size_t index) {
  return trace.heap_exhausted && index + 1 >= trace.events.size();
}

// A verdict that is a finding, and the symptom that a row of avoid/known.def may explain.
struct Found {
  Verdict verdict;
  avoid::Symptom symptom = {};
};

// As a row may tell it, in the order of trace::FailureKind.
avoid::Shows ShowsOf(trace::FailureKind kind) {
  using enum avoid::Shows;
  constexpr std::array<avoid::Shows, 12> kShows = {Nothing,     Panic,   InternalError, Abort,
                                                   Killed,      Crash,   OutOfMemory,   Timeout,
                                                   SlowCompile, Garbage, Exit,          Leak};
  return kShows[static_cast<size_t>(kind)];
}

// The finding of a trace that a failure ended.
Found FailureOf(const EngineSpec& engine, const Trace& trace) {
  const trace::Failure& failure = *trace.failure;
  Found found{
      .verdict = {.kind = VerdictKind::Panic, .suspect = engine, .recurrence = trace.recurrence}};
  found.verdict.signature = {.kind = FindingKind::Failure,
                             .suspect = std::string(engine::EngineName(engine)),
                             .failure = failure.kind,
                             .message = failure.message};
  if (trace.recurrence) found.verdict.signature.recurs = trace::RecursOf(*trace.recurrence);
  found.verdict.explanation = fmt::format("{}: {} ({})", engine::EngineText(engine),
                                          trace::FailureText(failure), failure.detail);
  found.symptom = {ShowsOf(failure.kind), failure.message, failure.detail};
  return found;
}

// The finding that two traces give, if they do.
std::optional<Found> DivergenceOf(const EngineSpec& reference, const Trace& expected,
                                  const EngineSpec& engine, const Trace& found) {
  const auto expected_events = Shown(reference, engine, expected);
  const auto found_events = Shown(engine, reference, found);
  const size_t at = FirstDifference(expected_events, found_events);
  if (at == expected_events.size() && at == found_events.size()) return std::nullopt;
  const auto event = [at](std::span<const Event> events) {
    return at < events.size() ? &events[at] : nullptr;
  };
  const Event* right = event(expected_events);
  const Event* wrong = event(found_events);
  // Of these it is no matter what the module would have done.
  const bool alone = wrong != nullptr && (std::holds_alternative<trace::Rejected>(wrong->what) ||
                                          std::holds_alternative<trace::Misjudged>(wrong->what));
  // The event in which a heap ran out, and all behind it, cannot be compared.
  if (!alone && (EndedByHeap(expected, at) || EndedByHeap(found, at))) return std::nullopt;
  Found result{.verdict = {.kind = VerdictKind::Diverge, .suspect = engine, .event = at}};
  Signature& signature = result.verdict.signature;
  signature.suspect = engine::EngineName(engine);
  signature.locus = right != nullptr ? right->kind : wrong->kind;
  if (right != nullptr) signature.expected = trace::ClassOf(right->what);
  if (wrong != nullptr) signature.found = trace::ClassOf(wrong->what);
  if (wrong != nullptr) {
    if (alone) signature.expected = {};
    if (const auto* rejected = std::get_if<trace::Rejected>(&wrong->what)) {
      signature.message = RefusalClass(rejected->reason);
      result.symptom = {avoid::Shows::Rejected, signature.message, rejected->reason};
    }
  }
  if (result.symptom.shows == avoid::Shows::Nothing) {
    result.symptom = {avoid::Shows::Diverges, DivergenceText(signature), {}};
  }
  const auto text = [](const Event* each) {
    return each == nullptr ? std::string("nothing") : trace::EventText(*each);
  };
  result.verdict.explanation = fmt::format("{} has {}\n{} has {}", engine::EngineText(reference),
                                           text(right), engine::EngineText(engine), text(wrong));
  return result;
}

// One comparison under way: what becomes of the verdict.
class Comparison {
 public:
  Comparison(std::span<const EngineSpec> engines, std::span<const Trace> traces,
             std::string_view today, const std::vector<avoid::KnownRow>& known)
      : engines_(engines), traces_(traces), today_(today), known_(known) {
    for (const Trace& trace : traces) {
      verdict_.fuel_exhausted |= trace.fuel_exhausted;
      verdict_.depth_exhausted |= trace.depth_exhausted;
      verdict_.size_exhausted |= trace.size_exhausted;
      verdict_.heap_exhausted |= trace.heap_exhausted && !trace.needs;
      if (trace.needs) AddNeeded(trace::NeedsText(*trace.needs));
      verdict_.avoided.insert(verdict_.avoided.end(), trace.avoided.begin(), trace.avoided.end());
    }
  }

  Verdict Run() {
    if (TakeFailures() || TakeUnusable() || TakeDivergences()) return std::move(verdict_);
    if (verdict_.kind == VerdictKind::Rejected || verdict_.kind == VerdictKind::Known) {
      return std::move(verdict_);
    }
    const Event& first = traces_.front().events.front();
    if (std::holds_alternative<trace::Refused>(first.what)) {
      verdict_.kind = VerdictKind::Rejected;
      verdict_.explanation = trace::HappeningText(first.what);
    } else if (verdict_.heap_exhausted || !verdict_.needs.empty()) {
      verdict_.kind = VerdictKind::Poisoned;
    }
    return std::move(verdict_);
  }

 private:
  void AddNeeded(std::string what) {
    if (std::ranges::find(verdict_.needs, what) == verdict_.needs.end()) {
      verdict_.needs.push_back(std::move(what));
    }
  }

  // Each is true when it found what the verdict is.
  bool TakeFailures() {
    for (size_t i = 0; i < traces_.size(); ++i) {
      if (traces_[i].failure && Become(FailureOf(engines_[i], traces_[i]), i)) return true;
    }
    return false;
  }

  bool TakeUnusable() {
    for (size_t i = 0; i < traces_.size(); ++i) {
      if (!traces_[i].unusable) continue;
      if (i != 0 && verdict_.kind == VerdictKind::Known) continue;
      verdict_.kind = VerdictKind::Rejected;
      verdict_.explanation = fmt::format("{} did not run it: {}", engine::EngineText(engines_[i]),
                                         *traces_[i].unusable);
      if (i == 0) return true;
    }
    return false;
  }

  bool TakeDivergences() {
    const Trace& reference = traces_.front();
    for (size_t i = 1; i < traces_.size() && !reference.failure; ++i) {
      if (traces_[i].unusable || traces_[i].failure) continue;
      auto found = DivergenceOf(engines_.front(), reference, engines_[i], traces_[i]);
      if (found && Become(*std::move(found), i)) return true;
    }
    return false;
  }

  // The name of the row that has it; empty: none.
  std::string KnownAs(const avoid::Symptom& symptom, size_t i) const {
    const std::string& version = traces_[i].engine_version;
    if (const auto* entry = avoid::FindKnown(engines_[i], version, symptom, today_)) {
      return std::string(entry->name);
    }
    const auto* row = avoid::FindKnown(known_, engines_[i], version, symptom, today_);
    return row != nullptr ? row->name : std::string();
  }

  // False: it is known.
  bool Become(Found found, size_t i) {
    Verdict& finding = found.verdict;
    if (const std::string known = KnownAs(found.symptom, i); !known.empty()) {
      verdict_.known.push_back(known);
      if (verdict_.kind != VerdictKind::Known) {
        verdict_.kind = VerdictKind::Known;
        verdict_.explanation = fmt::format("known as {}\n{}", known, finding.explanation);
      }
      return false;
    }
    verdict_.kind = finding.kind;
    verdict_.signature = std::move(finding.signature);
    verdict_.explanation = std::move(finding.explanation);
    verdict_.suspect = std::move(finding.suspect);
    verdict_.event = finding.event;
    verdict_.recurrence = std::move(finding.recurrence);
    return true;
  }

  std::span<const EngineSpec> engines_;
  std::span<const Trace> traces_;
  std::string_view today_;
  const std::vector<avoid::KnownRow>& known_;
  Verdict verdict_;
};

}  // namespace

std::string_view VerdictName(VerdictKind kind) { return kVerdictNames[static_cast<size_t>(kind)]; }

Verdict Compare(std::span<const EngineSpec> engines, std::span<const trace::Trace> traces,
                std::string_view today, const std::vector<avoid::KnownRow>& known) {
  return Comparison(engines, traces, today, known).Run();
}

Verdict Judge(const Prepared& prepared, std::span<const EngineSpec> engines,
              const worker::Lab& lab) {
  std::vector<Trace> traces;
  traces.reserve(engines.size());
  for (const EngineSpec& engine : engines) traces.push_back(Run(prepared, engine, lab));
  return Compare(engines, traces, lab.today, lab.known_rows());
}

Verdict Judge(const testcase::TestCase& test_case, std::span<const EngineSpec> engines,
              const worker::Lab& lab) {
  const auto prepared = diff::Prepare(test_case);
  if (prepared) return Judge(*prepared, engines, lab);
  return {.kind = VerdictKind::Rejected, .explanation = prepared.error().Message()};
}

}  // namespace slabhound::diff
