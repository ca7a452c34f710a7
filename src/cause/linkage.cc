#include "cause/linkage.h"

#include <numeric>
#include <utility>

namespace slabhound::cause {
namespace {

struct Nearest {
  double distance = kApart;
  size_t a = 0, b = 0;
};

}  // namespace

std::vector<size_t> GroupsOf(std::vector<std::vector<double>> distances, double near) {
  std::vector<size_t> group(distances.size());
  std::iota(group.begin(), group.end(), size_t{0});
  std::vector<double> sizes(distances.size(), 1);
  std::vector<size_t> alive = group;
  while (true) {
    Nearest nearest;
    for (size_t i = 0; i < alive.size(); ++i) {
      for (size_t j = i + 1; j < alive.size(); ++j) {
        const double distance = distances[alive[i]][alive[j]];
        if (distance < nearest.distance) nearest = {distance, alive[i], alive[j]};
      }
    }
    if (nearest.distance > near) return group;
    const auto [distance, a, b] = nearest;
    std::erase(alive, b);
    for (const size_t other : alive) {
      if (other == a) continue;
      const double average =
          (sizes[a] * distances[a][other] + sizes[b] * distances[b][other]) / (sizes[a] + sizes[b]);
      distances[a][other] = distances[other][a] = average;
    }
    sizes[a] += sizes[b];
    for (size_t& each : group) {
      if (each == b) each = a;
    }
  }
}

}  // namespace slabhound::cause
