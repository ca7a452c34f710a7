// A statement that is run for many rows.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

namespace slabhound::ledger {

class Rows {
 public:
  Rows(SQLite::Database& connection, const char* sql) : statement_(connection, sql) {}

  template <typename... Values>
  void Run(const Values&... values) {
    statement_.reset();
    SQLite::bind(statement_, values...);
    statement_.exec();
  }

 private:
  SQLite::Statement statement_;
};

}  // namespace slabhound::ledger
