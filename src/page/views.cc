#include "page/views.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <utility>

#include "ledger/cases.h"
#include "page/bug_json.h"
#include "page/finding_files.h"
#include "page/json_answer.h"
#include "page/ledger_json.h"
#include "page/metrics.h"

namespace slabhound::page {
namespace {

constexpr std::string_view kBug = "/api/bug/", kFile = "/file/";
constexpr size_t kEventsShown = 20, kWorstShown = 8;
constexpr size_t kFirstBugs = 40;  // what a screen shows of them

// Its value; null and the reason where it cannot be read.
template <typename T>
T OrElse(Result<T, FileError> result, T otherwise, std::string& problem) {
  if (result) return *std::move(result);
  problem = std::move(result.error().message);
  return otherwise;
}

// Of the first of its symptoms that has one.
std::string FirstOf(const BugRow& bug, const std::map<std::string, std::string>& texts) {
  for (const Symptom& symptom : bug.symptoms) {
    const auto found = texts.find(symptom.slug);
    if (found != texts.end()) return found->second;
  }
  return {};
}

// What the database knows better than the files.
void Correct(BugRow& bug, const ledger::Cases& cases, const SaidOf& said) {
  bug.label = FirstOf(bug, said.labels);
  bug.count = 0;
  for (Symptom& symptom : bug.symptoms) {
    const auto counted = cases.find(symptom.slug);
    if (counted != cases.end()) symptom.record.count = counted->second;
    bug.count += symptom.record.count;
  }
}

Json SeenJson(const BugRow& bug, const std::map<std::string, Seen>& seen) {
  Seen all;
  for (const Symptom& symptom : bug.symptoms) {
    if (const auto found = seen.find(symptom.slug); found != seen.end()) all.Add(found->second);
  }
  if (all.first_ms == 0) return {};
  return {{"first_ms", all.first_ms}, {"last_ms", all.last_ms}, {"bars", all.bars}};
}

}  // namespace

Result<std::unique_ptr<Views>, std::string> Views::Open(const std::string& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    return Fail(fmt::format("{}: no such folder; a campaign's --out names one", folder));
  }
  std::unique_ptr<Views> views(new Views(folder));
  views->Refresh();
  return views;
}

std::shared_ptr<const Views::Shown> Views::shown() const {
  const std::scoped_lock lock(mutex_);
  return shown_;
}

bool Views::LookAtDatabase() {
  if (!database_) {
    if (!ledger::Database::IsIn(folder_)) return false;
    auto opened = ledger::Database::Open(folder_, ledger::Access::Read);
    if (!opened) {
      problem_ = std::move(opened.error().message);
      return false;
    }
    database_ = *std::move(opened);
  }
  int64_t version = 0;
  const auto looked = database_->Look([&version](SQLite::Database& connection) {
    version = connection.execAndGet("PRAGMA data_version").getInt64();
  });
  if (!looked) {
    database_.reset();
    problem_ = looked.error().message;
    return true;
  }
  return std::exchange(data_version_, version) != version;
}

bool Views::Refresh() {
  const std::scoped_lock lock(refresh_mutex_);
  const std::string problem_before = std::exchange(problem_, {});
  const auto refreshed = table_.Refresh();
  if (!refreshed) problem_ = refreshed.error().message;
  bool is_other = LookAtDatabase();
  is_other |= refreshed && *refreshed;
  is_other |= problem_ != problem_before || shown()->answers.empty();
  if (is_other) Show();
  refreshed_ = std::chrono::steady_clock::now();
  return is_other;
}

void Views::RefreshAfter(std::chrono::milliseconds age) {
  if (std::chrono::steady_clock::now() - refreshed_.load() > age) Refresh();
}

