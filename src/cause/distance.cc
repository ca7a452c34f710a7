#include <algorithm>
#include <iterator>

#include "cause/shape.h"

namespace slabhound::cause {

double Distance(const Shape& a, const Shape& b) {
  std::vector<std::string> both;
  std::ranges::set_intersection(a.grams, b.grams, std::back_inserter(both));
  const size_t all = a.grams.size() + b.grams.size() - both.size();
  return all == 0 ? 0 : 1 - static_cast<double>(both.size()) / static_cast<double>(all);
}

}  // namespace slabhound::cause
