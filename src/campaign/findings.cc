#include "campaign/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "campaign/case_run.h"
#include "testcase/testcase.h"

namespace slabhound::campaign {
namespace {

// What there is to say of a failure that its case alone does not show every time.
std::string RecurrenceText(const trace::Recurrence& recurrence) {
  std::string text = fmt::format("reproduced {} of {}", recurrence.seen, recurrence.tries);
  if (recurrence.history.empty()) return text;
  return text + fmt::format(" behind {} earlier modules{}", recurrence.history.size(),
                            recurrence.reduced ? "" : " (the time ran out)");
}

// So that a bucket whose candidates are slow leaves time for others.
constexpr uint32_t kTurnsMax = 4;

}  // namespace

Result<void, std::string> Findings::Keep(const Finding& finding, double seconds) {
  const bool first = ++counts_[SignatureSlug(finding.signature)] == 1;
  const auto written = store_.Offer(finding);
  if (first) {
    std::string line = fmt::format("{}: {} (case {}, after {:.1f} s)", finding.kind,
                                   SignatureText(finding.signature), finding.number, seconds);
    const std::string folder = store_.FolderOf(finding.signature);
    if (written && *written) line += " in " + folder;
    if (written && !*written) line += fmt::format("; {} keeps an earlier one", folder);
    if (!finding.recurrence.happens_alone()) line += "; " + RecurrenceText(finding.recurrence);
    news_.Say(line);
  }
  if (!written) return Fail(written.error().message);
  return {};
}

void Findings::PlanMinimization(const Finding& finding) {
  const bool often =
      finding.recurrence.happens_alone() || finding.recurrence.seen >= kSeenToMinimize;
  const bool timeout = finding.signature.kind == diff::FindingKind::Failure &&
                       finding.signature.failure == trace::FailureKind::Timeout;
  if (!finding.recurrence.history.empty() || !often || timeout) return;
  const std::string bucket = SignatureSlug(finding.signature);
  auto [tried, is_first] = tried_bytes_.try_emplace(bucket, finding.original_bytes);
  if (!is_first) {
    if (finding.original_bytes * 2 > tried->second) return;
    tried->second = finding.original_bytes;
  }
  const bool first_turn = is_first || to_minimize_.contains(bucket);
  auto& waiting = first_turn && finding.recurrence.happens_alone() ? to_minimize_ : can_wait_;
  const auto there = waiting.find(bucket);
  if (there != waiting.end() && there->second.module.size() <= finding.module.size()) return;
  waiting.insert_or_assign(bucket, finding);
}

std::optional<Finding> Findings::NextToMinimize(Turns turns) {
  if (turns == Turns::None) return std::nullopt;
  auto& waiting = to_minimize_.empty() && turns == Turns::All ? can_wait_ : to_minimize_;
  const auto first = std::ranges::min_element(waiting, {}, [](const auto& entry) {
    return std::pair(entry.second.verdict != "panic", entry.second.original_bytes);
  });
  if (first == waiting.end()) return std::nullopt;
  Finding finding = std::move(first->second);
  waiting.erase(first);
  return finding;
}

Result<void, std::string> Findings::TakeMinimized(Finding finding, const MinimizedReport& report) {
  if (!report.failure.empty()) {
    news_.Say(
        fmt::format("{} is not minimized: {}", SignatureText(finding.signature), report.failure));
    const auto told = store_.Explain(finding.signature, report.failure, report.seen, report.tries);
    if (!told) return Fail(told.error().message);
    return {};
  }
  const bool shrank = report.module.size() < finding.module.size();
  finding.minimized = true;
  if (report.tries > 1) {
    finding.recurrence.seen = report.seen;
    finding.recurrence.tries = report.tries;
  }
  finding.module = report.module;
  // What a job died of is told already.
  if (!report.explanation.empty()) finding.explanation = report.explanation;
  if (!report.suspect.empty()) finding.suspect = report.suspect;
  if (!report.engines.empty()) finding.engines = report.engines;
  finding.regression = report.regression;
  finding.regression_missing = report.regression_missing;
  const auto written = store_.Offer(finding);
  if (!written) return Fail(written.error().message);
  std::string line = fmt::format("{} minimized: {} bytes of {}{}", SignatureText(finding.signature),
                                 testcase::ModuleBytes(finding.module), finding.original_bytes,
                                 report.complete ? "" : " (the time ran out)");
  if (!finding.recurrence.happens_alone()) line += "; " + RecurrenceText(finding.recurrence);
  news_.Say(line);
  std::string bucket = SignatureSlug(finding.signature);
  if (!report.complete && shrank && ++turns_[bucket] < kTurnsMax) {
    can_wait_.insert_or_assign(std::move(bucket), std::move(finding));
  }
  return {};
}

Result<void, std::string> Findings::WriteCounts() {
  for (const auto& [bucket, count] : counts_) {
    const auto added = store_.AddCount(bucket, count);
    if (!added) return Fail(added.error().message);
  }
  return {};
}

}  // namespace slabhound::campaign
