#include "bench/signal.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "heap/panic.h"

namespace slabhound::bench {
namespace {

constexpr std::array kNames = {
#define SLABHOUND_SIGNAL(name, text) std::string_view(text),
#include "bench/signals.def"
};

Signal OfPanic(std::string_view message) {
  using enum heap::PanicKind;
  const auto is_one_of = [message](std::initializer_list<heap::PanicKind> kinds) {
    return std::ranges::any_of(
        kinds, [message](heap::PanicKind kind) { return message == heap::PanicText(kind); });
  };
  if (is_one_of({ForeignId, StaleId, EarlyFree, EarlyFreeOfHost})) return Signal::Stale;
  return is_one_of({MemoryFault}) ? Signal::Segv : Signal::Assert;
}

Signal OfDivergence(const diff::Signature& signature) {
  const bool must_trap = signature.expected.kind == trace::ClassKind::Trapped;
  const bool traps = signature.found.kind == trace::ClassKind::Trapped;
  if (must_trap == traps) return Signal::Wrong;
  return traps ? Signal::TrapMore : Signal::TrapLess;
}

Signal OfFailure(trace::FailureKind failure, std::string_view message) {
  using enum trace::FailureKind;
  switch (failure) {
    case Panic:
      return OfPanic(message);
    case Leak:
      return Signal::Leak;
    case Timeout:
    case SlowCompile:
      return Signal::Hang;
    case OutOfMemory:
      return Signal::Memory;
    case Crash:
    case Killed:
      return Signal::Segv;
    case Start:
    case InternalError:
    case Abort:
    case Garbage:
    case Exit:
      return Signal::Assert;
  }
  return Signal::Assert;
}

}  // namespace

std::string_view SignalName(Signal signal) { return kNames[static_cast<size_t>(signal)]; }

std::optional<Signal> FindSignal(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Signal>(found - kNames.begin());
}

Signal SignalOf(const diff::Signature& signature) {
  if (signature.failure) return OfFailure(*signature.failure, signature.message);
  if (signature.kind == diff::FindingKind::Divergence) return OfDivergence(signature);
  // What a supervisor killed it for.
  return signature.message == "memory" ? Signal::Memory : Signal::Hang;
}

}  // namespace slabhound::bench
