// A trace: the canonical observation of one run of a test case, the same for every engine that did
// the same.
//
// 1. Events stand in order of happening: import calls, then the outcome of the call they happened
//    in, and at the end the final state. Equal traces have equal events.
// 2. References are told by the graph they reach (digest.h), never by address or handle.
// 3. Import calls beyond kLoggedEventsMax are folded into one running hash, told with the next
//    outcome.
// 4. State is what any engine can show: exports, and what they reach. Inside is the rest of the
//    store, which only the engines of this process show; it stands last.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/outcome.h"
#include "trace/recurrence.h"

namespace slabhound::trace {

inline constexpr size_t kLoggedEventsMax = 256;

enum class EventKind : uint8_t { Instantiate, Import, Call, Panic, State, Inside };

struct Event {
  EventKind kind = EventKind::Call;
  std::string subject;  // export or import, or the part of the state
  std::string text;     // what happened, canonically
  friend bool operator==(const Event&, const Event&) = default;
};

// How the event starts of an engine that refuses a valid module; why follows.
inline constexpr std::string_view kRefused = "rejected by the engine: ";

struct Trace {
  std::vector<Event> events;
  // A resource that ran out somewhere. Heap ends the trace: engines count it differently.
  bool fuel_exhausted = false, depth_exhausted = false, heap_exhausted = false;
  std::optional<machine::Panic> panic;  // ends the trace
  // Why the engine could not run the test case at all: it is not installed, or the case cannot be
  // told in its form. There are no events then.
  std::optional<std::string> unusable;
  // Of an engine behind a worker: what the worker says, the known disagreements that were avoided
  // (known.h), and whether the worker's failure happens again; null: there is none, or that was not
  // looked at.
  std::string engine_version;
  std::vector<std::string> avoided;
  std::shared_ptr<const Recurrence> recurrence;
};

Trace Unusable(std::string reason);

// The import calls of a trace (3).
class ImportEvents {
 public:
  explicit ImportEvents(Trace& trace) : trace_(trace) {}
  void Add(const std::string& name, std::string text);
  // Calls since the last time that did not become events: " (n more import calls, hash)" or
  // nothing.
  std::string TakeFolded();

 private:
  Trace& trace_;
  size_t logged_ = 0, folded_ = 0;
  uint64_t folded_hash_ = 0;
};

// One line an event, for people.
std::string TraceText(const Trace& trace);

}  // namespace slabhound::trace
