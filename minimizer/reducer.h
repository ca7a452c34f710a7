// Reducers: the ways in which a test case gets smaller, in the order in which they are tried.
//
// 1. A reducer proposes candidates to Reduction::Try or TryEach, in an order that follows from the
//    current test case alone. It may propose an invalid module: it is validated before the
//    predicate runs.
// 2. It proposes a number of candidates at most proportional to the size of the module times its
//    nesting, and returns early once the reduction has stopped. One for pieces of any size heeds
//    the reduction's round; one for small pieces has its turn in full rounds only.
// 3. It keeps nothing between two runs.
// The list is reducers/reducers.def; each reducer has its own file there.
#pragma once

#include <span>
#include <string_view>

#include "minimizer/reduction.h"

namespace slabhound::minimizer {

enum class Size : uint8_t { Any, Small };

struct Reducer {
  std::string_view name;
  Size size;  // of the pieces that it takes away
  void (*run)(Reduction& reduction);
  std::string_view description;
};

std::span<const Reducer> AllReducers();
const Reducer* FindReducer(std::string_view name);

#define SLABHOUND_REDUCER(name, ...) void Reduce##name(Reduction& reduction);
#include "minimizer/reducers/reducers.def"

}  // namespace slabhound::minimizer
