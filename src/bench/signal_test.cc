// A finding's signal is the word that faults.def has for what happened.
#include "bench/signal.h"

#include <gtest/gtest.h>

#include <string>

namespace slabhound::bench {
namespace {

using trace::ClassKind;

diff::Signature Failure(trace::FailureKind kind, std::string message = "") {
  return {.kind = diff::FindingKind::Failure,
          .suspect = "slab",
          .failure = kind,
          .message = std::move(message)};
}

std::string_view Diverges(ClassKind expected, ClassKind found) {
  return SignalName(
      SignalOf({.suspect = "slab", .expected = {.kind = expected}, .found = {.kind = found}}));
}

TEST(Signal, OfPanicsTellsIdsApart) {
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Panic, "stale id")), Signal::Stale);
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Panic, "id from different slab")), Signal::Stale);
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Panic, "heap invariant 4")), Signal::Assert);
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Leak, "leak of an object")), Signal::Leak);
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Panic, "early free of an object")), Signal::Stale);
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Panic, "memory fault")), Signal::Segv);
  EXPECT_EQ(SignalOf(Failure(trace::FailureKind::Crash, "SIGSEGV")), Signal::Segv);
}

TEST(Signal, OfDivergencesTellsTrapsThatAreTooManyOrTooFew) {
  EXPECT_EQ(Diverges(ClassKind::Returned, ClassKind::Returned), "WRONG");
  EXPECT_EQ(Diverges(ClassKind::Returned, ClassKind::Trapped), "TRAP+");
  EXPECT_EQ(Diverges(ClassKind::Trapped, ClassKind::Returned), "TRAP-");
  EXPECT_EQ(Diverges(ClassKind::Trapped, ClassKind::Trapped), "WRONG");
}

TEST(Signal, OfADeathIsWhatItWasKilledFor) {
  EXPECT_EQ(SignalOf({.kind = diff::FindingKind::Death, .message = "hang"}), Signal::Hang);
  EXPECT_EQ(SignalOf({.kind = diff::FindingKind::Death, .message = "memory"}), Signal::Memory);
}

TEST(Signal, HasAName) {
  EXPECT_EQ(FindSignal("TRAP-"), Signal::TrapLess);
  EXPECT_EQ(FindSignal("TRAP"), std::nullopt);
}

}  // namespace
}  // namespace slabhound::bench
