#include "campaign/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "campaign/known_rows.h"
#include "campaign/minimization.h"
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

// So that a symptom whose candidates are slow leaves time for others.
constexpr uint32_t kTurnsMax = 4;

// Later cases of a symptom that are held against the known causes.
constexpr uint32_t kOthersMax = 8;
// Causes that one case is held against.
constexpr size_t kCausesMax = 8;
// Fewer ingredients of another symptom's cause tell nothing: many cases need some struct.new.
constexpr size_t kTellingIngredientsMin = 3;

bool IsBeforehandHopeless(const Finding& finding) {
  return !finding.recurrence.happens_alone() && finding.recurrence.seen < kSeenToMinimize;
}

// A hang costs each candidate that shows it all of its time, and seconds in the end.
bool TakesLong(const Finding& finding) {
  return finding.signature.kind == diff::FindingKind::Failure &&
         finding.signature.failure == trace::FailureKind::Timeout;
}

}  // namespace

Findings::Findings(Store store, News& news,
                   std::shared_ptr<const std::vector<avoid::KnownRow>> known, std::string today,
                   bool steady, Logbook* logbook, DiskWait* wait)
    : store_(std::move(store)),
      news_(news),
      known_(std::move(known)),
      today_(std::move(today)),
      steady_(steady),
      logbook_(logbook),
      wait_(wait) {
  for (const auto& [slug, record] : store_.symptoms()) before_.insert(slug);
  if (logbook_ == nullptr) return;
  counts_ = logbook_->past().cases;
  // What earlier runs minimized need not be minimized for its next case.
  for (const auto& [slug, count] : counts_) {
    const auto known_symptom = store_.symptoms().find(slug);
    if (known_symptom == store_.symptoms().end() || !known_symptom->second.minimized) continue;
    tried_bytes_[slug] = known_symptom->second.original_bytes;
  }
}

Result<void, std::string> Findings::Keep(const Finding& finding, double seconds) {
  const std::string slug = SlugOf(finding);
  const bool first = ++counts_[slug] == 1;
  const auto written = Persist(wait_, [&] { return store_.Offer(finding); });
  if (first) {
    std::string line = fmt::format("{}: {} (case {}, after {:.1f} s)", finding.kind,
                                   SignatureText(finding.signature), finding.number, seconds);
    const std::string folder = store_.FolderOf(slug);
    if (written && *written) line += " in " + folder;
    if (written && !*written) line += fmt::format("; {} keeps an earlier one", folder);
    if (!finding.recurrence.happens_alone()) line += "; " + RecurrenceText(finding.recurrence);
    Event event = EventOf(EventKind::Finding, finding);
    event.line = std::move(line);
    news_.Tell(event);
    last_ = Last{seconds, event.symptom};
  }
  if (!written) {
    lost_.emplace(slug, finding.signature);
    return Fail(written.error());
  }
  if (logbook_ == nullptr) return {};
  return Persist(wait_, [&] { return logbook_->Found(finding.number, slug, finding.module); });
}

Event Findings::EventOf(EventKind kind, const Finding& finding) const {
  Event event{.kind = finding.kind == "finding" ? kind : EventKind::Detail,
              .slug = SlugOf(finding),
              .symptom = SignatureText(finding.signature),
              .severity = cause::SeverityOf(finding.signature)};
  event.folder = store_.FolderOf(event.slug);
  if (const cause::Bug* bug = store_.list().BugOf(event.slug)) {
    event.severity = bug->severity;
    event.bug.push_back(bug->representative);
    for (const cause::Member& member : bug->members) {
      if (member.slug != bug->representative) event.bug.push_back(member.slug);
    }
  }
  const auto was_there = [this](const std::string& slug) { return before_.contains(slug); };
  event.is_new = !was_there(event.slug) && std::ranges::none_of(event.bug, was_there);
  return event;
}

void Findings::TellUnminimized(const Finding& finding, const std::string& why) {
  Event event = EventOf(EventKind::Unminimized, finding);
  event.line = fmt::format("{} is not minimized: {}", event.symptom, why);
  news_.Tell(event);
}

