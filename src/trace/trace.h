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
// 5. Events are values (happening.h). Text is for people, and nothing reads it back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trace/failure.h"
#include "trace/happening.h"
#include "trace/recurrence.h"
#include "trace/walk_words.h"

namespace slabhound::trace {

inline constexpr size_t kLoggedEventsMax = 256;

enum class EventKind : uint8_t { Instantiate, Import, Call, Panic, State, Inside };

// The import calls that did not become events of their own (3).
struct FoldedImports {
  uint64_t count = 0, hash = 0;
  friend bool operator==(const FoldedImports&, const FoldedImports&) = default;
};

struct Event {
  EventKind kind = EventKind::Call;
  std::string subject = {};  // export or import, or the part of the state
  Happening what = {};
  FoldedImports folded = {};
  friend bool operator==(const Event&, const Event&) = default;
};

struct Trace {
  std::vector<Event> events = {};
  // A resource that ran out somewhere. Heap ends the trace: engines count it differently.
  bool fuel_exhausted = false, depth_exhausted = false, size_exhausted = false;
  bool heap_exhausted = false;
  // What ended it if that was an instruction that is not run.
  std::optional<wasm::Opcode> needs = {};
  std::optional<Failure> failure = {};  // of the engine; ends the trace
  // Why the engine could not run the test case at all: it is not installed, or the case cannot be
  // told in its form. There are no events then.
  std::optional<std::string> unusable = {};
  // Of an engine behind a worker: what the worker says, the known disagreements that were avoided
  // (avoid/known.h), and whether the worker's failure happens again; null: there is none, or that
  // was not looked at.
  std::string engine_version = {};
  std::vector<std::string> avoided = {};
  std::shared_ptr<const Recurrence> recurrence = {};
  WalkWords walks = {};  // if they are kept

  void NoteExhausted(Limit limit, wasm::Opcode needed = wasm::Opcode::Nop);
};

Trace Unusable(std::string reason);

// Why the engine ran nothing of the case, if so: it could not, or it refused the module or an
// import.
std::optional<std::string> WhySilent(const Trace& trace);

// The import calls of a trace (3).
class ImportEvents {
 public:
  explicit ImportEvents(Trace& trace) : trace_(trace) {}
  void Add(const std::string& name, Imported call);
  // Calls since the last time that did not become events.
  FoldedImports TakeFolded();

 private:
  Trace& trace_;
  size_t logged_ = 0;
  FoldedImports folded_;
};

// "f: returns i32 5", for people.
std::string EventText(const Event& event);
// One line an event, for people.
std::string TraceText(const Trace& trace);

}  // namespace slabhound::trace
