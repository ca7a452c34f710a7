// Orders and reports survive their frames, and no frame breaks the reader.
#include "campaign/report.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "campaign/flight.h"

namespace slabhound::campaign {
namespace {

CaseReport FullReport() {
  CaseReport report;
  report.number = 1u << 20;
  report.verdict = diff::VerdictKind::Panic;
  report.depth_exhausted = true;
  report.generate_ns = 5;
  report.judge_ns = 6;
  report.reason = "r";
  report.known = {"k", ""};
  report.avoided = {"a"};
  report.signature = "slab panic: stale id";
  report.explanation = std::string("a\0b", 3);
  report.suspect = "slab:mark_sweep:explicit";
  report.releases = "only 45.0.0";
  report.module = {0, 1, 255};
  report.recurrence = {.seen = 2, .tries = 3, .history = {{{.id = 1, .exports = {"f"}}, {5, 6}}}};
  return report;
}

TEST(Report, OfACaseRoundTrips) {
  const CaseReport report = FullReport();
  const auto read = ReadReport(WriteReport(report));
  ASSERT_TRUE(read.has_value());
  const auto& found = std::get<CaseReport>(*read);
  EXPECT_EQ(found.number, report.number);
  EXPECT_EQ(found.verdict, report.verdict);
  EXPECT_FALSE(found.fuel_exhausted);
  EXPECT_TRUE(found.depth_exhausted);
  EXPECT_FALSE(found.heap_exhausted);
  EXPECT_EQ(found.generate_ns, 5u);
  EXPECT_EQ(found.judge_ns, 6u);
  EXPECT_EQ(found.reason, report.reason);
  EXPECT_EQ(found.known, report.known);
  EXPECT_EQ(found.avoided, report.avoided);
  EXPECT_EQ(found.signature, report.signature);
  EXPECT_EQ(found.explanation, report.explanation);
  EXPECT_EQ(found.suspect, report.suspect);
  EXPECT_EQ(found.releases, report.releases);
  EXPECT_TRUE(found.module == report.module);
  EXPECT_EQ(found.recurrence.seen, 2u);
  EXPECT_EQ(found.recurrence.tries, 3u);
  ASSERT_EQ(found.recurrence.history.size(), 1u);
  EXPECT_EQ(worker::RequestText(found.recurrence.history[0].request),
            worker::RequestText(report.recurrence.history[0].request));
  EXPECT_TRUE(found.recurrence.history[0].module == (Bytes{5, 6}));
}

TEST(Report, OfAMinimizationRoundTrips) {
  MinimizedReport report{.signature = "s",
                         .complete = true,
                         .candidates = 9,
                         .failure = "f",
                         .seen = 1,
                         .tries = 9,
                         .explanation = "e",
                         .suspect = "x",
                         .module = {7},
                         .regression = "(module)",
                         .regression_missing = "why"};
  const auto read = ReadReport(WriteReport(report));
  ASSERT_TRUE(read.has_value());
  const auto& found = std::get<MinimizedReport>(*read);
  EXPECT_EQ(found.signature, "s");
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.candidates, 9u);
  EXPECT_EQ(found.failure, "f");
  EXPECT_EQ(found.seen, 1u);
  EXPECT_EQ(found.tries, 9u);
  EXPECT_EQ(found.explanation, "e");
  EXPECT_EQ(found.suspect, "x");
  EXPECT_TRUE(found.module == Bytes{7});
  EXPECT_EQ(found.regression, "(module)");
  EXPECT_EQ(found.regression_missing, "why");
}

TEST(Report, OrdersRoundTrip) {
  const auto cases = ReadOrder(WriteOrder(CasesOrder{64, 3}));
  ASSERT_TRUE(cases.has_value());
  EXPECT_EQ(std::get<CasesOrder>(*cases).first, 64u);
  EXPECT_EQ(std::get<CasesOrder>(*cases).count, 3u);
  const auto minimize = ReadOrder(WriteOrder(MinimizeOrder{"s", {1, 2}, 7, true, "r"}));
  ASSERT_TRUE(minimize.has_value());
  EXPECT_EQ(std::get<MinimizeOrder>(*minimize).signature, "s");
  EXPECT_EQ(std::get<MinimizeOrder>(*minimize).number, 7u);
  EXPECT_TRUE(std::get<MinimizeOrder>(*minimize).died);
  EXPECT_EQ(std::get<MinimizeOrder>(*minimize).releases, "r");
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