void Findings::PlanMinimization(const Finding& finding) {
  if (IsBeforehandHopeless(finding)) return;
  if (steady_) return PlanSmallest(finding);
  const std::string slug = SlugOf(finding);
  auto [tried, is_first] = tried_bytes_.try_emplace(slug, finding.original_bytes);
  if (!is_first) {
    if (finding.original_bytes * 2 > tried->second) return PlanOther(finding);
    tried->second = finding.original_bytes;
  }
  const bool first_turn = is_first || to_minimize_.contains(slug);
  const bool at_once = finding.recurrence.happens_alone() && !TakesLong(finding);
  auto& waiting = first_turn && at_once ? to_minimize_ : can_wait_;
  const auto there = waiting.find(slug);
  if (there != waiting.end() && there->second.finding.module.size() <= finding.module.size()) {
    return;
  }
  waiting.insert_or_assign(slug, Waiting{finding});
}

// Whatever the order in which they come, and in which run.
void Findings::PlanSmallest(const Finding& finding) {
  const auto known = store_.symptoms().find(SlugOf(finding));
  if (known != store_.symptoms().end() && known->second.minimized && known->second.steady &&
      StartOf(known->second) <= StartOf(finding)) {
    return;
  }
  const auto [there, is_first] =
      to_minimize_.try_emplace(SlugOf(finding), Waiting{finding, /*may_be_explained=*/false});
  if (!is_first && StartOf(finding) < StartOf(there->second.finding))
    there->second.finding = finding;
}

void Findings::PlanOther(const Finding& finding) {
  const std::string slug = SlugOf(finding);
  const auto known = store_.symptoms().find(slug);
  if (known == store_.symptoms().end() || known->second.ingredients.empty()) return;
  if (!finding.recurrence.happens_alone() || can_wait_.contains(slug)) return;
  if (others_[slug] >= kOthersMax) return;
  ++others_[slug];
  can_wait_.emplace(slug, Waiting{finding});
}

void Findings::PlanEarlier(const Store::EnginesOfCase& engines_of) {
  for (const Finding& finding : store_.Unminimized(engines_of)) {
    const auto suspect = engine::ParseEngine(finding.suspect);
    const bool died = finding.signature.kind == diff::FindingKind::Death;
    // As a campaign does with its own: only of an engine's own death can candidates be told.
    if (died && (!suspect || !engine::InProcess(*suspect) || finding.verdict == "memory")) continue;
    if (finding.explained_by.empty()) {
      PlanMinimization(finding);
    } else if (!finding.explained_by.starts_with(kKnownPrefix)) {
      can_wait_.emplace(SlugOf(finding), Waiting{finding, /*may_be_explained=*/false});
    }
  }
}

std::string Findings::KnownAs(const Record& record) const {
  return known_ ? campaign::KnownAs(*known_, record, today_) : std::string();
}

// Rows of a user's own come first, then causes with the same symptom.
std::vector<KnownCause> Findings::KnownCauses(const Finding& finding) const {
  std::vector<KnownCause> causes;
  for (const auto& [slug, record] : store_.symptoms()) {
    if (!record.cause || record.ingredients.empty() ||
        record.signature.suspect != finding.signature.suspect) {
      continue;
    }
    const bool same = record.signature == finding.signature;
    if (!same && record.ingredients.size() < kTellingIngredientsMin) continue;
    causes.insert(same ? causes.begin() : causes.end(), {slug, record.ingredients});
  }
  const auto suspect = engine::ParseEngine(finding.suspect);
  for (size_t i = 0; known_ && suspect && i < known_->size(); ++i) {
    const avoid::KnownRow& row = (*known_)[i];
    if (row.needs.size() < kTellingIngredientsMin ||
        !avoid::Holds(row, *suspect, suspect->version, today_)) {
      continue;
    }
    causes.insert(causes.begin(), {std::string(kKnownPrefix) + row.name, row.needs});
  }
  causes.resize(std::min(causes.size(), kCausesMax));
  return causes;
}

std::optional<Findings::Turn> Findings::NextToMinimize(Turns turns) {
  if (turns == Turns::None) return std::nullopt;
  auto& waiting = to_minimize_.empty() && turns == Turns::All ? can_wait_ : to_minimize_;
  const auto first = std::ranges::min_element(waiting, {}, [](const auto& entry) {
    const Finding& each = entry.second.finding;
    return std::tuple(cause::SeverityOf(each.signature), each.original_bytes);
  });
  if (first == waiting.end()) return std::nullopt;
  Waiting next = std::move(first->second);
  waiting.erase(first);
  Turn turn{std::move(next.finding), {}};
  if (next.may_be_explained) turn.causes = KnownCauses(turn.finding);
  return turn;
}

