#include "campaign/retrials.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "avoid/known.h"

namespace slabhound::campaign {
namespace {

using engine::EngineSpec;
using ledger::BuildRow;

constexpr std::string_view kFixed = "fixed", kStillThere = "still there";
constexpr size_t kCaseBytesMax = size_t{64} << 20;  // with a history

// The same for all releases and configurations.
std::string IdentityOf(const EngineSpec& spec) {
  EngineSpec bare = engine::Bare(spec);
  bare.version.clear();
  return engine::InProcess(spec) ? std::string(engine::EngineName(spec)) : engine::EngineText(bare);
}

// The suspect as it failed, on that release.
EngineSpec OnBuild(EngineSpec suspect, const EngineSpec& engine) {
  suspect.version = engine.version;
  suspect.command = engine.command;
  return suspect;
}

// Whether a row is of that bug.
bool IsOf(const cause::Bug& bug, const std::string& slug) {
  return std::ranges::find(bug.members, slug, &cause::Member::slug) != bug.members.end();
}

bool IsRare(const Record& record) { return !record.reproduced.empty() && !record.happens_alone(); }

// Whether a pass on one build says that a failure on the other is new.
bool IsEarlier(const std::string& build, const std::string& than) {
  const std::string version = worker::VersionIn(build), other = worker::VersionIn(than);
  return version.empty() || other.empty() || avoid::VersionWithin(version, "", other);
}

std::string KeyOf(const std::string& slug, const std::string& engine) {
  return slug + "\n" + engine;
}

}  // namespace

std::string_view RetrialOutcome(bool fails, const std::vector<BuildRow>& earlier,
                                const std::string& build, bool marked_fixed) {
  if (!fails) return kFixed;
  const bool was_fixed = std::ranges::any_of(earlier, [&build](const BuildRow& row) {
    return row.outcome == kFixed && IsEarlier(row.build, build);
  });
  return was_fixed || marked_fixed ? kCameBack : kStillThere;
}

void Retrials::TellBuilds() {
  if (std::exchange(has_builds_, true)) return;
  for (const EngineSpec& engine : engines_) {
    if (engine.kind == engine::EngineKind::Oracle) continue;
    auto build = worker::BuildOf(engine);
    if (!build) {
      problems_.push_back(fmt::format("{}: its build cannot be told: {}",
                                      engine::EngineText(engine), build.error()));
      continue;
    }
    EngineBuild on{engine, *std::move(build)};
    const bool is_there = std::ranges::any_of(builds_, [&on](const EngineBuild& each) {
      return IdentityOf(each.engine) == IdentityOf(on.engine) && each.build == on.build;
    });
    if (!is_there) builds_.push_back(std::move(on));
  }
}

std::vector<std::string> Retrials::Plan(const BugList& list, Scope scope) {
  if (list.bugs.empty()) return {};
  TellBuilds();
  for (const EngineBuild& on : builds_) PlanOn(list, on, scope);
  std::vector<std::string> lines = std::exchange(problems_, {});
  if (!waiting_.empty()) {
    lines.push_back(fmt::format(
        "{} tried first: {} new to {}",
        waiting_.size() == 1 ? "a kept bug is" : fmt::format("{} kept bugs are", waiting_.size()),
        builds_.size() == 1 ? "the build is" : "builds are", waiting_.size() == 1 ? "it" : "them"));
  }
  return lines;
}

void Retrials::PlanOn(const BugList& list, const EngineBuild& on, Scope scope) {
  for (const cause::Bug& bug : list.bugs) {
    const Record& record = list.symptoms.at(bug.representative);
    const auto suspect = engine::ParseEngine(record.suspect);
    if (!suspect || suspect->kind != on.engine.kind) continue;
    Trial trial;
    trial.engine = IdentityOf(*suspect);
    if (scope == Scope::NewBuilds && trial.engine != IdentityOf(on.engine)) continue;
    trial.build = on.build.Text();
    bool is_known = false;
    for (const BuildRow& row : list.builds) {
      if (row.engine != trial.engine || !IsOf(bug, row.slug)) continue;
      if (row.build == trial.build) {
        is_known = true;
      } else {
        trial.earlier.push_back(row);
      }
    }
    if (is_known && scope == Scope::NewBuilds) continue;
    trial.marked_fixed = std::ranges::any_of(list.said, [&bug](const ledger::Said& said) {
      return said.verb == "fixed" && IsOf(bug, said.slug);
    });
    trial.name = bug.label.empty() ? record.signature_text : bug.label;
    const auto place = list.places.find(bug.representative);
    trial.folder =
        PathOf(folder_, bug.representative, place == list.places.end() ? "" : place->second);
    trial.order = {
        bug.representative, engine::EngineText(OnBuild(*suspect, on.engine)), IsRare(record), {}};
    waiting_.push_back(std::move(trial));
  }
}

std::optional<TryOrder> Retrials::Next() {
  while (!waiting_.empty()) {
    Trial trial = std::move(waiting_.front());
    waiting_.pop_front();
    // Some were kept for their symptom alone.
    auto module = ReadFile(trial.folder + "/case.wasm", kCaseBytesMax);
    if (!module) continue;
    TryOrder order = trial.order;
    order.module = *std::move(module);
    under_way_.insert_or_assign(KeyOf(order.slug, order.engine), std::move(trial));
    return order;
  }
  return std::nullopt;
}

Result<Event, FileError> Retrials::Take(const TriedReport& report) {
  const auto found = under_way_.find(KeyOf(report.slug, report.engine));
  if (found == under_way_.end()) return Event();
  const Trial& trial = found->second;
  if (!report.not_able.empty()) {
    return Event{.line = fmt::format("{}: not tried on {} {}: {}", trial.name, trial.engine,
                                     trial.build, report.not_able),
                 .slug = report.slug};
  }
  const auto outcome =
      RetrialOutcome(report.seen > 0, trial.earlier, trial.build, trial.marked_fixed);
  TRY_ASSIGN(ledger::Database database, ledger::Database::Open(folder_, ledger::Access::Write));
  TRY(ledger::AddBuild(database, {trial.order.slug, trial.engine, trial.build, ledger::NowMs(),
                                  std::string(outcome), report.seen, report.tries}));
  Event event{.kind = outcome == kCameBack ? EventKind::Regression : EventKind::Detail,
              .slug = report.slug,
              .folder = trial.folder};
  event.line = fmt::format("{}: {} on {} {} ({} of {}), {}", trial.name, outcome, trial.engine,
                           trial.build, report.seen, report.tries, trial.folder);
  under_way_.erase(found);
  return event;
}

Result<void, FileError> Retrials::Found(const std::string& slug, const std::string& suspect) {
  if (found_.contains(slug)) return {};
  const auto spec = engine::ParseEngine(suspect);
  if (!spec) return {};
  found_.insert(slug);
  TellBuilds();
  const auto on = std::ranges::find_if(builds_, [&spec](const EngineBuild& each) {
    return IdentityOf(each.engine) == IdentityOf(*spec) && each.engine.version == spec->version;
  });
  if (on == builds_.end()) return {};
  TRY_ASSIGN(ledger::Database database, ledger::Database::Open(folder_, ledger::Access::Write));
  return ledger::AddBuild(
      database,
      {slug, IdentityOf(*spec), on->build.Text(), ledger::NowMs(), std::string(kStillThere), 1, 1},
      /*if_new=*/true);
}

std::string BuildsText(const cause::Bug& bug, const std::vector<BuildRow>& rows) {
  std::string text;
  std::set<std::pair<std::string, std::string>> told;  // symptoms of one bug say the same
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (!IsOf(bug, row->slug) || !told.emplace(row->engine, row->build).second) continue;
    text += fmt::format("    {} on {} {} ({} of {})\n", row->outcome, row->engine, row->build,
                        row->seen, row->tries);
  }
  return text;
}

}  // namespace slabhound::campaign
