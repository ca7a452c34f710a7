// What a campaign tells while it runs: events as they come, and how it stands. Who shows that, and
// where, is not known here (room `screen`); this class is silent.
//
// 1. The supervisor calls it between two looks at its jobs: nothing here may block, but End.
// 2. Tick comes some times a second, Show when IsDue said so, End once, as the last of all.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/status.h"
#include "cause/key.h"

namespace slabhound::campaign {

enum class EventKind : uint8_t {
  Detail,
  Warning,      // a person should do something
  Finding,      // a symptom that this campaign had not seen
  Minimized,    // its case is small now, and its bug known
  Unminimized,  // its case stays as it is
  Regression,   // a bug that was gone came back
};

std::string_view EventName(EventKind kind);  // "warning", "finding" …

struct Event {
  EventKind kind = EventKind::Detail;
  std::string line = {};  // for people
  // Of a symptom; `severity` is that of its bug, as far as that is known.
  std::string slug = {}, symptom = {}, folder = {};
  cause::Severity severity = cause::Severity::WrongValue;
  std::vector<std::string> bug = {};  // all symptoms of its bug, the one that stands for it first
  bool is_new = false;                // there was no symptom of its bug before this campaign
};

class News {
 public:
  News() = default;
  virtual ~News() = default;
  News(const News&) = delete;
  News& operator=(const News&) = delete;

  virtual void Tell(const Event&) {}
  virtual void Tick() {}
  virtual bool IsDue(double /*seconds*/) const { return false; }
  virtual void Show(const Status&) {}
  virtual void End(const Status&) {}

  void Say(std::string line) { Tell({.kind = EventKind::Detail, .line = std::move(line)}); }
  void Warn(std::string line) { Tell({.kind = EventKind::Warning, .line = std::move(line)}); }
};

}  // namespace slabhound::campaign
