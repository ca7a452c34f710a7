// What a campaign's cases follow from beside their numbers, as the ledger tells series apart.
//
// Not of it: how many, how long, in how many jobs, on which builds of the engines.
#pragma once

#include "campaign/campaign.h"
#include "ledger/ledger.h"

namespace slabhound::campaign {

ledger::Series SeriesOf(const Options& options);

}  // namespace slabhound::campaign
