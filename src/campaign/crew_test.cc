// Which silence of a job is held against it.
#include "campaign/crew.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;

void WatchFor(Crew& crew, double seconds) {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end && crew.seats()[0].sentence.empty()) {
    crew.Wait();
    crew.Watch(crew.seats()[0]);
  }
}

TEST(Crew, SilenceWhileTheSupervisorStandsStillIsNoHang) {
  CaseRun run;
  run.at_stage = [](uint64_t, Stage, ByteSpan) { pause(); };
  Crew crew(run, 1,
            {.case_cpu_seconds_max = 100,
             .case_wall_seconds_max = 1,
             .minimize_seconds_max = 1,
             .job_cases_max = 10,
             .job_bytes_soft = UINT64_MAX,
             .job_bytes_max = UINT64_MAX});
  Seat& seat = crew.seats()[0];
  seat.rest = {.first = 0, .count = 1};
  ASSERT_TRUE(crew.Send(seat, seat.rest).has_value());
  WatchFor(crew, 0.1);
  usleep(1'200'000);  // as if stopped by Ctrl-Z
  WatchFor(crew, 0.3);
  EXPECT_EQ(seat.sentence, "");
  WatchFor(crew, 10);
  EXPECT_EQ(seat.sentence, "hang");
  crew.Reap(seat);
}

}  // namespace
}  // namespace slabhound::campaign
