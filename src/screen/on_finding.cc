#include "screen/on_finding.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/subprocess.h"
#include "cause/key.h"

namespace slabhound::screen {

using campaign::Event;
using campaign::EventKind;

bool OnFinding::IsFirst(const Event& event) {
  const auto was_told = [this](const std::string& slug) { return told_.contains(slug); };
  const bool first =
      event.is_new && !was_told(event.slug) && std::ranges::none_of(event.bug, was_told);
  told_.insert(event.slug);
  return first;
}

void OnFinding::Send(const char* kind, const Event& event) {
  const std::string folder = ShellQuoted(event.folder);
  const nlohmann::ordered_json message = {
      {"format", 1},
      {"kind", kind},
      {"symptom", event.symptom},
      {"bug", event.bug.empty() ? event.slug : event.bug.front()},
      {"severity", cause::SeverityName(event.severity)},
      {"folder", event.folder},
      {"commands",
       {{"repro", "slabhound repro " + folder},
        {"minimize",
         "slabhound minimize " + ShellQuoted(event.folder + "/case.wasm") + " --out small.wasm"}}},
      {"campaign", {{"out", title_.out}, {"seed", title_.seed}}},
      {"text", event.line}};
  hook_.Give(message.dump(-1, ' ', /*ensure_ascii=*/false,
                          nlohmann::ordered_json::error_handler_t::replace) +
             "\n");
}

void OnFinding::Tell(const Event& event) {
  constexpr auto kPatience = std::chrono::minutes(10);
  const auto is_same = [&event](const Waiting& each) { return each.event.slug == event.slug; };
  switch (event.kind) {
    case EventKind::Finding:
      if (event.is_new) waiting_.push_back({event, Clock::now() + kPatience});
      break;
    case EventKind::Minimized:
      std::erase_if(waiting_, is_same);
      if (IsFirst(event)) Send("minimized", event);
      break;
    case EventKind::Unminimized: {
      const auto waiting = std::ranges::find_if(waiting_, is_same);
      if (waiting == waiting_.end()) break;
      if (IsFirst(event)) Send("finding", waiting->event);
      waiting_.erase(waiting);
      break;
    }
    case EventKind::Regression:
      told_.insert(event.slug);
      Send("regression", event);
      break;
    case EventKind::Detail:
    case EventKind::Warning:
      break;
  }
}

void OnFinding::Tick() {
  while (!waiting_.empty() && Clock::now() >= waiting_.front().until) {
    const Event event = std::move(waiting_.front().event);
    waiting_.pop_front();
    if (IsFirst(event)) Send("finding", event);
  }
  if (auto failed = hook_.Tick()) desk_.Warn("--on-finding " + *std::move(failed));
}

void OnFinding::End(const campaign::Status&) {
  for (const Waiting& each : std::exchange(waiting_, {})) {
    if (IsFirst(each.event)) Send("finding", each.event);
  }
  if (auto failed = hook_.Finish(upkeep::HookLimits().time)) {
    desk_.Warn("--on-finding " + *std::move(failed));
  }
}

}  // namespace slabhound::screen
