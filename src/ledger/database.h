// campaign.db of a campaign's folder: an SQLite file in WAL mode, with the schema of this version.
//
// 1. A commit is on the disk when it returns: a power cut loses nothing that was committed.
// 2. Readers see a committed state and never wait for the writer; writers wait for each other.
// 3. SQLite's exceptions end here, as a FileError: the file, and what is wrong.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace slabhound::ledger {

// Milliseconds since 1970, as all times of the database are.
int64_t NowMs();

enum class Access : uint8_t { Read, Write };

class Database {
 public:
  static constexpr const char* kName = "campaign.db";

  // Write makes the file, and brings an older one up to date. Of a later version it is an error.
  static Result<Database, FileError> Open(const std::string& folder, Access access);
  static bool IsIn(const std::string& folder);

  // What `work` does is committed as a whole, or not at all.
  Result<void, FileError> Transact(const std::function<void(SQLite::Database&)>& work);
  // Reads: all of one committed state.
  Result<void, FileError> Look(const std::function<void(SQLite::Database&)>& work) const;

 private:
  Database(std::string path, SQLite::Database connection)
      : path_(std::move(path)), connection_(std::move(connection)) {}

  std::string path_;
  mutable SQLite::Database connection_;
};

}  // namespace slabhound::ledger
