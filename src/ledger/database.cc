#include "ledger/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>

#include "ledger/schema.h"

namespace slabhound::ledger {
namespace {

constexpr int kBusyMsMax = 30'000;  // another process that writes is soon done

FileError FailureOf(const std::string& path, const SQLite::Exception& exception) {
  // A disk that is full shows as either, by the call that met it first.
  const int code = exception.getErrorCode();
  const int extended = exception.getExtendedErrorCode();
  const bool no_room = code == SQLITE_FULL || extended == SQLITE_IOERR_WRITE ||
                       extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_TRUNCATE;
  return {fmt::format("{}: {}", path, exception.what()), no_room};
}

size_t VersionOf(SQLite::Database& connection) {
  const auto version = static_cast<size_t>(connection.execAndGet("PRAGMA user_version").getInt());
  const size_t known = Migrations().size();
  if (version <= known) return version;
  throw SQLite::Exception(
      fmt::format("of version {}; this Slabhound knows {} at most", version, known), SQLITE_SCHEMA);
}

void Migrate(SQLite::Database& connection) {
  const auto migrations = Migrations();
  if (VersionOf(connection) == migrations.size()) return;
  SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
  // Another process may have been here first.
  for (size_t i = VersionOf(connection); i < migrations.size(); ++i) {
    connection.exec(std::string(migrations[i]));
  }
  connection.exec(fmt::format("PRAGMA user_version = {}", migrations.size()));
  transaction.commit();
}

void RequireThisVersion(SQLite::Database& connection) {
  if (VersionOf(connection) == Migrations().size()) return;
  throw SQLite::Exception("of an older version; a campaign in its folder brings it up to date",
                          SQLITE_SCHEMA);
}

}  // namespace

int64_t NowMs() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool Database::IsIn(const std::string& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder + "/" + kName, ignored);
}

Result<Database, FileError> Database::Open(const std::string& folder, Access access) {
  const std::string path = folder + "/" + kName;
  try {
    const int flags = access == Access::Write ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE
                                              : SQLite::OPEN_READWRITE;
    SQLite::Database connection(path, flags, kBusyMsMax);
    connection.exec("PRAGMA foreign_keys = ON");
    connection.exec("PRAGMA synchronous = FULL");
    if (access == Access::Write) {
      connection.exec("PRAGMA journal_mode = WAL");
      Migrate(connection);
    } else {
      // Not opened read-only: a reader of a file in WAL mode may have to make its index anew.
      connection.exec("PRAGMA query_only = ON");
      RequireThisVersion(connection);
    }
    return Database(path, std::move(connection));
  } catch (const SQLite::Exception& exception) {
    return Fail(FailureOf(path, exception));
  }
}

Result<void, FileError> Database::Transact(const std::function<void(SQLite::Database&)>& work) {
  try {
    SQLite::Transaction transaction(connection_, SQLite::TransactionBehavior::IMMEDIATE);
    work(connection_);
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& exception) {
    return Fail(FailureOf(path_, exception));
  }
}

Result<void, FileError> Database::Look(const std::function<void(SQLite::Database&)>& work) const {
  try {
    SQLite::Transaction transaction(connection_);
    work(connection_);
    return {};
  } catch (const SQLite::Exception& exception) {
    return Fail(FailureOf(path_, exception));
  }
}

}  // namespace slabhound::ledger
