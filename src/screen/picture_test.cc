// The live screen of given moments, as text.
#include "screen/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace slabhound::screen {
namespace {

using campaign::Doing;
using campaign::EventKind;

campaign::Status Moment() {
  campaign::Status status{.seconds = 754, .seconds_left = 2846};
  campaign::Tally& tally = status.tally;
  tally.cases = 123'456;
  tally.agree = 71'850;
  tally.poisoned = 51'000;
  tally.rejected = 6;
  tally.findings = 600;
  tally.buckets = {{"a", 597}, {"b", 1}, {"c", 1}, {"d", 1}};
  tally.engines = {{0, {123'456, 0, 0}}, {1, {123'000, 12, 70'000}}};
  status.engines = {"oracle", "wasmtime@31.0.0", "jsc"};
  status.bugs = {
      {cause::Severity::MemoryCorruption, "wasmtime panic: invalid `VMGcKind`: N", 129, 5,
       "findings/a"},
      {cause::Severity::Refusal, "wasmtime refuses\x1b[2J a module", 1, 1, "findings/b"}};
  status.jobs = {{Doing::Cases, "run wasmtime@31.0.0", 123'460, 0.5, uint64_t{120} << 20},
                 {Doing::Minimizing, "wasmtime panic: x", 99, 12, uint64_t{1536} << 20},
                 {}};
  status.jobs_started = 5;
  status.workers_started = 12;
  status.modules_per_second = 163.4;
  status.to_minimize = 2;
  status.last_find_at = 624;
  status.last_find = "wasmtime diverges: other returns";
  return status;
}

std::deque<campaign::Event> SomeNews() {
  return {
      {EventKind::Warning, "wasmtime@31.0.0 ran 52988 of 123000 cases"},
      {EventKind::Finding, "finding: wasmtime diverges: other returns (case 335, after 624.0 s)"}};
}

std::string TextOf(const std::vector<Line>& picture) {
  std::string text = "\n";
  for (const Line& line : picture) text += PlainText(line) + "\n";
  return text;
}

TEST(Picture, OfAnUsualTerminal) {
  EXPECT_EQ(TextOf(Picture({"findings", 7}, Moment(), SomeNews(), {.width = 100, .height = 24})),
            R"(
slabhound campaign                                                                  seed 7, findings
running 12 min 34 s, 47 min 26 s left [###########...........................................] 21 %
modules     123,456                                               agree        58.2 %       71,850
rate        163/s (since the start 164/s)                         poisoned     41.3 %       51,000
bugs        2 (6 symptoms)                                        known         0.0 %            0
last find   2 min 10 s ago: wasmtime diverges: other returns      rejected      0.0 %            6
next find   one in 41,152 modules                                 findings      0.5 %          600
to minimize 2                                                     gen. crashes  0.0 %            0
starts      5 jobs, 12 workers                                    killed        0.0 %            0
-- bugs, most severe first -------------------------------------------------------------------------
      129  memory corruption wasmtime panic: invalid `VMGcKind`: N (5 symptoms)
        1  refusal           wasmtime refuses?[2J a module
-- engines -----------------------------------------------------------------------------------------
  oracle           runs       123,456 cases, 0.0 % not run, 0.0 % refused
  wasmtime@31.0.0  SILENT     123,000 cases, 0.0 % not run, 56.9 % refused
  jsc              idle             0 cases, - not run, - refused
-- jobs --------------------------------------------------------------------------------------------
   1   120 MiB  case 123460: run wasmtime@31.0.0
   2   1.5 GiB  minimizes, 12 s: wasmtime panic: x
   3       0 B  rests
-- news, the last first ----------------------------------------------------------------------------
  wasmtime@31.0.0 ran 52988 of 123000 cases
  finding: wasmtime diverges: other returns (case 335, after 624.0 s)
)");
}

TEST(Picture, OfANarrowAndLowOne) {
  EXPECT_EQ(TextOf(Picture({"findings", 7}, Moment(), SomeNews(), {.width = 40, .height = 16})), R"(
slabhound campaign      seed 7, findings
running 12 min 34 s, 47 min 26 s left
modules     123,456
rate        163/s (since the start 16...
bugs        2 (6 symptoms)
last find   2 min 10 s ago: wasmtime ...
next find   one in 41,152 modules
to minimize 2
starts      5 jobs, 12 workers
-- bugs, most severe first -------------
      129  memory corruption wasmtime...
        1  refusal           wasmtime...
-- engines (1 of 3) --------------------
  oracle           runs       123,456...
-- jobs (1 of 3) -----------------------
   1   120 MiB  case 123460: run wasm...
)");
}

TEST(Picture, OfTheBeginning) {
  EXPECT_EQ(TextOf(Picture({"findings", 7}, {}, {}, {.width = 80, .height = 20})), R"(
slabhound campaign                                              seed 7, findings
running 0 s, until Ctrl-C
modules     0                                 agree             -            0
rate        0.0/s (since the start 0.0/s)     poisoned          -            0
bugs        0 (0 symptoms)                    known             -            0
last find   none                              rejected          -            0
next find   not known yet                     findings          -            0
to minimize 0                                 gen. crashes      -            0
starts      0 jobs, 0 workers                 killed            -            0
-- bugs, most severe first -----------------------------------------------------
           none so far
)");
}

TEST(Picture, IsNeverLargerThanItsSize) {
  campaign::Status status = Moment();
  for (int i = 0; i < 100; ++i) status.bugs.push_back(status.bugs.front());
  for (size_t width = 0; width <= 130; ++width) {
    for (size_t height = 0; height <= 60; height += 1 + width % 3) {
      const auto picture = Picture({"findings", 7}, status, SomeNews(), {width, height});
      ASSERT_LE(picture.size(), height);
      for (const Line& line : picture) {
        ASSERT_LE(WidthOf(line), width);
        for (const char each : PlainText(line)) ASSERT_TRUE(each >= ' ' && each < 127);
      }
    }
  }
}

TEST(Picture, HasItsStyles) {
  const Line line = {{"a", Style::Bad}, {" b"}, {"c", Style::Dim}, {"d", Style::Good}};
  EXPECT_EQ(StyledText(line, /*colour=*/true), "\x1b[1;31ma\x1b[m b\x1b[2mc\x1b[m\x1b[32md\x1b[m");
  EXPECT_EQ(StyledText(line, /*colour=*/false), "\x1b[1ma\x1b[m b\x1b[2mc\x1b[md");
}

}  // namespace
}  // namespace slabhound::screen
