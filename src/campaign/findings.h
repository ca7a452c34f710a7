// What a campaign has found so far: counts and cases by bucket, and which case is to be minimized
// next.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "campaign/news.h"
#include "campaign/report.h"
#include "campaign/store.h"

namespace slabhound::campaign {

class Findings {
 public:
  Findings(Store store, News& news) : store_(std::move(store)), news_(news) {}

  // Counts the case for its bucket's file, and writes it when it is the best so far. Errors are one
  // line: the folder cannot be written.
  Result<void, std::string> Keep(const Finding& finding, double seconds);

  // The bucket's first case is minimized, and later ones that start from half of it; but none that
  // needs a history, happens too seldom for candidates to be told by it, or whose candidates would
  // each take a job's time limit. What still shrank when its time ran out gets another turn, up
  // to four.
  void PlanMinimization(const Finding& finding);
  // First turns of buckets whose case shows them every time come before those that can wait, panics
  // before others, and small cases before large ones.
  enum class Turns : uint8_t { None, First, All };
  std::optional<Finding> NextToMinimize(Turns turns);
  // What came of that.
  Result<void, std::string> TakeMinimized(Finding finding, const MinimizedReport& report);

  // At the campaign's end.
  Result<void, std::string> WriteCounts();
  // Buckets that were there before this campaign.
  size_t found_before() const { return store_.found_before(); }

 private:
  Store store_;
  News& news_;
  std::map<std::string, Finding> to_minimize_;   // by slug of the signature
  std::map<std::string, Finding> can_wait_;      // likewise
  std::map<std::string, uint32_t> turns_;        // likewise: those that ended unfinished
  std::map<std::string, uint64_t> tried_bytes_;  // likewise: the smallest start so far
  std::map<std::string, uint64_t> counts_;       // likewise: cases
};

}  // namespace slabhound::campaign
