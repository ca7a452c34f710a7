// Orders and reports survive their frames, and no frame breaks the reader.
#include "campaign/report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"
#include "campaign/flight.h"
#include "diff/fixture.h"

namespace slabhound::campaign {
namespace {

CaseReport FullReport() {
  CaseReport report;
  report.number = 1u << 20;
  report.verdict = diff::VerdictKind::Panic;
  report.fuel_exhausted = report.depth_exhausted = report.heap_exhausted = true;
  report.generate_ns = 5;
  report.judge_ns = 6;
  report.reason = "r";
  report.known = {"k", ""};
  report.avoided = {"a"};
  report.needs = {"SIMD: i8x16.shuffle"};
  report.asked = {0, 1, 2};
  report.not_run = {1};
  report.refused = {2};
  report.reached = {1, uint64_t{7} << reach::kStateBits | 3};
  report.signature = {.kind = diff::FindingKind::Divergence,
                      .suspect = "wasmtime",
                      .locus = trace::EventKind::Instantiate,
                      .expected = {trace::ClassKind::Trapped, machine::TrapKind::CastFailure},
                      .found = {trace::ClassKind::Exhausted, {}, trace::Limit::Log},
                      .failure = trace::FailureKind::Exit,
                      .message = "m",
                      .releases = {"9.0.0", "45.0.0"},
                      .recurs = trace::Recurs::NotReproduced};
  report.explanation = std::string("a\0b", 3);
  report.suspect = "slab:mark_sweep:explicit";
  report.module = {0, 1, 255};
  report.recurrence = {
      .seen = 2, .tries = 3, .history = {{{.id = 1, .exports = {"f"}}, {5, 6}}}, .reduced = true};
  return report;
}

TEST(Report, OfACaseRoundTrips) {
  const Report report = FullReport();
  EXPECT_TRUE(ReadReport(WriteReport(report)) == report);
}

TEST(Report, OfAMinimizationRoundTrips) {
  const Report report = MinimizedReport{
      .signature = diff::PanicSignature("s"),
      .complete = true,
      .candidates = 9,
      .failure = "f",
      .explained_by = "b",
      .seen = 1,
      .tries = 9,
      .explanation = "e",
      .suspect = "x",
      .engines = {"oracle", "x"},
      .module = {7},
      .regression = "(module)",
      .regression_fails_on = "v8",
      .regression_missing = "why",
      .cause =
          cause::Key{{{"v8", cause::Cell::Fail}}, {{"struct.get"}}, cause::Severity::Leak, "l"},
      .ingredients = {"struct.get"},
      .history = {{{.id = 1, .exports = {"f"}}, {5, 6}}}};
  EXPECT_TRUE(ReadReport(WriteReport(report)) == report);
}

TEST(Report, OrdersRoundTrip) {
  for (const Order& order : {Order(CasesOrder{64, uint64_t{1} << 40, {"array.copy"}}),
                             Order(MinimizeOrder{diff::PanicSignature("s"),
                                                 {1, 2},
                                                 7,
                                                 true,
                                                 {{"b", {"x"}}},
                                                 {"oracle"},
                                                 {{{.id = 1}, {5}}},
                                                 "v8"})}) {
    EXPECT_TRUE(ReadOrder(WriteOrder(order)) == order);
  }
}

TEST(Report, DamagedFramesAreNoReports) {
  const Bytes frame = WriteReport(FullReport());
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(ReadReport(ByteSpan(frame).first(size)).has_value()) << size;
  }
  Bytes longer = frame;
  longer.push_back(0);
  EXPECT_FALSE(ReadReport(longer).has_value());
  Rng rng(1);
  for (int i = 0; i < 20'000; ++i) {
    Bytes damaged = frame;
    damaged[rng.Below(damaged.size())] = static_cast<uint8_t>(rng.Next());
    static_cast<void>(ReadReport(damaged));
    static_cast<void>(ReadOrder(damaged));
  }
}

// What a reader that trusts lengths and levels dies of.
TEST(Report, HostileFramesAreNoReports) {
  constexpr size_t kSize = 8u << 20;
  // Nested arrays, of one item and without end; nested texts, bytes, maps and tags without end.
  for (const uint8_t byte : Bytes{0x81, 0x9f, 0x7f, 0x5f, 0xbf, 0xa1, 0xc1}) {
    EXPECT_FALSE(ReadReport(Bytes(kSize, byte)).has_value()) << int{byte};
  }
  // As many items as there is room for, and more than there are.
  Bytes items(kSize, 0);
  items[0] = 0x9a;
  for (const uint32_t count : {static_cast<uint32_t>(kSize) - 5, UINT32_MAX}) {
    for (size_t i = 0; i < 4; ++i) items[1 + i] = static_cast<uint8_t>(count >> (24 - 8 * i));
    EXPECT_FALSE(ReadReport(items).has_value()) << count;
  }
  // A text that is longer than its frame, and numbers that are too large for their fields.
  EXPECT_FALSE(ReadReport(Bytes{0x82, 0x00, 0x7b, 255, 255, 255, 255, 255, 255, 255, 255}));
  CaseReport report = FullReport();
  const Bytes frame = WriteReport(report);
  Bytes other = frame;
  const auto verdict =
      std::ranges::search(other, Bytes{static_cast<uint8_t>(report.verdict), 0xf5});
  ASSERT_FALSE(verdict.empty());
  verdict.front() = 0x17;
  EXPECT_TRUE(ReadReport(frame).has_value());
  EXPECT_FALSE(ReadReport(other).has_value());
}

TEST(Flight, HoldsWhatIsInFlight) {
  const SharedFlight flight = MapFlight();
  ASSERT_TRUE(flight);
  EXPECT_EQ(flight->stage(), Stage::Idle);
  const uint64_t beats = flight->beats();
  flight->Begin(7, Bytes{1, 2, 3});
  EXPECT_EQ(flight->stage(), Stage::Generate);
  EXPECT_EQ(flight->number(), 7u);
  EXPECT_NE(flight->beats(), beats);
  EXPECT_TRUE(flight->TakeInput() == (Bytes{1, 2, 3}));
  EXPECT_TRUE(flight->TakeModule().empty());
  flight->Generated(Bytes{9});
  EXPECT_EQ(flight->stage(), Stage::Decode);
  EXPECT_TRUE(flight->TakeModule() == Bytes{9});
  flight->Running(2);
  EXPECT_EQ(flight->stage(), Stage::Run);
  EXPECT_EQ(flight->engine(), 2u);
  flight->End();
  EXPECT_EQ(flight->stage(), Stage::Idle);
  // What does not fit is left out, not cut.
  flight->Begin(8, Bytes(Flight::kInputBytesMax + 1));
  flight->Generated(Bytes(Flight::kModuleBytesMax + 1));
  EXPECT_TRUE(flight->TakeInput().empty());
  EXPECT_TRUE(flight->TakeModule().empty());
}

}  // namespace
}  // namespace slabhound::campaign
