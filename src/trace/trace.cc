#include "trace/trace.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/hash.h"

namespace slabhound::trace {
namespace {

constexpr std::array<std::string_view, 6> kKinds = {"instantiate", "import", "call",
                                                    "panic",       "state",  "inside"};

uint64_t HashOf(const std::string& name, const Imported& call) {
  uint64_t hash = HashBytes(AsBytes(name));
  for (const Told& argument : call.arguments) {
    hash = HashCombine(hash, HashCombine(static_cast<uint64_t>(argument.kind), argument.bits));
    if (argument.kind == ToldKind::V128) hash = HashCombine(hash, argument.high);
  }
  return hash;
}

std::string WhatText(const Event& event) {
  std::string text = HappeningText(event.what);
  if (event.folded.count == 0) return text;
  return text + fmt::format(" ({} more import calls, {})", event.folded.count,
                            HashText(event.folded.hash));
}

}  // namespace

void Trace::NoteExhausted(Limit limit, wasm::Opcode needed) {
  fuel_exhausted |= limit == Limit::Fuel;
  depth_exhausted |= limit == Limit::CallDepth;
  size_exhausted |= limit == Limit::ObjectSize || limit == Limit::HugeObject;
  heap_exhausted |= !CountedAlike(limit);
  if (limit == Limit::Instruction) needs = needed;
}

Trace Unusable(std::string reason) { return {.unusable = std::move(reason)}; }

std::optional<std::string> WhySilent(const Trace& trace) {
  if (trace.unusable) return trace.unusable;
  if (trace.events.empty()) return std::nullopt;
  const Happening& first = trace.events.front().what;
  const bool refused =
      std::holds_alternative<Refused>(first) || std::holds_alternative<Rejected>(first);
  return refused ? std::optional(HappeningText(first)) : std::nullopt;
}

void ImportEvents::Add(const std::string& name, Imported call) {
  if (++logged_ <= kLoggedEventsMax) {
    trace_.walks.EndEvent(trace_.events.size());
    trace_.events.emplace_back(EventKind::Import, name, std::move(call));
    return;
  }
  trace_.walks.Forget();
  ++folded_.count;
  folded_.hash = HashCombine(folded_.hash, HashOf(name, call));
}

FoldedImports ImportEvents::TakeFolded() { return std::exchange(folded_, {}); }

std::string EventText(const Event& event) {
  // An export may have no name; other kinds may have no subject.
  const bool is_named = event.kind == EventKind::Call || event.kind == EventKind::Import;
  if (event.subject.empty() && !is_named) return WhatText(event);
  return fmt::format("{}: {}", event.subject.empty() ? "\"\"" : event.subject, WhatText(event));
}

std::string TraceText(const Trace& trace) {
  std::string text;
  for (const Event& event : trace.events) {
    text += fmt::format("{:<11} {}\n", kKinds[static_cast<size_t>(event.kind)], EventText(event));
  }
  if (trace.unusable) text += fmt::format("{:<11} {}\n", "not run", *trace.unusable);
  return text;
}

}  // namespace slabhound::trace
