// The protocol between Slabhound and a worker: a program that runs modules on one engine. Whoever
// writes such a program can test that engine: `--engine 'worker:COMMAND LINE'`. This comment is all
// there is to know. src/workers/javascript/javascript_worker.mjs is one in JavaScript, and
// src/workers/wasmtime/worker_main.cc one in C++ (worker/side.h has the frames).
//
// 1. Frames. Slabhound writes to the worker's stdin and reads its stdout. A frame is a length, four
//    bytes little-endian, and as many bytes of payload: a JSON object in UTF-8, a module, or logs.
//    One request is answered before the next one is sent. At the end of stdin the worker exits with
//    0. stderr is free text: its end is kept, and panic messages are looked for in it when the
//    worker dies.
// 2. Hello. The first request, and its answer:
//      {"op":"hello"}
//      {"protocol":2,"engine":"v8","version":"13.6",
//       "capabilities":{"gc":["minor","full"],"progress":true}}
//    `gc`: the kinds of collection that the worker can force; none is an empty list. `progress`: it
//    tells where it is, when it is asked to (3); may be left out.
// 3. Run. A frame of JSON, and a second frame with the module:
//      {"op":"run","id":7,"exports":["call 0","call 1","state"],"gc":"full","gc_max":100,
//       "log_max":100000}
//    and `"valid":true` if Slabhound knows that the module is: a worker need not check that. With
//    `"progress":true`, which only workers get that can, it writes a frame as soon as the module is
//    compiled, {"id":7,"at":"instantiate"}, and one before each call, {"id":7,"at":"call 0"}.
//    Slabhound asks for that after a run that took too long: a compiler may be slow, and where a
//    call hangs is worth knowing.
//    The worker compiles and instantiates the module, then calls each export in order, which takes
//    no parameters and returns nothing. It provides what the module imports from "slabhound":
//      log (param i64)                     appends the value to the log of the running step; values
//                                          beyond log_max are counted only
//      gc                                  a collection of the kind `gc` says ("full", "minor" or
//                                          "none"), for the first gc_max calls; else nothing
//      host (param i32) (result externref) the host object of that number: the same one each time
//      host-number (param externref) (result i32)  its number; -1 for anything else, null too
// 4. The answer tells instantiation and the calls, each a step:
//      {"id":7,
//       "instantiate":{"end":"returns","logged":0},
//       "calls":[{"end":"returns","logged":2},
//                {"end":"trap","message":"illegal cast","logged":0},
//                {"end":"returns","logged":0}],
//       "milliseconds":0.7,"memory_bytes":55603200}
//    and a second frame follows with the logs: the values of all steps in order, those beyond
//    log_max left out, eight bytes little-endian each and nothing between them; empty if there
//    are none.
//    logged: how many values the step logged; without it, none.
//    end: returns         the step returned
//         trap            with the engine's `message`; or, better, with `kind`, a name of
//                         machine/traps.def or several with | between them
//         exception       one that nothing caught came out
//         rejected        instantiation only: the engine refuses the module; `message` says why
//         limit           a limit of the engine or worker, `kind` says which: stack, memory,
//                         allocation (one object is too large), fuel or time
//         internal-error  the engine says that it is broken, or what fits nothing else; `message`
//    A trap or an exception does not end the run: the next export is called all the same, and
//    should be after a limit of kind allocation or memory too. After anything but returns in
//    instantiation no export is called; after any other limit, or an internal error, none is any
//    more. milliseconds and memory_bytes may be left out.
// 5. A worker need not defend itself: when it crashes, hangs, floods or answers nonsense it is
//    killed, with all its process group, the case is kept and a new one is started. It may keep
//    state between runs; Slabhound remembers what ran since its start, and sends it again, exactly,
//    where a failure needs it. Ids are 1, 2, 3 … since the start.
// 6. Census. A worker may count what its engine's heap holds: it says what it counts in its
//    capabilities, "census":"objects", or "cells" or "bytes", of which only bytes may be noisy.
//    Then a run may have
//      "census":[20,120,220]
//    for which it goes on behind its ordinary calls: it calls the exports round after round, of
//    which those were the first, until it has made as many as the last number says. What they log
//    and how they end is of no matter. Behind as many rounds as each number says it collects in
//    full and counts, and the answer has
//      "held":[4456,4456,4456]
//    or fewer numbers if it could not go on.
//
// A whole exchange, frames shown as length:payload:
//    14:{"op":"hello"}
//                      72:{"protocol":2,"engine":"mine","version":"0.1","capabilities":{"gc":[]}}
//    73:{"op":"run","id":1,"exports":["call 0"],"gc":"none","gc_max":0,"log_max":9}
//    70:(a module whose "call 0" logs 5 and meets unreachable)
//                      97:{"id":1,"instantiate":{"end":"returns"},
//                       "calls":[{"end":"trap","kind":"Unreachable","logged":1}]}
//                      8:05 00 00 00 00 00 00 00
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trace/recurrence.h"

namespace slabhound::worker {

inline constexpr uint32_t kProtocolVersion = 2;

struct WorkerHello {
  std::string engine, version;
  std::vector<std::string> collections;  // kinds that it can force
  bool progress = false;
};

enum class WorkerEnd : uint8_t { Returns, Trap, Exception, Rejected, Limit, InternalError };

struct WorkerStep {
  WorkerEnd end = WorkerEnd::Returns;
  std::string kind, message;  // where `end` has them
  std::vector<uint64_t> log;  // the first log_max values
  uint64_t logged = 0;        // all of them
};

struct WorkerRun {
  WorkerStep instantiate;
  std::vector<WorkerStep> calls;
  double milliseconds = 0;
  uint64_t memory_bytes = 0;
};

std::string HelloText();
std::string RequestText(const trace::RunRequest& request);
// Reads what RequestText wrote; the error is one line.
Result<trace::RunRequest, std::string> ParseRequest(std::string_view text);

// Reading an answer is total; the error says what is wrong with it, in one line.
Result<WorkerHello, std::string> ParseHello(std::string_view text);
// Holds it against the request: its id, no more calls than asked for, the rules of 4.
// Logs come with the second frame.
Result<WorkerRun, std::string> ParseRun(std::string_view text, const trace::RunRequest& request);
// Where the worker says that it is; nothing if the text is no such frame.
std::optional<std::string> ParseProgress(std::string_view text, const trace::RunRequest& request);
Result<void, std::string> ParseLogs(ByteSpan bytes, const trace::RunRequest& request,
                                    WorkerRun& run);

}  // namespace slabhound::worker
