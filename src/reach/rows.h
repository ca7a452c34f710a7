// Reach in a campaign's database (ledger/schema.cc, table reach).
#pragma once

#include <vector>

#include "ledger/ledger.h"
#include "reach/reach.h"

namespace slabhound::reach {

std::vector<ledger::ReachedCell> RowsOf(const Reach& reach);

// Of all runs. Rows of a later version, with names that are none here, are left out.
Result<Reach, FileError> ReadReach(const ledger::Database& database);

}  // namespace slabhound::reach