Result<void, std::string> Findings::CountFor(uint64_t number, const std::string& from,
                                             const std::string& to) {
  if (from == to) return {};
  if (logbook_ != nullptr) {
    TRY_ASSIGN(const bool is_ours,
               Persist(wait_, [&] { return logbook_->Move(number, from, to); }));
    if (!is_ours) return {};
  }
  --counts_[from];
  ++counts_[to];
  return {};
}

Result<void, std::string> Findings::TakeExplained(Finding finding, const std::string& by) {
  const std::string slug = SlugOf(finding);
  const auto known = store_.symptoms().find(slug);
  if (known == store_.symptoms().end() || known->second.minimized) {
    return CountFor(finding.number, slug, by);
  }
  Event event = EventOf(EventKind::Detail, finding);
  event.line =
      fmt::format("{} is explained by {}: it passes without what that needs", event.symptom, by);
  news_.Tell(event);
  TRY(Persist(wait_, [&] { return store_.ExplainBy(slug, by); }));
  TRY(Persist(wait_, [&] { return store_.Arrange(); }));
  if (by.starts_with(kKnownPrefix)) return {};
  finding.explained_by = by;
  can_wait_.insert_or_assign(slug, Waiting{std::move(finding), /*may_be_explained=*/false});
  return {};
}

// The symptom of that signature with the same cause, or the next that there is not yet.
uint32_t Findings::VariantOf(const Finding& finding) const {
  const auto& symptoms = store_.symptoms();
  for (uint32_t variant = 1;; ++variant) {
    const auto there = symptoms.find(SlugOf(finding.signature, variant));
    if (there == symptoms.end() || !there->second.minimized) return variant;
    if (!there->second.cause || !finding.cause) return variant;
    const std::vector<cause::Symptom> both = {
        {"known", there->second.signature, there->second.cause, 1, 1},
        {"new", finding.signature, finding.cause, 1, 1}};
    if (cause::BugsOf(both).size() == 1) return variant;
  }
}

void Findings::SayMinimized(const Finding& finding, const MinimizedReport& report) {
  std::string line = fmt::format("{} minimized: {} bytes of {}{}", SignatureText(finding.signature),
                                 testcase::ModuleBytes(finding.module), finding.original_bytes,
                                 report.complete ? "" : " (the time ran out)");
  if (!finding.recurrence.happens_alone()) line += "; " + RecurrenceText(finding.recurrence);
  if (report.slipped > 0) {
    line += fmt::format("; {} candidates showed it for another reason", report.slipped);
  }
  const std::string slug = SlugOf(finding);
  const cause::Bug* bug = store_.list().BugOf(slug);
  if (const std::string row = KnownAs(store_.symptoms().at(slug)); !row.empty()) {
    line += "; known as " + row;
  } else if (bug != nullptr && bug->members.size() > 1) {
    const auto member = std::ranges::find(bug->members, slug, &cause::Member::slug);
    line += slug == bug->representative
                ? fmt::format("; it stands for a bug of {} symptoms", bug->members.size())
                : fmt::format("; of the bug {} ({})", bug->representative, member->why);
  }
  Event event = EventOf(EventKind::Minimized, finding);
  event.line = std::move(line);
  news_.Tell(event);
}

Result<void, std::string> Findings::KeepSoFar(Finding finding, const Bytes& module) {
  if (steady_) return {};  // from there it would end elsewhere
  finding.module = module;
  TRY(Persist(wait_, [&] { return store_.Offer(finding); }));
  return {};
}

