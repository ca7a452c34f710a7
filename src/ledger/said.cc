#include "ledger/said.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace slabhound::ledger {
namespace {

std::string IdOf(const Said& said) {
  std::string text = std::to_string(said.at_ms);
  for (const std::string* each : {&said.verb, &said.slug, &said.other, &said.text}) {
    text += fmt::format("\n{}:{}", each->size(), *each);
  }
  return HashText(HashBytes(AsBytes(text)));
}

}  // namespace

Result<std::vector<Said>, FileError> ReadSaid(const Database& database) {
  std::vector<Said> said;
  const auto read = database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(
        connection, "SELECT at_ms, verb, slug, other, text FROM said ORDER BY 1, 2, 3, 4, 5");
    while (rows.executeStep()) {
      said.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1).getString(),
                      rows.getColumn(2).getString(), rows.getColumn(3).getString(),
                      rows.getColumn(4).getString()});
    }
  });
  TRY(read);
  return said;
}

Result<void, FileError> Say(Database& database, const std::vector<Said>& said) {
  return database.Transact([&](SQLite::Database& connection) {
    for (const Said& each : said) {
      SQLite::Statement add(connection, "INSERT OR IGNORE INTO said VALUES(?, ?, ?, ?, ?, ?)");
      SQLite::bind(add, IdOf(each), each.at_ms, each.verb, each.slug, each.other, each.text);
      add.exec();
    }
  });
}

}  // namespace slabhound::ledger
