#include "diff/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "avoid/known.h"
#include "worker/diagnose.h"
#include "worker/trap_text.h"

namespace slabhound::diff {
namespace {

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
    text += worker::StableText(reason.substr(0, open));
    if (close == std::string_view::npos) return text;
    text += reason.substr(open, close - open);
    reason.remove_prefix(close);
  }
}

// "returns i32 5" -> "returns", "trap CastFailure" -> "trap CastFailure", "exhausted fuel"
// likewise, "rejected by the engine: why" -> "rejected (why's class)".
std::string OutcomeClass(const trace::Event& event) {
  if (event.kind == trace::EventKind::Import) return "import";
  if (event.kind == trace::EventKind::State || event.kind == trace::EventKind::Inside)
    return "state";
  const std::string_view text = event.text;
  if (text.starts_with(trace::kRefused)) {
    return fmt::format("{}{})", kRefusedClass, RefusalClass(text.substr(trace::kRefused.size())));
  }
  const size_t first = text.find(' ');
  const std::string_view word = text.substr(0, first);
  if (word == "trap" || word == "exhausted") {
    return std::string(text.substr(0, text.find(' ', first + 1)));
  }
  return std::string(word);
}

// Equal, but for traps that one engine tells less exactly (trap_text.h).
bool EventsAgree(const trace::Event& a, const trace::Event& b) {
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
         worker::TrapsAgree(left.substr(0, left_end), right.substr(0, right_end));
}

// The events that both engines can show: engines behind workers have no insides.
std::span<const trace::Event> Shown(const engine::EngineSpec& spec, const engine::EngineSpec& other,
                                    const trace::Trace& trace) {
  std::span<const trace::Event> events = trace.events;
  if (engine::InProcess(spec) && engine::InProcess(other)) return events;
  while (!events.empty() && events.back().kind == trace::EventKind::Inside) {
    events = events.first(events.size() - 1);
  }
  return events;
}

// Where they first differ; the size of both when they do not.
size_t FirstDifference(std::span<const trace::Event> a, std::span<const trace::Event> b) {
  const size_t common = std::min(a.size(), b.size());
  size_t i = 0;
  while (i < common && EventsAgree(a[i], b[i])) ++i;
  return i;
}

// Whether the trace ended with event `index` for lack of heap.
bool EndedByHeap(const trace::Trace& trace, size_t index) {
  return trace.heap_exhausted && index + 1 >= trace.events.size();
}

// The finding of a trace that a panic ended.
Verdict PanicOf(const engine::EngineSpec& engine, const trace::Trace& trace) {
  Verdict verdict{.kind = VerdictKind::Panic, .suspect = engine, .recurrence = trace.recurrence};
  verdict.signature = fmt::format("{} panic: {}", engine::EngineName(engine), trace.panic->kind);
  verdict.explanation = fmt::format("{}: {} ({})", engine::EngineText(engine), trace.panic->kind,
                                    trace.panic->detail);
  return verdict;
}

// The finding that two traces give, if they do.
std::optional<Verdict> DivergenceOf(const engine::EngineSpec& reference,
                                    const trace::Trace& expected, const engine::EngineSpec& engine,
                                    const trace::Trace& found) {
  const auto expected_events = Shown(reference, engine, expected);
  const auto found_events = Shown(engine, reference, found);
  const size_t at = FirstDifference(expected_events, found_events);
  if (at == expected_events.size() && at == found_events.size()) return std::nullopt;
  // The event in which a heap ran out, and all behind it, cannot be compared.
  if (EndedByHeap(expected, at) || EndedByHeap(found, at)) return std::nullopt;
  const auto describe = [at](std::span<const trace::Event> events) {
    if (at >= events.size()) return std::string("nothing");
    const trace::Event& event = events[at];
    return event.subject.empty() ? event.text : fmt::format("{}: {}", event.subject, event.text);
  };
  const auto classify = [at](std::span<const trace::Event> events) {
    return at < events.size() ? OutcomeClass(events[at]) : std::string("nothing");
  };
  Verdict verdict{.kind = VerdictKind::Diverge, .suspect = engine};
  const std::string right = classify(expected_events), wrong = classify(found_events);
  verdict.signature = fmt::format("{} diverges: ", engine::EngineName(engine));
  // Of a refusal it is no matter what the module would have done.
  if (wrong.starts_with(kRefusedClass)) {
    verdict.signature += wrong;
  } else if (right == wrong) {
    verdict.signature += "other " + wrong;
  } else {
    verdict.signature += fmt::format("{} instead of {}", wrong, right);
  }
  verdict.explanation =
      fmt::format("{} has {}\n{} has {}", engine::EngineText(reference), describe(expected_events),
                  engine::EngineText(engine), describe(found_events));
  return verdict;
}

}  // namespace

