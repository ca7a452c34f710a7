#include "join/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "ledger/number_set.h"
#include "ledger/rows.h"
#include "ledger/said.h"

namespace slabhound::join {
namespace {

// Rows that go as they are: what is read of a source, and written to the target. Runs and series
// are told by their names; ?1 is the run's.
struct Plain {
  const char *from, *to;
};

#define RUN "(SELECT id FROM runs WHERE name = ?1)"

constexpr Plain kPlain[] = {
    {"SELECT key, seed, configuration FROM series",
     "INSERT INTO series(key, seed, configuration) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING"},
    {"SELECT name, key, shard, version, started_ms, seen_ms, seconds, cpu_seconds, ended FROM runs "
     "JOIN series ON series = series.id",
     "INSERT INTO runs(name, series, shard, version, started_ms, seen_ms, seconds, cpu_seconds, "
     "ended) VALUES(?1, (SELECT id FROM series WHERE key = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
     "ON CONFLICT DO UPDATE SET seen_ms = max(seen_ms, excluded.seen_ms), "
     "seconds = max(seconds, excluded.seconds), "
     "cpu_seconds = max(cpu_seconds, excluded.cpu_seconds), "
     "ended = nullif(max(coalesce(ended, ''), coalesce(excluded.ended, '')), '')"},
    {"SELECT runs.name, hour, scope, counters.name, value FROM counters JOIN runs ON run = id",
     "INSERT INTO counters VALUES(" RUN ", ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET "
     "value = max(value, excluded.value)"},
    {"SELECT name, at_ms, cases, findings, symptoms, bugs FROM growth JOIN runs ON run = id",
     "INSERT INTO growth VALUES(" RUN ", ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
     "cases = max(cases, excluded.cases), findings = max(findings, excluded.findings), "
     "symptoms = max(symptoms, excluded.symptoms), bugs = max(bugs, excluded.bugs)"},
    {"SELECT name, at_ms, snapshot FROM now JOIN runs ON run = id",
     "INSERT INTO now VALUES(" RUN ", ?2, ?3) ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, "
     "snapshot = excluded.snapshot "
     "WHERE (excluded.at_ms, excluded.snapshot) > (now.at_ms, now.snapshot)"},
    {"SELECT name, instruction, type, state, cases FROM reach JOIN runs ON run = id",
     "INSERT INTO reach VALUES(" RUN ", ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET "
     "cases = max(cases, excluded.cases)"},
};

#undef RUN

void Copy(const SQLite::Column& from, SQLite::Statement& to, int place) {
  if (from.isNull()) {
    to.bind(place);
  } else if (from.isInteger()) {
    to.bind(place, from.getInt64());
  } else if (from.isFloat()) {
    to.bind(place, from.getDouble());
  } else {
    to.bind(place, from.getString());
  }
}

void CopyPlain(SQLite::Database& from, SQLite::Database& to) {
  for (const Plain& each : kPlain) {
    SQLite::Statement rows(from, each.from), insert(to, each.to);
    while (rows.executeStep()) {
      insert.reset();
      for (int i = 0; i < rows.getColumnCount(); ++i) Copy(rows.getColumn(i), insert, i + 1);
      insert.exec();
    }
  }
}

std::string Text(SQLite::Statement& row, int column) { return row.getColumn(column).getString(); }
int64_t Number(SQLite::Statement& row, int column) { return row.getColumn(column).getInt64(); }

// What needs names of symptoms, or all stores at once.
class Gathered {
 public:
  explicit Gathered(const Names& names) : names_(names) {}

  void Take(const Source& source, SQLite::Database& from) {
    SQLite::Statement done(from,
                           "SELECT key, name, first, past FROM done JOIN runs ON run = runs.id "
                           "JOIN series ON series = series.id");
    while (done.executeStep()) {
      done_[Text(done, 0)][Text(done, 1)].Add(ledger::NumberRange{
          static_cast<uint64_t>(Number(done, 2)), static_cast<uint64_t>(Number(done, 3))});
    }
    SQLite::Statement found(
        from,
        "SELECT key, number, slug, runs.name, at_ms, coalesce(artifact, '') FROM findings JOIN "
        "symptoms ON symptom = symptoms.id JOIN runs ON run = runs.id JOIN series ON "
        "findings.series = series.id");
    while (found.executeStep()) {
      Found each{Number(found, 4), Text(found, 3), source.Of(Text(found, 2)), Text(found, 5)};
      const std::pair place(Text(found, 0), Number(found, 1));
      const auto [there, is_new] = found_.try_emplace(place, each);
      if (!is_new && IsBefore(each, there->second)) there->second = std::move(each);
    }
    SQLite::Statement before(from, "SELECT slug, before FROM symptoms");
    while (before.executeStep()) CountBefore(source.Of(Text(before, 0)), Number(before, 1));
    SQLite::Statement events(
        from, "SELECT at_ms, name, kind, slug, text FROM events JOIN runs ON run = runs.id");
    while (events.executeStep()) {
      events_.emplace(Number(events, 0), Text(events, 1), Text(events, 2),
                      Named(source, Text(events, 3)), Text(events, 4));
    }
    SQLite::Statement builds(from,
                             "SELECT slug, engine, build, at_ms, outcome, seen, tries FROM builds");
    while (builds.executeStep()) {
      const std::tuple tried(Number(builds, 3), Text(builds, 4), Number(builds, 5),
                             Number(builds, 6));
      auto& there = builds_[{Named(source, Text(builds, 0)), Text(builds, 1), Text(builds, 2)}];
      there = std::max(there, tried);
    }
  }

