#include "page/ledger_json.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "campaign/overrides.h"
#include "ledger/said.h"
#include "reach/reach.h"

namespace slabhound::page {
namespace {

std::string Text(SQLite::Statement& row, int column) { return row.getColumn(column).getString(); }
int64_t Number(SQLite::Statement& row, int column) { return row.getColumn(column).getInt64(); }

Json ParsedOrNull(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json() : json;
}

// Those of `rows` whose symptom is asked for, the newest first.
Json EventRows(SQLite::Statement& rows, size_t count_max,
               const std::function<bool(const std::string&)>& is_asked) {
  Json events = Json::array();
  while (events.size() < count_max && rows.executeStep()) {
    if (!is_asked(Text(rows, 2))) continue;
    events.push_back({{"at_ms", Number(rows, 0)},
                      {"kind", Text(rows, 1)},
                      {"slug", Text(rows, 2)},
                      {"text", Text(rows, 3)}});
  }
  return events;
}

Json BuildRows(SQLite::Database& connection, const std::set<std::string>& slugs) {
  Json builds = Json::array();
  SQLite::Statement rows(connection,
                         "SELECT slug, engine, build, at_ms, outcome, seen, tries FROM builds "
                         "WHERE slug = ? ORDER BY at_ms DESC");
  for (const std::string& slug : slugs) {
    rows.reset();
    rows.bind(1, slug);
    while (rows.executeStep()) {
      builds.push_back({{"slug", slug},
                        {"engine", Text(rows, 1)},
                        {"build", Text(rows, 2)},
                        {"at_ms", Number(rows, 3)},
                        {"outcome", Text(rows, 4)},
                        {"seen", Number(rows, 5)},
                        {"tries", Number(rows, 6)}});
    }
  }
  return builds;
}

}  // namespace

Result<Json, FileError> RunJson(const ledger::Database& database) {
  Json run;
  TRY(database.Look([&](SQLite::Database& connection) {
    SQLite::Statement row(connection,
                          "SELECT runs.name, shard, version, started_ms, seen_ms, seconds, "
                          "cpu_seconds, ended, seed, configuration, snapshot, "
                          "(SELECT count(*) FROM runs) FROM runs JOIN series ON series = series.id "
                          "LEFT JOIN now ON now.run = runs.id ORDER BY runs.id DESC LIMIT 1");
    if (!row.executeStep()) return;
    run = {{"name", Text(row, 0)},
           {"shard", Text(row, 1)},
           {"version", Text(row, 2)},
           {"started_ms", Number(row, 3)},
           {"seen_ms", Number(row, 4)},
           {"seconds", row.getColumn(5).getDouble()},
           {"cpu_seconds", row.getColumn(6).getDouble()},
           {"ended", row.getColumn(7).isNull() ? Json() : Json(Text(row, 7))},
           {"seed", static_cast<uint64_t>(Number(row, 8))},
           {"configuration", ParsedOrNull(Text(row, 9))},
           {"snapshot", ParsedOrNull(row.getColumn(10).isNull() ? "null" : Text(row, 10))},
           {"runs", Number(row, 11)}};
  }));
  return run;
}

Result<Json, FileError> CountersJson(const ledger::Database& database) {
  Json totals = Json::object();
  TRY(database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(connection,
                           "SELECT scope, counters.name, sum(value) FROM counters JOIN runs ON "
                           "run = id WHERE series = (SELECT series FROM runs ORDER BY id DESC "
                           "LIMIT 1) GROUP BY 1, 2");
    while (rows.executeStep()) totals[Text(rows, 0)][Text(rows, 1)] = Number(rows, 2);
  }));
  return totals;
}

Result<Json, FileError> GrowthJson(const ledger::Database& database) {
  Json at = Json::array(), cases = Json::array(), findings = Json::array();
  Json symptoms = Json::array(), bugs = Json::array();
  TRY(database.Look([&](SQLite::Database& connection) {
    const auto count =
        static_cast<size_t>(connection.execAndGet("SELECT count(*) FROM growth").getInt64());
    const size_t step = std::max<size_t>(1, (count + kGrowthPointsMax - 1) / kGrowthPointsMax);
    SQLite::Statement rows(connection,
                           "SELECT at_ms, cases, findings, symptoms, bugs, series || ' ' || shard "
                           "FROM growth JOIN runs ON run = id ORDER BY at_ms");
    // A shard of a series goes on from run to run; several may have run side by side (slabhound
    // merge). What one of them knew as found is not lost where another says less.
    std::map<std::string, std::pair<int64_t, int64_t>> last;
    int64_t cases_sum = 0, findings_sum = 0, symptoms_max = 0, bugs_max = 0;
    for (size_t i = 0; rows.executeStep(); ++i) {
      auto& [own_cases, own_findings] = last[rows.getColumn(5).getString()];
      cases_sum += Number(rows, 1) - std::exchange(own_cases, Number(rows, 1));
      findings_sum += Number(rows, 2) - std::exchange(own_findings, Number(rows, 2));
      symptoms_max = std::max(symptoms_max, Number(rows, 3));
      bugs_max = std::max(bugs_max, Number(rows, 4));
      if (i % step != 0 && i + 1 != count) continue;
      at.push_back(Number(rows, 0));
      cases.push_back(cases_sum);
      findings.push_back(findings_sum);
      symptoms.push_back(symptoms_max);
      bugs.push_back(bugs_max);
    }
  }));
  return Json{{"at_ms", std::move(at)},
              {"cases", std::move(cases)},
              {"findings", std::move(findings)},
              {"symptoms", std::move(symptoms)},
              {"bugs", std::move(bugs)}};
}

