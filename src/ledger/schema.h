// The schema of campaign.db: a list of migrations, each of which takes the database one version
// further. What is there is never changed, only followed by another.
#pragma once

#include <span>
#include <string_view>

namespace slabhound::ledger {

// SQL of the step from version i to i + 1, by i.
std::span<const std::string_view> Migrations();

}  // namespace slabhound::ledger
