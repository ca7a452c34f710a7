// What a symptom is beyond one store. A store numbers the causes of one signature in the order in
// which it found them; elsewhere that number says nothing.
//
// 1. A symptom is its signature, told by the name of its folder without the number, and the exact
//    cause of its case, as text; empty: of a case that is not minimized, of none that is kept, or
//    of a steady campaign (campaign/campaign.h, 5), which has one case of each signature.
// 2. Names of a set of symptoms follow from the set alone: of one signature, in the order of their
//    causes. So the one without a cause has no number.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace slabhound::join {

struct Identity {
  std::string base, cause;
  friend auto operator<=>(const Identity&, const Identity&) = default;
};

// "slab-panic-stale-id-0123456789ab" of "slab-panic-stale-id-0123456789ab-3". What is no name of a
// symptom's folder is itself.
std::string BaseOf(std::string_view slug);

using Names = std::map<Identity, std::string>;
Names NamesOf(const std::set<Identity>& identities);

}  // namespace slabhound::join
