// What a campaign tells the ledger (ledger/ledger.h) while it runs: gathered, and written as one
// batch about once a second.
//
// 1. Of each symptom's first cases the modules are kept as they were found, as artifacts.
// 2. What it is told between two writes is lost by a kill, and done again by the next run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "campaign/tally.h"
#include "ledger/ledger.h"
#include "ledger/run_lock.h"
#include "reach/reach.h"

namespace slabhound::campaign {

// How the series stands.
struct Standing {
  double seconds = 0, cpu_seconds = 0;  // of this run
  uint64_t symptoms = 0, bugs = 0;
  std::string now;    // JSON; empty: as before
  bool last = false;  // of this run
};

class Logbook {
 public:
  // Takes the folder's lock, and begins a run of the series.
  static Result<Logbook, FileError> Begin(const std::string& folder, const ledger::Series& series,
                                          const std::string& shard);

  // What earlier runs of the series did.
  const ledger::Past& past() const { return past_; }

  void Done(uint64_t number);
  void Reached(const reach::Reached& reached) { reach_.Count(reached); }
  Result<void, FileError> Found(uint64_t number, const std::string& slug, ByteSpan module);
  // A case of `from` is of `to`, as it turned out; false: it is not of this series.
  Result<bool, FileError> Move(uint64_t number, const std::string& from, const std::string& to);
  void Tell(const std::string& kind, const std::string& slug, const std::string& text);

  bool IsDue(double seconds) const { return seconds >= next_write_; }
  // Called again after a failure, it writes the same and more.
  Result<void, FileError> Write(const Tally& tally, const Standing& standing);
  // The modules as found that are kept, of all series; and they are kept no more.
  Result<std::vector<ledger::Original>, FileError> Originals() const { return ledger_.Originals(); }
  Result<void, FileError> Forget(const std::vector<std::string>& artifacts) {
    return ledger_.Forget(artifacts);
  }
  void SetKeepsOriginals(bool keeps) { keeps_originals_ = keeps; }
  bool keeps_originals() const { return keeps_originals_; }
  // `how`: in a word or two.
  Result<void, FileError> End(const std::string& how) { return ledger_.End(how); }

 private:
  Logbook(std::string folder, ledger::RunLock lock, ledger::Ledger ledger, ledger::Past past);

  std::string folder_;
  ledger::RunLock lock_;
  ledger::Ledger ledger_;
  ledger::Past past_;
  ledger::Counters written_;
  ledger::Batch pending_;
  reach::Reach reach_;                         // pends too
  std::map<std::string, uint64_t> originals_;  // kept, by slug
  bool keeps_originals_ = true;
  double next_write_ = 0, next_growth_ = 0;
};

}  // namespace slabhound::campaign