void Views::Show() {
  auto next = std::make_shared<Shown>();
  std::string problem = problem_;
  std::map<std::string, Seen> seen;
  SaidOf said;
  ledger::Cases counted;
  Json reached;
  Json overview = {{"folder", folder_}, {"has_database", database_.has_value()}};
  if (database_) {
    seen = OrElse(SeenBySymptom(*database_), {}, problem);
    said = OrElse(SaidBySymptom(*database_), {}, problem);
    counted = OrElse(ledger::ReadCases(*database_), {}, problem);
    reached = OrElse(ReachedJson(*database_), {}, problem);
    overview["run"] = OrElse(RunJson(*database_), {}, problem);
    overview["counters"] = OrElse(CountersJson(*database_), {}, problem);
    overview["growth"] = OrElse(GrowthJson(*database_), {}, problem);
    overview["events"] = OrElse(EventsJson(*database_, kEventsShown), {}, problem);
  }
  Json bugs = Json::array(), worst = Json::array(), first = Json::array();
  uint64_t symptoms = 0, cases = 0, open = 0;
  for (const BugRow& each : table_.bugs()) {
    const auto bug = std::make_shared<BugRow>(each);
    if (database_) Correct(*bug, counted, said);
    bug->mark = FirstOf(*bug, said.marks);
    for (const Symptom& symptom : bug->symptoms) next->bug_of.emplace(symptom.slug, bug);
    next->slugs.push_back(bug->slug);
    Json row = BugRowJson(*bug);
    row["seen"] = SeenJson(*bug, seen);
    const bool is_open = bug->mark.empty() && bug->kind == "finding";
    if (is_open && worst.size() < kWorstShown) worst.push_back(row);
    if (bug->mark.empty() && ++open <= kFirstBugs) first.push_back(row);
    bugs.push_back(std::move(row));
    symptoms += bug->symptoms.size();
    cases += bug->count;
  }
  overview["totals"] = {{"bugs", bugs.size()}, {"symptoms", symptoms}, {"cases", cases}};
  overview["worst"] = std::move(worst);
  overview["problem"] = problem;
  next->answers["/metrics"] = {.type = "text/plain; version=0.0.4",
                               .body = MetricsText(overview, bugs)};
  next->start = {
      {"/api/overview", overview},
      {"first bugs", {{"bugs", std::move(first)}, {"open", open}, {"all", bugs.size()}}}};
  next->answers["/api/overview"] = JsonAnswer(overview);
  next->answers["/api/bugs"] = JsonAnswer(bugs);
  next->answers["/api/reach"] = JsonAnswer(reached);
  const std::scoped_lock lock(mutex_);
  shown_ = std::move(next);
}

std::optional<Answer> Views::GetBug(const Shown& shown, const std::string& slug) const {
  const auto found = shown.bug_of.find(slug);
  if (found == shown.bug_of.end()) return std::nullopt;
  const BugRow& bug = *found->second;
  Json json = BugPageJson(bug, folder_);
  std::set<std::string> slugs;
  for (const Symptom& symptom : bug.symptoms) slugs.insert(symptom.slug);
  json["history"] = Json::object();
  if (ledger::Database::IsIn(folder_)) {
    const auto database = ledger::Database::Open(folder_, ledger::Access::Read);
    if (database) {
      std::string ignored;
      json["history"] = OrElse(HistoryJson(*database, slugs), Json::object(), ignored);
      json["seen"] = SeenJson(bug, OrElse(SeenBySymptom(*database), {}, ignored));
    }
  }
  return JsonAnswer(json);
}

std::optional<Answer> Views::Get(const std::string& path) const {
  const std::shared_ptr<const Shown> now = shown();
  if (const auto found = now->answers.find(path); found != now->answers.end()) {
    return found->second;
  }
  if (path.starts_with(kBug)) return GetBug(*now, path.substr(kBug.size()));
  if (!path.starts_with(kFile)) return std::nullopt;
  const std::string rest = path.substr(kFile.size());
  const size_t slash = rest.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string slug = rest.substr(0, slash);
  const auto found = now->bug_of.find(slug);
  if (found == now->bug_of.end()) return std::nullopt;
  for (const Symptom& symptom : found->second->symptoms) {
    if (symptom.slug == slug) return ReadFindingFile(symptom.path, rest.substr(slash + 1));
  }
  return std::nullopt;
}

std::vector<std::string> Views::Paths() const {
  const std::shared_ptr<const Shown> now = shown();
  std::vector<std::string> paths = {"/api/overview", "/api/bugs", "/api/reach"};
  for (const std::string& slug : now->slugs) {
    paths.push_back(fmt::format("{}{}", kBug, slug));
    const BugRow& bug = *now->bug_of.at(slug);
    for (const std::string& file : FilesOf(bug.best().path)) {
      if (file.ends_with(".json")) continue;  // said already
      paths.push_back(fmt::format("{}{}/{}", kFile, slug, file));
    }
  }
  return paths;
}

campaign::Json Views::Start() const { return shown()->start; }

std::shared_ptr<const BugRow> Views::Bug(const std::string& slug) const {
  const auto now = shown();
  const auto found = now->bug_of.find(slug);
  return found == now->bug_of.end() ? nullptr : found->second;
}

}  // namespace slabhound::page
