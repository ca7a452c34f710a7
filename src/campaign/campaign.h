// A campaign: generate, run on all engines, compare, bucket, minimize, keep.
//
// 1. The supervisor generates and runs nothing itself: jobs do (job.h), and whatever kills one
//    costs the case in flight, which is classified by stage and cause, and kept.
// 2. With `modules`, the set of cases is 0 … modules - 1 of the seed whatever `jobs` is, and so
//    are all counts and symptoms. Which cases are minimized, and so the bugs, is a matter of time.
// 3. Without `modules`, once a bug shows in a tenth of the cases, every third batch of cases is run
//    without one thing that the bug needs, each in turn (masking.h). Then cases are not those of
//    their numbers alone: a finding says what was taken out (`without`).
// 4. What an earlier campaign on the same engines left unminimized in the folder is minimized too.
// 5. With `steady` and `modules`, minimizations come behind all cases: one for the smallest case of
//    each symptom, bounded by candidates and not by time. Each batch of cases, and each
//    minimization, has new workers. Then the bugs, too, are the same each time, whatever `jobs`
//    is, as far as the engines are; and those of shards, merged, are those of one campaign.
// 6. The first SIGINT or SIGTERM ends it cleanly, the second at once. No job outlives it.
// 7. What it does is in the folder's database within about a second. A campaign of the same series
//    (series.h) goes on where the last one ended, however that was: no case is counted twice, and
//    what it counts and tells is of the whole series.
// 8. A job that somebody kills costs nothing: its case is run again. Only where that happens twice
//    it counts as killed. (Of an engine's worker: worker/run.cc.)
// 9. One campaign at a time runs in a folder. A full disk makes it wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/case_run.h"
#include "campaign/dealer.h"
#include "campaign/news.h"
#include "campaign/tally.h"
#include "heap/fault.h"
#include "upkeep/removal.h"
#include "worker/process_engine.h"

namespace slabhound::campaign {

struct Options {
  uint64_t seed = 1;
  std::optional<uint64_t> modules;
  std::optional<double> seconds;
  bool steady = false;  // rule 5
  unsigned jobs = 1;
  std::string out = "findings";
  heap::Fault fault = heap::Fault::None;
  std::vector<engine::EngineSpec> engines =
      {};  // the first is the reference; none: the default ones; see CaseRun::EnginesOf
  // Their texts as somebody asked for them, before anything was measured; none: as they are.
  std::vector<std::string> asked_engines = {};
  Shard shard = {};
  std::vector<engine::EngineSpec> releases = {};            // part of the bucket (diff/releases.h)
  testcase::Budgets budgets = testcase::kGeneratedBudgets;  // of every case; it carries them
  std::string today = {};                                   // as in worker::Lab
  std::shared_ptr<const std::vector<avoid::KnownRow>> known = {};  // likewise
  worker::WorkerLimits worker_limits = {};
  std::set<std::string> without_exceptions = {};  // as in worker::Lab
  News* news = nullptr;                           // outlives the campaign; null: silence

  // Budgets of a campaign that goes on for ever (memory_watch.h, disk_watch.h).
  std::optional<uint64_t> memory_bytes_max = std::nullopt;  // of all jobs and workers together
  upkeep::FolderLimits folder_limits = {};

  // Bounds, and the way in for tests.
  double case_cpu_seconds_max = 10, case_wall_seconds_max = 60, minimize_seconds_max = 20;
  std::chrono::milliseconds recurrence_time = worker::Lab().recurrence_time;  // as there
  uint64_t job_cases_max = 20'000;             // then a new one takes its place
  uint64_t job_bytes_soft = 512u << 20;        // likewise
  uint64_t job_bytes_max = uint64_t{2} << 30;  // it is killed
  std::function<void(uint64_t number, Stage stage, ByteSpan module)> at_stage;
};

struct Outcome {
  Tally tally;                          // of the series, earlier runs too
  std::vector<BugCounts> bugs;          // that these findings are of, most severe first
  double seconds = 0, cpu_seconds = 0;  // the CPU's: of all processes, the engines' too
  uint64_t cases_before = 0;            // of the series, done by earlier runs
  double seconds_before = 0, cpu_seconds_before = 0;  // likewise
  size_t found_before = 0;                            // symptoms of the folder of other series
  bool interrupted = false;
  // Engines that did not run, or refused, more than half of their cases: a line for each.
  std::vector<std::string> silent = {};
  std::string failure = {};  // what ended it too early, a full disk say; else empty
};

// The error is one line: the folder, or jobs that cannot be had from the start.
Result<Outcome, std::string> RunCampaign(const Options& options);

}  // namespace slabhound::campaign