Result<Json, FileError> EventsJson(const ledger::Database& database, size_t count_max) {
  Json events;
  TRY(database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(connection,
                           "SELECT at_ms, kind, slug, text FROM events ORDER BY id DESC");
    events = EventRows(rows, count_max, [](const std::string&) { return true; });
  }));
  return events;
}

void Seen::Add(const Seen& other) {
  first_ms = first_ms == 0 ? other.first_ms : std::min(first_ms, other.first_ms);
  last_ms = std::max(last_ms, other.last_ms);
  for (size_t i = 0; i < bars.size(); ++i) bars[i] += other.bars[i];
}

Result<std::map<std::string, Seen>, FileError> SeenBySymptom(const ledger::Database& database) {
  std::map<std::string, Seen> seen;
  TRY(database.Look([&](SQLite::Database& connection) {
    SQLite::Statement range(connection, "SELECT min(at_ms), max(at_ms) FROM findings");
    if (!range.executeStep() || range.getColumn(0).isNull()) return;
    const int64_t first = Number(range, 0);
    const int64_t bar = (Number(range, 1) - first) / static_cast<int64_t>(kSparkBars) + 1;
    SQLite::Statement rows(connection,
                           "SELECT slug, (at_ms - ?1) / ?2, count(*), min(at_ms), max(at_ms) FROM "
                           "findings JOIN symptoms ON symptom = id GROUP BY symptom, 2");
    rows.bind(1, first);
    rows.bind(2, bar);
    while (rows.executeStep()) {
      Seen part{.first_ms = Number(rows, 3), .last_ms = Number(rows, 4)};
      part.bars[static_cast<size_t>(Number(rows, 1))] = static_cast<uint64_t>(Number(rows, 2));
      seen[Text(rows, 0)].Add(part);
    }
  }));
  return seen;
}

Result<SaidOf, FileError> SaidBySymptom(const ledger::Database& database) {
  TRY_ASSIGN(const std::vector<ledger::Said> said, ledger::ReadSaid(database));
  SaidOf of;
  for (const ledger::Said& each : said) {
    if (each.verb == "known" || each.verb == "fixed") of.marks[each.slug] = each.verb;
    if (each.verb == "open") of.marks.erase(each.slug);
  }
  for (const auto& [slug, text] : campaign::OverridesOf(said).labels) of.labels[slug] = text;
  return of;
}

Result<Json, FileError> ReachedJson(const ledger::Database& database) {
  reach::Reach reached;
  TRY(database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(
        connection, "SELECT instruction, type, state, sum(cases) FROM reach GROUP BY 1, 2, 3");
    while (rows.executeStep()) {
      const auto cell = reach::FindCell(Text(rows, 0), Text(rows, 1));
      const auto state = reach::FindState(Text(rows, 2));
      if (cell && state) reached.Add(*cell, *state, static_cast<uint64_t>(Number(rows, 3)));
    }
  }));
  return reached.empty() ? Json() : ParsedOrNull(reach::ReachJson(reached));
}

Result<Json, FileError> HistoryJson(const ledger::Database& database,
                                    const std::set<std::string>& slugs) {
  constexpr size_t kEventsMax = 200;
  Json history = Json::object();
  TRY(database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(connection,
                           "SELECT at_ms, kind, slug, text FROM events WHERE slug != '' ORDER BY "
                           "id DESC LIMIT 20000");
    history["events"] = EventRows(
        rows, kEventsMax, [&slugs](const std::string& slug) { return slugs.contains(slug); });
    history["builds"] = BuildRows(connection, slugs);
  }));
  TRY_ASSIGN(const std::vector<ledger::Said> said, ledger::ReadSaid(database));
  history["said"] = Json::array();
  for (const ledger::Said& each : said) {
    if (!slugs.contains(each.slug) && !slugs.contains(each.other)) continue;
    history["said"].push_back({{"at_ms", each.at_ms},
                               {"verb", each.verb},
                               {"slug", each.slug},
                               {"other", each.other},
                               {"text", each.text}});
  }
  return history;
}

}  // namespace slabhound::page
