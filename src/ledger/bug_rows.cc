#include "ledger/bug_rows.h"

namespace slabhound::ledger {
namespace {

void AddMember(SQLite::Database& connection, const std::string& bug, const MemberRow& member) {
  SQLite::Statement add(connection, "INSERT INTO members VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  SQLite::bind(add, member.slug, bug, member.why, member.signature, member.suspect,
               static_cast<int>(member.minimized), static_cast<int64_t>(member.bytes),
               member.reproduced);
  add.exec();
  for (size_t i = 0; i < member.variants.size(); ++i) {
    SQLite::Statement variant(connection, "INSERT INTO variants VALUES(?, ?, ?, ?)");
    SQLite::bind(variant, member.slug, static_cast<int64_t>(i), member.variants[i].first,
                 member.variants[i].second);
    variant.exec();
  }
}

std::vector<MemberRow> MembersOf(SQLite::Database& connection, const std::string& bug) {
  std::vector<MemberRow> members;
  // The one that stands for it comes first.
  SQLite::Statement rows(connection,
                         "SELECT slug, why, signature, suspect, reproduced, minimized, bytes FROM "
                         "members WHERE bug = ? ORDER BY slug != bug, slug");
  rows.bind(1, bug);
  while (rows.executeStep()) {
    MemberRow member{rows.getColumn(0).getString(),
                     rows.getColumn(1).getString(),
                     rows.getColumn(2).getString(),
                     rows.getColumn(3).getString(),
                     rows.getColumn(4).getString(),
                     rows.getColumn(5).getInt() != 0,
                     static_cast<uint64_t>(rows.getColumn(6).getInt64()),
                     {}};
    SQLite::Statement variants(connection,
                               "SELECT name, outcome FROM variants WHERE slug = ? ORDER BY place");
    variants.bind(1, member.slug);
    while (variants.executeStep()) {
      member.variants.emplace_back(variants.getColumn(0).getString(),
                                   variants.getColumn(1).getString());
    }
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace

Result<void, FileError> WriteBugs(Database& database, const std::vector<BugRow>& bugs) {
  return database.Transact([&](SQLite::Database& connection) {
    for (const char* table : {"variants", "members", "bugs"}) {
      connection.exec(std::string("DELETE FROM ") + table);
    }
    for (size_t i = 0; i < bugs.size(); ++i) {
      SQLite::Statement add(connection, "INSERT INTO bugs VALUES(?, ?, ?, ?)");
      SQLite::bind(add, bugs[i].slug, static_cast<int64_t>(i), bugs[i].severity, bugs[i].label);
      add.exec();
      for (const MemberRow& member : bugs[i].members) AddMember(connection, bugs[i].slug, member);
    }
  });
}

Result<std::vector<BugRow>, FileError> ReadBugs(const Database& database) {
  std::vector<BugRow> bugs;
  const auto read = database.Look([&](SQLite::Database& connection) {
    SQLite::Statement rows(connection, "SELECT slug, severity, label FROM bugs ORDER BY place");
    while (rows.executeStep()) {
      bugs.push_back({rows.getColumn(0).getString(),
                      rows.getColumn(1).getString(),
                      rows.getColumn(2).getString(),
                      {}});
      bugs.back().members = MembersOf(connection, bugs.back().slug);
    }
  });
  TRY(read);
  return bugs;
}

}  // namespace slabhound::ledger
