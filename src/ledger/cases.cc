#include "ledger/cases.h"

namespace slabhound::ledger {

Result<Cases, FileError> ReadCases(const Database& database) {
  Cases cases;
  const auto read = database.Look([&](SQLite::Database& connection) {
    SQLite::Statement counted(connection,
                              "SELECT slug, before + (SELECT count(*) FROM findings WHERE symptom "
                              "= symptoms.id) FROM symptoms");
    while (counted.executeStep()) {
      cases[counted.getColumn(0).getString()] =
          static_cast<uint64_t>(counted.getColumn(1).getInt64());
    }
  });
  TRY(read);
  return cases;
}

Result<void, FileError> SetBefore(Database& database, const Cases& cases) {
  return database.Transact([&](SQLite::Database& connection) {
    for (const auto& [slug, count] : cases) {
      SQLite::Statement add(
          connection, "INSERT INTO symptoms(slug, before) VALUES(?, ?) ON CONFLICT DO NOTHING");
      SQLite::bind(add, slug, static_cast<int64_t>(count));
      add.exec();
    }
  });
}

}  // namespace slabhound::ledger
