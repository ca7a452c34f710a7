#include "ledger/builds.h"

namespace slabhound::ledger {

Result<std::vector<BuildRow>, FileError> ReadBuilds(const Database& database) {
  std::vector<BuildRow> builds;
  const auto read = database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(connection,
                           "SELECT slug, engine, build, at_ms, outcome, seen, tries FROM builds "
                           "ORDER BY at_ms, slug, engine, build");
    while (rows.executeStep()) {
      builds.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString(),
                        rows.getColumn(2).getString(), rows.getColumn(3).getInt64(),
                        rows.getColumn(4).getString(),
                        static_cast<uint64_t>(rows.getColumn(5).getInt64()),
                        static_cast<uint64_t>(rows.getColumn(6).getInt64())});
    }
  });
  TRY(read);
  return builds;
}

Result<void, FileError> AddBuild(Database& database, const BuildRow& row, bool if_new) {
  return database.Transact([&](SQLite::Database& connection) {
    SQLite::Statement add(connection,
                          if_new ? "INSERT OR IGNORE INTO builds VALUES(?, ?, ?, ?, ?, ?, ?)"
                                 : "INSERT OR REPLACE INTO builds VALUES(?, ?, ?, ?, ?, ?, ?)");
    SQLite::bind(add, row.slug, row.engine, row.build, row.at_ms, row.outcome,
                 static_cast<int64_t>(row.seen), static_cast<int64_t>(row.tries));
    add.exec();
  });
}

}  // namespace slabhound::ledger
