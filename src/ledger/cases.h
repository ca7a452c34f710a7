// How many cases each symptom has, in all series of a folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "ledger/database.h"

namespace slabhound::ledger {

// By slug of the symptom.
using Cases = std::map<std::string, uint64_t>;

Result<Cases, FileError> ReadCases(const Database& database);

// Cases that were counted before there was a database; of symptoms that are in it nothing changes.
Result<void, FileError> SetBefore(Database& database, const Cases& cases);

}  // namespace slabhound::ledger
