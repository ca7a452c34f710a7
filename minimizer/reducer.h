// Reducers: the ways in which a test case gets smaller, in the order in which they are tried.
//
// 1. A reducer proposes candidates to Reduction::Try, in an order that follows from the current
//    test case alone. It may propose an invalid module: Try validates before the predicate runs.
// 2. It proposes a number of candidates at most proportional to the size of the module times its
//    nesting, and returns early once the reduction has stopped.
// 3. It keeps nothing between two runs.
// The list is reducers/reducers.def; each reducer has its own file there.
#pragma once

#include <span>
#include <string_view>

#include "minimizer/reduction.h"

namespace slabhound::minimizer {

struct Reducer {
  std::string_view name;
  void (*run)(Reduction& reduction);
  std::string_view description;
};

std::span<const Reducer> AllReducers();
const Reducer* FindReducer(std::string_view name);

#define SLABHOUND_REDUCER(name, ...) void Reduce##name(Reduction& reduction);
#include "minimizer/reducers/reducers.def"

}  // namespace slabhound::minimizer