  void CountBefore(const Identity& identity, int64_t count) {
    int64_t& there = before_[identity];
    there = std::max(there, count);
  }

  void Write(SQLite::Database& to) const {
    ledger::Rows symptom(to, "INSERT INTO symptoms(slug, before) VALUES(?, ?)");
    for (const auto& [identity, count] : before_) symptom.Run(names_.at(identity), count);
    ledger::Rows done(to, "INSERT INTO done VALUES((SELECT id FROM runs WHERE name = ?), ?, ?)");
    for (const auto& [series, runs] : done_) {
      for (const auto& [run, numbers] : runs) {
        for (const auto& [first, past] : numbers.ranges()) {
          done.Run(run, static_cast<int64_t>(first), static_cast<int64_t>(past));
        }
      }
    }
    ledger::Rows found(
        to,
        "INSERT INTO findings VALUES((SELECT id FROM series WHERE key = ?), ?, (SELECT id "
        "FROM symptoms WHERE slug = ?), (SELECT id FROM runs WHERE name = ?), ?, "
        "nullif(?, ''))");
    for (const auto& [place, each] : found_) {
      found.Run(place.first, place.second, names_.at(each.symptom), each.run, each.at_ms,
                each.artifact);
    }
    ledger::Rows event(
        to,
        "INSERT INTO events(at_ms, run, kind, slug, text) VALUES(?, (SELECT id FROM runs "
        "WHERE name = ?), ?, ?, ?)");
    for (const auto& each : events_) {
      std::apply([&event](const auto&... values) { event.Run(values...); }, each);
    }
    ledger::Rows build(to, "INSERT INTO builds VALUES(?, ?, ?, ?, ?, ?, ?)");
    for (const auto& [key, tried] : builds_) {
      std::apply([&build](const auto&... values) { build.Run(values...); },
                 std::tuple_cat(key, tried));
    }
  }

  JoinedRows Summary() const {
    JoinedRows rows;
    for (const auto& [place, each] : found_) {
      if (!each.artifact.empty()) rows.artifacts.insert(each.artifact);
    }
    for (const auto& [series, runs] : done_) {
      ledger::NumberSet all;
      uint64_t sum = 0;
      for (const auto& [run, numbers] : runs) {
        sum += numbers.size();
        all.Add(numbers);
      }
      rows.cases += all.size();
      if (sum == all.size()) continue;
      rows.seen_twice.push_back(fmt::format(
          "{} numbers of series {} were run more than once: counters count them each time, cases "
          "once",
          sum - all.size(), series));
    }
    return rows;
  }

 private:
  struct Found {
    int64_t at_ms = 0;
    std::string run;
    Identity symptom;
    std::string artifact;
  };

  // Of a case that is told twice the first of these is kept.
  static bool IsBefore(const Found& a, const Found& b) {
    const auto key = [](const Found& found) {
      return std::tuple(found.at_ms, found.run, found.symptom.cause.empty(), found.symptom,
                        found.artifact.empty(), found.artifact);
    };
    return key(a) < key(b);
  }

  std::string Named(const Source& source, const std::string& slug) const {
    return slug.empty() ? slug : names_.at(source.Of(slug));
  }

  const Names& names_;
  std::map<std::string, std::map<std::string, ledger::NumberSet>> done_;  // by series and run
  std::map<std::pair<std::string, int64_t>, Found> found_;                // by series and number
  std::map<Identity, int64_t> before_;
  std::set<std::tuple<int64_t, std::string, std::string, std::string, std::string>> events_;
  std::map<std::tuple<std::string, std::string, std::string>,
           std::tuple<int64_t, std::string, int64_t, int64_t>>
      builds_;
};

}  // namespace

Result<JoinedRows, FileError> JoinRows(ledger::Database& target, const std::vector<Source>& sources,
                                       const Names& names) {
  Gathered gathered(names);
  std::vector<ledger::Said> said;
  const auto say = [&](const Source& source, ledger::Said each) {
    for (std::string* slug : {&each.slug, &each.other}) {
      if (!slug->empty()) *slug = names.at(source.Of(*slug));
    }
    said.push_back(std::move(each));
  };
  std::optional<FileError> failure;
  const auto written = target.Transact([&](SQLite::Database& to) {
    for (const Source& source : sources) {
      for (const ledger::Said& each : source.said()) say(source, each);
      for (const auto& [identity, kept] : source.kept()) {
        const bool is_counted = source.database() != nullptr;
        gathered.CountBefore(identity, is_counted ? 0 : static_cast<int64_t>(kept.record.count));
      }
      if (source.database() == nullptr) continue;
      const auto read = source.database()->Look([&](SQLite::Database& from) {
        CopyPlain(from, to);
        gathered.Take(source, from);
      });
      if (!read) failure = read.error();
    }
    gathered.Write(to);
  });
  TRY(written);
  if (failure) return Fail(*std::move(failure));
  for (const Source& source : sources) {
    if (source.database() == nullptr) continue;
    TRY_ASSIGN(const std::vector<ledger::Said> rows, ledger::ReadSaid(*source.database()));
    for (const ledger::Said& each : rows) say(source, each);
  }
  TRY(ledger::Say(target, said));
  return gathered.Summary();
}

}  // namespace slabhound::join
