#include "ledger/ledger.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "ledger/rows.h"

namespace slabhound::ledger {
namespace {

constexpr int64_t kHourMs = 3'600'000;

int64_t Signed(uint64_t number) { return static_cast<int64_t>(number); }
uint64_t Unsigned(int64_t number) { return static_cast<uint64_t>(number); }

int64_t IdOfSymptom(SQLite::Database& connection, const std::string& slug) {
  Rows(connection, "INSERT INTO symptoms(slug) VALUES(?) ON CONFLICT DO NOTHING").Run(slug);
  SQLite::Statement id(connection, "SELECT id FROM symptoms WHERE slug = ?");
  id.bind(1, slug);
  id.executeStep();
  return id.getColumn(0).getInt64();
}

void AddCounters(SQLite::Database& connection, int64_t run, const Batch& batch) {
  Rows add(connection,
           "INSERT INTO counters VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = value + "
           "excluded.value");
  for (const auto& [key, value] : batch.counters) {
    add.Run(run, batch.at_ms / kHourMs, key.first, key.second, Signed(value));
  }
}

void AddFindings(SQLite::Database& connection, int64_t series, int64_t run, const Batch& batch) {
  Rows add(connection, "INSERT INTO findings VALUES(?, ?, ?, ?, ?, nullif(?, ''))");
  for (const FoundCase& found : batch.found) {
    add.Run(series, Signed(found.number), IdOfSymptom(connection, found.slug), run, batch.at_ms,
            found.artifact);
  }
  Rows move(connection,
            "UPDATE findings SET symptom = ? WHERE series = ? AND number = ? AND symptom = ?");
  for (const MovedCase& moved : batch.moved) {
    move.Run(IdOfSymptom(connection, moved.to), series, Signed(moved.number),
             IdOfSymptom(connection, moved.from));
  }
}

void AddTold(SQLite::Database& connection, int64_t run, const Batch& batch) {
  Rows event(connection, "INSERT INTO events(run, at_ms, kind, slug, text) VALUES(?, ?, ?, ?, ?)");
  for (const Event& each : batch.events) {
    event.Run(run, batch.at_ms, each.kind, each.slug, each.text);
  }
  if (batch.growth) {
    const Growth& grown = *batch.growth;
    Rows(connection, "INSERT OR REPLACE INTO growth VALUES(?, ?, ?, ?, ?, ?)")
        .Run(run, batch.at_ms, Signed(grown.cases), Signed(grown.findings), Signed(grown.symptoms),
             Signed(grown.bugs));
  }
  if (!batch.now.empty()) {
    Rows(connection, "INSERT OR REPLACE INTO now VALUES(?, ?, ?)").Run(run, batch.at_ms, batch.now);
  }
  Rows reach(connection,
             "INSERT INTO reach VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET cases = cases + "
             "excluded.cases");
  for (const ReachedCell& cell : batch.reached) {
    reach.Run(run, cell.instruction, cell.type, cell.state, Signed(cell.cases));
  }
}

}  // namespace

std::string KeyOf(const Series& series) {
  return HashText(HashBytes(AsBytes(series.configuration), series.seed));
}

Result<Ledger, FileError> Ledger::Open(const std::string& folder) {
  TRY_ASSIGN(Database database, Database::Open(folder, Access::Write));
  return Ledger(std::move(database));
}

Result<void, FileError> Ledger::Begin(const Series& series, const RunStart& start) {
  return database_.Transact([&](SQLite::Database& connection) {
    const std::string key = KeyOf(series);
    Rows(connection,
         "INSERT INTO series(key, seed, configuration) VALUES(?, ?, ?) ON CONFLICT DO NOTHING")
        .Run(key, Signed(series.seed), series.configuration);
    SQLite::Statement id(connection, "SELECT id FROM series WHERE key = ?");
    id.bind(1, key);
    id.executeStep();
    series_ = id.getColumn(0).getInt64();
    Rows(connection,
         "INSERT INTO runs(name, series, shard, version, started_ms, seen_ms) VALUES(?, ?, ?, ?, "
         "?, ?)")
        .Run(start.name, series_, start.shard, start.version, start.started_ms, start.started_ms);
    run_ = connection.getLastInsertRowid();
  });
}

Result<Past, FileError> Ledger::ReadPast() const {
  Past past;
  const auto read = database_.Look([&](SQLite::Database& connection) {
    SQLite::Statement done(connection,
                           "SELECT first, past FROM done JOIN runs ON run = id WHERE series = ?");
    done.bind(1, series_);
    while (done.executeStep()) {
      past.done.Add(NumberRange{Unsigned(done.getColumn(0).getInt64()),
                                Unsigned(done.getColumn(1).getInt64())});
    }
    SQLite::Statement counted(
        connection,
        "SELECT scope, counters.name, sum(value) FROM counters JOIN runs ON run = id "
        "WHERE series = ? GROUP BY 1, 2");
    counted.bind(1, series_);
    while (counted.executeStep()) {
      past.counters[{counted.getColumn(0).getString(), counted.getColumn(1).getString()}] =
          Unsigned(counted.getColumn(2).getInt64());
    }
    SQLite::Statement found(connection,
                            "SELECT slug, count(*) FROM findings JOIN symptoms ON symptom = id "
                            "WHERE series = ? GROUP BY slug");
    found.bind(1, series_);
    while (found.executeStep()) {
      past.cases[found.getColumn(0).getString()] = Unsigned(found.getColumn(1).getInt64());
    }
    SQLite::Statement runs(connection,
                           "SELECT count(*), total(seconds), total(cpu_seconds) FROM runs WHERE "
                           "series = ? AND id != ?");
    SQLite::bind(runs, series_, run_);
    runs.executeStep();
    past.runs = Unsigned(runs.getColumn(0).getInt64());
    past.seconds = runs.getColumn(1).getDouble();
    past.cpu_seconds = runs.getColumn(2).getDouble();
  });
  TRY(read);
  return past;
}

Result<void, FileError> Ledger::Add(const Batch& batch) {
  return database_.Transact([&](SQLite::Database& connection) {
    Rows swallow(connection, "DELETE FROM done WHERE run = ? AND first >= ? AND first < ?");
    Rows add(connection, "INSERT INTO done VALUES(?, ?, ?)");
    for (const NumberRange& each : batch.done) {
      // Adding it again after a transaction that failed gives the same.
      const NumberRange whole = done_.Add(each);
      swallow.Run(run_, Signed(whole.first), Signed(whole.past));
      add.Run(run_, Signed(whole.first), Signed(whole.past));
    }
    AddCounters(connection, run_, batch);
    AddFindings(connection, series_, run_, batch);
    AddTold(connection, run_, batch);
    Rows(connection, "UPDATE runs SET seen_ms = ?, seconds = ?, cpu_seconds = ? WHERE id = ?")
        .Run(batch.at_ms, batch.seconds, batch.cpu_seconds, run_);
  });
}

Result<void, FileError> Ledger::End(const std::string& how) {
  return database_.Transact([&](SQLite::Database& connection) {
    Rows(connection, "UPDATE runs SET ended = ? WHERE id = ?").Run(how, run_);
  });
}

Result<bool, FileError> Ledger::Holds(uint64_t number, const std::string& slug) const {
  bool holds = false;
  const auto read = database_.Look([&](SQLite::Database& connection) {
    SQLite::Statement row(connection,
                          "SELECT 1 FROM findings JOIN symptoms ON symptom = id WHERE series = ? "
                          "AND number = ? AND slug = ?");
    SQLite::bind(row, series_, Signed(number), slug);
    holds = row.executeStep();
  });
  TRY(read);
  return holds;
}

Result<std::vector<Original>, FileError> Ledger::Originals() const {
  constexpr const char* kQuery =
      "WITH per AS (SELECT symptom, COUNT(*) AS cases, MAX(at_ms) AS last, "
      "  MIN(CASE WHEN artifact IS NOT NULL THEN at_ms END) AS first "
      "  FROM findings GROUP BY symptom) "
      "SELECT artifact, MIN(at_ms), MAX(cases), MAX(last), "
      "  MAX(at_ms = first AND bugs.slug IS NOT NULL) "
      "FROM findings JOIN per USING (symptom) JOIN symptoms ON symptoms.id = symptom "
      "LEFT JOIN bugs ON bugs.slug = symptoms.slug "
      "WHERE artifact IS NOT NULL GROUP BY artifact ORDER BY artifact";
  std::vector<Original> originals;
  const auto read = database_.Look([&](SQLite::Database& connection) {
    SQLite::Statement row(connection, kQuery);
    while (row.executeStep()) {
      originals.push_back({row.getColumn(0).getString(), row.getColumn(1).getInt64(),
                           static_cast<uint64_t>(row.getColumn(2).getInt64()),
                           row.getColumn(3).getInt64(), row.getColumn(4).getInt() != 0});
    }
  });
  TRY(read);
  return originals;
}

Result<void, FileError> Ledger::Forget(const std::vector<std::string>& artifacts) {
  // Names are hexadecimal digits.
  std::string names;
  for (const std::string& each : artifacts) names += (names.empty() ? "\"" : ",\"") + each + '"';
  return database_.Transact([&](SQLite::Database& connection) {
    SQLite::Statement forget(connection,
                             "UPDATE findings SET artifact = NULL WHERE artifact IN "
                             "(SELECT value FROM json_each(?))");
    SQLite::bind(forget, "[" + names + "]");
    forget.exec();
  });
}

}  // namespace slabhound::ledger