std::string_view VerdictName(VerdictKind kind) { return kVerdictNames[static_cast<size_t>(kind)]; }

Verdict Compare(std::span<const engine::EngineSpec> engines, std::span<const trace::Trace> traces,
                std::string_view today) {
  Verdict verdict;
  for (const trace::Trace& trace : traces) {
    verdict.fuel_exhausted |= trace.fuel_exhausted;
    verdict.depth_exhausted |= trace.depth_exhausted;
    verdict.heap_exhausted |= trace.heap_exhausted;
    verdict.avoided.insert(verdict.avoided.end(), trace.avoided.begin(), trace.avoided.end());
  }
  const auto become = [&verdict](Verdict finding) {
    verdict.kind = finding.kind;
    verdict.signature = std::move(finding.signature);
    verdict.explanation = std::move(finding.explanation);
    verdict.suspect = std::move(finding.suspect);
    verdict.recurrence = std::move(finding.recurrence);
  };
  const auto is_known = [&](const Verdict& finding, size_t i) {
    const avoid::KnownEntry* entry = avoid::FindKnown(
        engines[i], traces[i].engine_version, finding.signature, finding.explanation, today);
    if (entry == nullptr) return false;
    verdict.known.emplace_back(entry->name);
    if (verdict.kind != VerdictKind::Known) {
      verdict.kind = VerdictKind::Known;
      verdict.explanation = fmt::format("known as {}\n{}", entry->name, finding.explanation);
    }
    return true;
  };
  for (size_t i = 0; i < traces.size(); ++i) {
    if (!traces[i].panic) continue;
    Verdict finding = PanicOf(engines[i], traces[i]);
    if (!is_known(finding, i)) return become(std::move(finding)), verdict;
  }
  for (size_t i = 0; i < traces.size(); ++i) {
    if (!traces[i].unusable) continue;
    if (i != 0 && verdict.kind == VerdictKind::Known) continue;
    verdict.kind = VerdictKind::Rejected;
    verdict.explanation =
        fmt::format("{} did not run it: {}", engine::EngineText(engines[i]), *traces[i].unusable);
    if (i == 0) return verdict;
  }
  const trace::Trace& reference = traces.front();
  for (size_t i = 1; i < traces.size() && !reference.panic; ++i) {
    if (traces[i].unusable || traces[i].panic) continue;
    auto finding = DivergenceOf(engines.front(), reference, engines[i], traces[i]);
    if (finding && !is_known(*finding, i)) return become(*std::move(finding)), verdict;
  }
  if (verdict.kind == VerdictKind::Rejected || verdict.kind == VerdictKind::Known) return verdict;
  const trace::Event& first = reference.events.front();
  if (first.kind == trace::EventKind::Instantiate && first.text.starts_with("refused: ")) {
    verdict.kind = VerdictKind::Rejected;
    verdict.explanation = first.text;
  } else if (verdict.heap_exhausted) {
    verdict.kind = VerdictKind::Poisoned;
  }
  return verdict;
}

Verdict Judge(const Prepared& prepared, std::span<const engine::EngineSpec> engines,
              const worker::Lab& lab) {
  std::vector<trace::Trace> traces;
  traces.reserve(engines.size());
  for (const engine::EngineSpec& engine : engines) traces.push_back(Run(prepared, engine, lab));
  return Compare(engines, traces, lab.today);
}

Verdict Judge(const testcase::TestCase& test_case, std::span<const engine::EngineSpec> engines,
              const worker::Lab& lab) {
  const auto prepared = diff::Prepare(test_case);
  if (prepared) return Judge(*prepared, engines, lab);
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
