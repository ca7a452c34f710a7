#include "trace/trace.h"

#include <fmt/format.h>

#include <array>

#include "base/hash.h"

namespace slabhound::trace {

Trace Unusable(std::string reason) {
  Trace trace;
  trace.unusable = std::move(reason);
  return trace;
}

void ImportEvents::Add(const std::string& name, std::string text) {
  if (++logged_ <= kLoggedEventsMax) {
    trace_.events.push_back({EventKind::Import, name, std::move(text)});
    return;
  }
  ++folded_;
  folded_hash_ =
      HashCombine(folded_hash_, HashCombine(HashBytes(AsBytes(name)), HashBytes(AsBytes(text))));
}

std::string ImportEvents::TakeFolded() {
  if (folded_ == 0) return {};
  std::string text = fmt::format(" ({} more import calls, {})", folded_, HashText(folded_hash_));
  folded_ = 0;
  folded_hash_ = 0;
  return text;
}

std::string TraceText(const Trace& trace) {
  constexpr std::array<std::string_view, 6> kKinds = {"instantiate", "import", "call",
                                                      "panic",       "state",  "inside"};
  std::string text;
  for (const Event& event : trace.events) {
    text += fmt::format("{:<11} {}{}{}\n", kKinds[static_cast<size_t>(event.kind)], event.subject,
                        event.subject.empty() ? "" : ": ", event.text);
  }
  if (trace.unusable) text += fmt::format("{:<11} {}\n", "not run", *trace.unusable);
  return text;
}

}  // namespace slabhound::trace
