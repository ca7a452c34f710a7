#include "diff/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "diff/trap_text.h"

namespace slabhound::diff {
namespace {

constexpr std::array<std::string_view, 5> kVerdictNames = {"agree", "diverge", "panic", "poisoned",
                                                           "rejected"};

// "returns i32 5" -> "returns", "trap CastFailure" -> "trap CastFailure", "exhausted fuel"
// likewise.
std::string OutcomeClass(const Event& event) {
  if (event.kind == EventKind::Import) return "import";
  if (event.kind == EventKind::State || event.kind == EventKind::Inside) return "state";
  const std::string_view text = event.text;
  const size_t first = text.find(' ');
  const std::string_view word = text.substr(0, first);
  if (word == "trap" || word == "exhausted") {
    return std::string(text.substr(0, text.find(' ', first + 1)));
  }
  return std::string(word);
}

// Equal, but for traps that one engine tells less exactly (trap_text.h).
bool EventsAgree(const Event& a, const Event& b) {
  if (a == b) return true;
  constexpr std::string_view kTrap = "trap ";
  if (a.kind != b.kind || a.subject != b.subject) return false;
  std::string_view left = a.text, right = b.text;
  if (!left.starts_with(kTrap) || !right.starts_with(kTrap)) return false;
  left.remove_prefix(kTrap.size());
  right.remove_prefix(kTrap.size());
  const size_t left_end = std::min(left.find(' '), left.size());
  const size_t right_end = std::min(right.find(' '), right.size());
  return left.substr(left_end) == right.substr(right_end) &&
         TrapsAgree(left.substr(0, left_end), right.substr(0, right_end));
}

// The events that both engines can show: engines behind workers have no insides.
std::span<const Event> Shown(const EngineSpec& spec, const EngineSpec& other, const Trace& trace) {
  std::span<const Event> events = trace.events;
  if (InProcess(spec) && InProcess(other)) return events;
  while (!events.empty() && events.back().kind == EventKind::Inside) {
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

}  // namespace

std::string_view VerdictName(VerdictKind kind) { return kVerdictNames[static_cast<size_t>(kind)]; }

Verdict Compare(std::span<const EngineSpec> engines, std::span<const Trace> traces) {
  Verdict verdict;
  for (const Trace& trace : traces) {
    verdict.fuel_exhausted |= trace.fuel_exhausted;
    verdict.depth_exhausted |= trace.depth_exhausted;
    verdict.heap_exhausted |= trace.heap_exhausted;
  }
  for (size_t i = 0; i < traces.size(); ++i) {
    if (!traces[i].panic) continue;
    verdict.kind = VerdictKind::Panic;
    verdict.suspect = engines[i];
    verdict.signature = fmt::format("{} panic: {}", EngineName(engines[i]), traces[i].panic->kind);
    verdict.explanation = fmt::format("{}: {} ({})", EngineText(engines[i]), traces[i].panic->kind,
                                      traces[i].panic->detail);
    return verdict;
  }
  for (size_t i = 0; i < traces.size(); ++i) {
    if (!traces[i].unusable) continue;
    verdict.kind = VerdictKind::Rejected;
    verdict.explanation =
        fmt::format("{} did not run it: {}", EngineText(engines[i]), *traces[i].unusable);
    if (i == 0) return verdict;
  }
  const Trace& reference = traces.front();
  for (size_t i = 1; i < traces.size(); ++i) {
    if (traces[i].unusable) continue;
    const auto expected_events = Shown(engines.front(), engines[i], reference);
    const auto found_events = Shown(engines[i], engines.front(), traces[i]);
    const size_t at = FirstDifference(expected_events, found_events);
    if (at == expected_events.size() && at == found_events.size()) continue;
    // The event in which a heap ran out, and all behind it, cannot be compared.
    if (EndedByHeap(reference, at) || EndedByHeap(traces[i], at)) continue;
    const auto describe = [at](std::span<const Event> events) {
      if (at >= events.size()) return std::string("nothing");
      const Event& event = events[at];
      return event.subject.empty() ? event.text : fmt::format("{}: {}", event.subject, event.text);
    };
    const auto classify = [at](std::span<const Event> events) {
      return at < events.size() ? OutcomeClass(events[at]) : std::string("nothing");
    };
    verdict.kind = VerdictKind::Diverge;
    verdict.suspect = engines[i];
    const std::string expected = classify(expected_events), found = classify(found_events);
    verdict.signature =
        expected == found
            ? fmt::format("{} diverges: other {}", EngineName(engines[i]), found)
            : fmt::format("{} diverges: {} instead of {}", EngineName(engines[i]), found, expected);
    verdict.explanation =
        fmt::format("{} has {}\n{} has {}", EngineText(engines.front()), describe(expected_events),
                    EngineText(engines[i]), describe(found_events));
    return verdict;
  }
  if (verdict.kind == VerdictKind::Rejected) return verdict;
  const Event& first = reference.events.front();
  if (first.kind == EventKind::Instantiate && first.text.starts_with("refused: ")) {
    verdict.kind = VerdictKind::Rejected;
    verdict.explanation = first.text;
  } else if (verdict.heap_exhausted || verdict.fuel_exhausted || verdict.depth_exhausted) {
    verdict.kind = VerdictKind::Poisoned;
  }
  return verdict;
}

Verdict Judge(const Prepared& prepared, std::span<const EngineSpec> engines,
              const RunLimits& limits) {
  std::vector<Trace> traces;
  traces.reserve(engines.size());
  for (const EngineSpec& engine : engines) traces.push_back(Run(prepared, engine, limits));
  return Compare(engines, traces);
}

Verdict Judge(const testcase::TestCase& test_case, std::span<const EngineSpec> engines,
              const RunLimits& limits) {
  const auto prepared = Prepare(test_case);
  if (prepared) return Judge(*prepared, engines, limits);
  Verdict verdict;
  verdict.kind = VerdictKind::Rejected;
  verdict.explanation = prepared.error().Message();
  return verdict;
}

std::string SignatureSlug(std::string_view signature) {
  std::string slug;
  for (const char c : signature) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      slug += c;
    } else if (c >= 'A' && c <= 'Z') {
      slug += static_cast<char>(c - 'A' + 'a');
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

}  // namespace slabhound::diff
