// What happened to a worker that ended: a cause and a signature, from its status and last words.
//
// 1. A signature is the same whenever the same happens: no addresses, numbers or folders in it.
// 2. A panic (the engine says that it is broken) is told apart from a crash, and both from running
//    out of memory, which says nothing about the engine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/subprocess.h"

namespace slabhound::worker {

enum class FailureKind : uint8_t {
  Start,        // the program could not be started, or did not answer hello
  Panic,        // it said that something is wrong with itself, and ended
  Abort,        // SIGABRT without a word that is known
  Killed,       // by a signal that people, supervisors or the kernel send
  Crash,        // any other signal
  OutOfMemory,  // it said so, or reached its data limit
  Timeout,
  Garbage,  // an answer that the protocol does not know
  Exit,     // it ended by itself in the middle
};
std::string_view FailureName(FailureKind kind);  // "panic", "out of memory", …

struct WorkerFailure {
  FailureKind kind = FailureKind::Crash;
  std::string signature;  // "panic: id from different slab", "crash: SIGSEGV", "timeout"
  std::string detail;     // the end of stderr, or what is wrong with the answer
};

// The signature as the kind of an engine's panic, which is said to be one already.
std::string PanicKind(const WorkerFailure& failure);

// Whether such a signal comes from outside: no bug of a program raises it.
bool ComesFromOutside(int signal);

// A line with N for numbers and without the folders of paths, so that the same failure has the same
// text.
std::string StableText(std::string_view line);

// `errors` is the end of its stderr; `data_bytes_max` its data limit, 0 for none.
WorkerFailure Diagnose(const ExitStatus& status, std::string_view errors, uint64_t data_bytes_max);

}  // namespace slabhound::worker
