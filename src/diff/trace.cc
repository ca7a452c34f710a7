#include "diff/trace.h"

#include <fmt/format.h>

#include <array>

namespace slabhound::diff {

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

}  // namespace slabhound::diff
