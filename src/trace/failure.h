// How an engine failed: by its own word, or by the way in which its process ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace slabhound::trace {

enum class FailureKind : uint8_t {
  Start,          // the program could not be started, or did not answer hello
  Panic,          // it said that something is wrong with itself, and ended
  InternalError,  // it said so, and went on
  Abort,          // SIGABRT without a word that is known
  Killed,         // by a signal that people, supervisors or the kernel send
  Crash,          // any other signal
  OutOfMemory,    // it said so, or reached its data limit
  Timeout,
  SlowCompile,  // the time was over before the module was compiled
  Garbage,      // an answer that the protocol does not know
  Exit,         // it ended by itself in the middle
  Leak,         // it keeps memory that nothing reaches
};
std::string_view FailureName(FailureKind kind);  // "panic", "out of memory", …

struct Failure {
  FailureKind kind = FailureKind::Crash;
  // What makes it this one: the panic's message, the signal, the exit code; without addresses,
  // numbers and folders. May be empty.
  std::string message;
  std::string detail;  // for people: the end of stderr, or what is wrong with the answer
  bool is_same(const Failure& other) const {
    return kind == other.kind && message == other.message;
  }
};

// "crash: SIGSEGV", "timeout"; of an engine's own panic, and of a leak, its message alone: "id from
// different slab".
std::string FailureText(FailureKind kind, std::string_view message);
inline std::string FailureText(const Failure& failure) {
  return FailureText(failure.kind, failure.message);
}

}  // namespace slabhound::trace
