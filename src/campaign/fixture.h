// What tests of folders of findings need.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "ledger/database.h"

namespace slabhound::campaign {

// The folder's database counts so many more cases of that symptom.
inline void CountCases(const std::string& folder, const std::string& slug, int64_t count) {
  auto database = ledger::Database::Open(folder, ledger::Access::Write);
  ASSERT_TRUE(database.has_value());
  const auto counted = database->Transact([&](SQLite::Database& connection) {
    SQLite::Statement add(connection,
                          "INSERT INTO symptoms(slug, before) VALUES(?, ?) ON CONFLICT DO UPDATE "
                          "SET before = before + excluded.before");
    SQLite::bind(add, slug, count);
    add.exec();
  });
  ASSERT_TRUE(counted.has_value()) << counted.error().message;
}

}  // namespace slabhound::campaign