Result<void, std::string> Findings::TakeMinimized(Finding finding, const MinimizedReport& report) {
  if (!report.explained_by.empty()) return TakeExplained(std::move(finding), report.explained_by);
  if (!report.failure.empty()) {
    TellUnminimized(finding, report.failure);
    const std::string slug = SlugOf(finding);
    return Persist(wait_,
                   [&] { return store_.Explain(slug, report.failure, report.seen, report.tries); });
  }
  const bool shrank = report.module.size() < finding.module.size();
  finding.minimized = true;
  finding.explained_by.clear();
  if (report.tries > 1) {
    finding.recurrence.seen = report.seen;
    finding.recurrence.tries = report.tries;
  }
  if (!report.history.empty()) finding.recurrence.history = report.history;
  finding.module = report.module;
  // What a job died of is told already.
  if (!report.explanation.empty()) finding.explanation = report.explanation;
  if (!report.suspect.empty()) finding.suspect = report.suspect;
  if (!report.engines.empty()) finding.engines = report.engines;
  finding.slipped = report.slipped;
  finding.regression = report.regression;
  finding.regression_fails_on = report.regression_fails_on;
  finding.regression_missing = report.regression_missing;
  finding.cause = report.cause;
  finding.ingredients = report.ingredients;
  const std::string counted = SlugOf(finding);
  if (!steady_) finding.variant = VariantOf(finding);
  const std::string slug = SlugOf(finding);
  TRY(CountFor(finding.number, counted, slug));
  TRY(Persist(wait_, [&] { return store_.Offer(finding); }));
  TRY(Persist(wait_, [&] { return store_.Arrange(); }));
  SayMinimized(finding, report);
  if (!steady_ && !report.complete && shrank && ++turns_[slug] < kTurnsMax) {
    can_wait_.insert_or_assign(slug, Waiting{std::move(finding)});
  }
  return {};
}

uint64_t Findings::CountOf(const cause::Bug& bug) const {
  uint64_t count = 0;
  for (const cause::Member& member : bug.members) {
    const auto found = counts_.find(member.slug);
    count += found == counts_.end() ? 0 : found->second;
  }
  return count;
}

std::map<std::string, uint64_t> Findings::KnownByCause() const {
  std::map<std::string, uint64_t> known;
  for (const cause::Bug& bug : store_.list().bugs) {
    const std::string row = KnownAs(store_.symptoms().at(bug.representative));
    if (!row.empty()) known[row] += CountOf(bug);
  }
  for (const auto& [slug, count] : counts_) {
    if (slug.starts_with(kKnownPrefix)) known[slug.substr(kKnownPrefix.size())] += count;
  }
  return known;
}

std::vector<BugCounts> Findings::Bugs() const {
  std::vector<BugCounts> counted;
  for (const cause::Bug& bug : store_.list().bugs) {
    if (!KnownAs(store_.symptoms().at(bug.representative)).empty()) continue;
    BugCounts here{bug.severity,
                   {},
                   CountOf(bug),
                   0,
                   store_.FolderOf(bug.representative),
                   true,
                   store_.list().CameBack(bug)};
    for (const cause::Member& member : bug.members) {
      here.is_new = here.is_new && !before_.contains(member.slug);
      const auto found = counts_.find(member.slug);
      here.symptoms += found != counts_.end() && found->second > 0 ? 1 : 0;
    }
    if (here.symptoms == 0 && !here.came_back) continue;
    here.name =
        bug.label.empty() ? store_.symptoms().at(bug.representative).signature_text : bug.label;
    counted.push_back(std::move(here));
  }
  for (const auto& [slug, signature] : lost_) {
    if (store_.symptoms().contains(slug)) continue;
    counted.push_back(
        {cause::SeverityOf(signature), SignatureText(signature), counts_.at(slug), 1});
  }
  std::ranges::sort(counted, [](const BugCounts& a, const BugCounts& b) {
    return std::tie(b.came_back, a.severity, b.cases, a.name) <
           std::tie(a.came_back, b.severity, a.cases, b.name);
  });
  return counted;
}

std::vector<std::string> Findings::NextWithout(uint64_t cases) {
  constexpr uint64_t kCasesMin = 10, kShare = 10;
  std::vector<std::string> needed;
  for (const cause::Bug& bug : store_.list().bugs) {
    const uint64_t count = CountOf(bug);
    if (count < kCasesMin || count * kShare < cases) continue;
    const auto& ingredients = store_.symptoms().at(bug.representative).ingredients;
    needed.insert(needed.end(), ingredients.begin(), ingredients.end());
  }
  if (needed.empty()) return {};
  return {needed[withouts_++ % needed.size()]};
}

Result<void, std::string> Findings::Sync() {
  return Persist(wait_, [&] { return store_.Sync(); });
}

Result<void, std::string> Findings::WriteCounts() {
  TRY(Persist(wait_, [&] { return store_.WriteCounts(); }));
  return Persist(wait_, [&] { return store_.Arrange(); });
}

size_t Findings::found_before() const {
  return static_cast<size_t>(std::ranges::count_if(store_.symptoms(), [&](const auto& symptom) {
    const auto count = counts_.find(symptom.first);
    return (count == counts_.end() || count->second == 0) && symptom.second.count > 0;
  }));
}

}  // namespace slabhound::campaign
