// What a campaign has found so far: counts and cases by symptom, the bugs that they are of, and
// which case is to be minimized next.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/disk_wait.h"
#include "campaign/logbook.h"
#include "campaign/news.h"
#include "campaign/report.h"
#include "campaign/store.h"
#include "campaign/tally.h"

namespace slabhound::campaign {

class Findings {
 public:
  // `known` and `today` as in worker::Lab; `steady` as in campaign.h, 5. Without a logbook nothing
  // is recorded but the folder's files. `wait` may be null: then a full disk is an error.
  Findings(Store store, News& news, std::shared_ptr<const std::vector<avoid::KnownRow>> known = {},
           std::string today = {}, bool steady = false, Logbook* logbook = nullptr,
           DiskWait* wait = nullptr);

  // Counts the case for its symptom, and writes it when it is the best so far. Errors are one line:
  // the folder cannot be written.
  Result<void, std::string> Keep(const Finding& finding, double seconds);

  // The symptom's first case is minimized, and later ones that start from half of it; but none that
  // happens too seldom for candidates to be told by it. A hang waits for all others. What still
  // shrank when its time ran out gets another turn, up to four. Each is first held against the
  // known causes (masking.h): what one of them explains waits for all others, if its symptom is
  // new, and is done with otherwise. Of a symptom whose cause is known some later cases get a turn
  // too: they may be of another.
  void PlanMinimization(const Finding& finding);
  // What an earlier campaign on these engines left unminimized comes in again.
  void PlanEarlier(const Store::EnginesOfCase& engines_of);
  // First turns of symptoms whose case shows them every time come before those that can wait,
  // panics before others, and small cases before large ones.
  enum class Turns : uint8_t { None, First, All };
  struct Turn {
    Finding finding;
    std::vector<KnownCause> causes;  // that it is to be held against
  };
  std::optional<Turn> NextToMinimize(Turns turns);
  // The smallest so far, while that is under way: after a kill the next campaign goes on from it.
  Result<void, std::string> KeepSoFar(Finding finding, const Bytes& module);
  // The job of it ended.
  void Lose(const Finding& finding, const std::string& why) { TellUnminimized(finding, why); }
  // What came of it.
  Result<void, std::string> TakeMinimized(Finding finding, const MinimizedReport& report);

  // Of this campaign's findings, most severe first, those left out that are known by their cause.
  std::vector<BugCounts> Bugs() const;
  // Of those, the cases by row.
  std::map<std::string, uint64_t> KnownByCause() const;
  // What the generator is asked to leave out of some cases: what the bug needs that more than a
  // tenth of so many cases show. One thing at a time, by turns; none: there is no such bug.
  std::vector<std::string> NextWithout(uint64_t cases);

  // What was written survives a power cut.
  Result<void, std::string> Sync();
  // At the campaign's end, when the logbook is written.
  Result<void, std::string> WriteCounts();
  // Symptoms of the folder that this campaign has not met.
  size_t found_before() const;
  const BugList& list() const { return store_.list(); }
  size_t symptoms() const { return store_.symptoms().size(); }
  // Symptoms that wait for a turn of the minimizer.
  size_t to_minimize() const { return to_minimize_.size() + can_wait_.size(); }
  // The last symptom that was new to this campaign, and when it came.
  struct Last {
    double seconds = 0;
    std::string symptom;
  };
  const std::optional<Last>& last() const { return last_; }

 private:
  struct Waiting {
    Finding finding;
    bool may_be_explained = true;  // it is held against known causes first
  };

  void PlanSmallest(const Finding& finding);
  void PlanOther(const Finding& finding);
  std::vector<KnownCause> KnownCauses(const Finding& finding) const;
  Result<void, std::string> TakeExplained(Finding finding, const std::string& by);
  uint32_t VariantOf(const Finding& finding) const;
  // A case that was counted for the one symptom is of the other.
  Result<void, std::string> CountFor(uint64_t number, const std::string& from,
                                     const std::string& to);
  void SayMinimized(const Finding& finding, const MinimizedReport& report);
  void TellUnminimized(const Finding& finding, const std::string& why);
  // What is told of the finding's symptom, but for the line.
  Event EventOf(EventKind kind, const Finding& finding) const;

  uint64_t CountOf(const cause::Bug& bug) const;
  std::string KnownAs(const Record& record) const;

  Store store_;
  News& news_;
  std::shared_ptr<const std::vector<avoid::KnownRow>> known_;
  std::string today_;
  bool steady_;
  Logbook* logbook_;
  DiskWait* wait_;
  std::map<std::string, Waiting> to_minimize_;   // by slug of the symptom
  std::map<std::string, Waiting> can_wait_;      // likewise
  std::map<std::string, uint32_t> turns_;        // likewise: those that ended unfinished
  std::map<std::string, uint64_t> tried_bytes_;  // likewise: the smallest start so far
  std::map<std::string, uint32_t> others_;       // likewise: cases that were held against causes
  std::map<std::string, uint64_t> counts_;       // likewise: cases of this campaign
  std::map<std::string, diff::Signature> lost_;  // likewise: symptoms that could not be written
  std::set<std::string> before_;                 // slugs that were there before this campaign
  std::optional<Last> last_;
  uint64_t withouts_ = 0;
};

}  // namespace slabhound::campaign
