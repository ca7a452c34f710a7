// Groups of near things, by the average of their distances.
//
// 1. The two nearest groups become one, as long as the average distance of their pairs is at most
//    `near`. Single linkage would chain: a case that mixes two causes would join them. Complete
//    linkage would split a cause whose cases are large.
// 2. Things that are kApart are never in one group.
// 3. Of groups that are as near, the first come first.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace slabhound::cause {

inline constexpr double kApart = std::numeric_limits<double>::infinity();

// The group of each thing: the place of its first one. Requires: a symmetric matrix.
std::vector<size_t> GroupsOf(std::vector<std::vector<double>> distances, double near);

}  // namespace slabhound::cause
