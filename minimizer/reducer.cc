#include "minimizer/reducer.h"

#include <algorithm>

namespace slabhound::minimizer {
namespace {

constexpr Reducer kReducers[] = {
#define SLABHOUND_REDUCER(name, text, size, description) \
  {text, Size::size, Reduce##name, description},
#include "minimizer/reducers/reducers.def"
};

}  // namespace

std::span<const Reducer> AllReducers() { return kReducers; }

const Reducer* FindReducer(std::string_view name) {
  const auto found = std::ranges::find(kReducers, name, &Reducer::name);
  return found == std::end(kReducers) ? nullptr : found;
}

}  // namespace slabhound::minimizer
