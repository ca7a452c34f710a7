// A tally as counters of the ledger, and back.
//
// Scopes: `cases` (cases, agree, poisoned, known, rejected, findings, generator crashes, killed),
// `ran out` (fuel, depth, large), `cpu ns` (generate, judge); by reason or name `rejected`,
// `generator`, `killed`, `symptom`, `known met`, `known avoided`, `needs`; by the engine's place in
// the campaign's list `asked`, `not run`, `refused`; by drawn configuration `configuration`.
#pragma once

#include <nlohmann/json.hpp>

#include "campaign/tally.h"
#include "ledger/ledger.h"

namespace slabhound::campaign {

// What is 0 is left out.
ledger::Counters ToCounters(const Tally& tally);
// Counters that it does not know are left out.
Tally FromCounters(const ledger::Counters& counters);

// What statistics and summaries tell of the cases: {"modules", "agree", …, "killed"}.
nlohmann::ordered_json CasesJson(const Tally& tally);

// What there is in `now` beyond `before`. Requires: none is smaller.
ledger::Counters Increase(const ledger::Counters& before, const ledger::Counters& now);

}  // namespace slabhound::campaign
