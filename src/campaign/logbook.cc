#include "campaign/logbook.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "campaign/tally_counters.h"
#include "ledger/artifacts.h"
#include "reach/rows.h"

namespace slabhound::campaign {
namespace {

constexpr uint64_t kOriginalsMax = 16;  // of a symptom
constexpr double kWriteSeconds = 1;

// Dense at first, for those who look on; then so that a year fits.
double GrowthSeconds(double seconds) { return seconds < 120 ? 2 : 60; }

// Unique among all machines, and of no other meaning.
std::string NewRunName() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  uint64_t drawn = 0;
  const bool has_drawn = getrandom(&drawn, sizeof drawn, 0) == sizeof drawn;
  const std::string text =
      fmt::format("{} {} {} {}", host.data(), getpid(), ledger::NowMs(), has_drawn ? drawn : 0);
  return HashText(HashBytes(AsBytes(text)));
}

}  // namespace

Logbook::Logbook(std::string folder, ledger::RunLock lock, ledger::Ledger ledger, ledger::Past past)
    : folder_(std::move(folder)),
      lock_(std::move(lock)),
      ledger_(std::move(ledger)),
      past_(std::move(past)),
      written_(past_.counters),
      originals_(past_.cases) {}

Result<Logbook, FileError> Logbook::Begin(const std::string& folder, const ledger::Series& series,
                                          const std::string& shard) {
  TRY(MakeFolder(folder));
  TRY_ASSIGN(ledger::RunLock lock, ledger::RunLock::Take(folder));
  TRY_ASSIGN(ledger::Ledger ledger, ledger::Ledger::Open(folder));
  TRY(ledger.Begin(series, {NewRunName(), shard, SLABHOUND_VERSION, ledger::NowMs()}));
  TRY_ASSIGN(ledger::Past past, ledger.ReadPast());
  return Logbook(folder, std::move(lock), std::move(ledger), std::move(past));
}

void Logbook::Done(uint64_t number) {
  auto& done = pending_.done;
  if (!done.empty() && done.back().past == number) {
    ++done.back().past;
  } else {
    done.push_back({number, number + 1});
  }
}

Result<void, FileError> Logbook::Found(uint64_t number, const std::string& slug, ByteSpan module) {
  std::string artifact;
  if (keeps_originals_ && !module.empty() && originals_[slug] < kOriginalsMax) {
    TRY_ASSIGN(artifact, ledger::WriteArtifact(folder_, module));
  }
  ++originals_[slug];
  pending_.found.push_back({number, slug, std::move(artifact)});
  return {};
}

Result<bool, FileError> Logbook::Move(uint64_t number, const std::string& from,
                                      const std::string& to) {
  const bool pends = std::ranges::any_of(pending_.found, [&](const ledger::FoundCase& found) {
    return found.number == number && found.slug == from;
  });
  if (!pends) {
    TRY_ASSIGN(const bool holds, ledger_.Holds(number, from));
    if (!holds) return false;
  }
  pending_.moved.push_back({number, from, to});
  return true;
}

void Logbook::Tell(const std::string& kind, const std::string& slug, const std::string& text) {
  pending_.events.push_back({kind, slug, text});
}

Result<void, FileError> Logbook::Write(const Tally& tally, const Standing& standing) {
  const ledger::Counters now = ToCounters(tally);
  pending_.at_ms = ledger::NowMs();
  pending_.seconds = standing.seconds;
  pending_.cpu_seconds = standing.cpu_seconds;
  pending_.counters = Increase(written_, now);
  pending_.now = standing.now;
  pending_.reached = reach::RowsOf(reach_);
  const bool grows = standing.last || standing.seconds >= next_growth_;
  if (grows) pending_.growth = {tally.cases, tally.findings, standing.symptoms, standing.bugs};
  TRY(ledger_.Add(pending_));
  pending_ = {};
  reach_ = {};
  written_ = now;
  next_write_ = standing.seconds + kWriteSeconds;
  if (grows) next_growth_ = standing.seconds + GrowthSeconds(standing.seconds);
  return {};
}

}  // namespace slabhound::campaign
