// A picture of a difference of two heap graphs: what is expected above what is found, each a box
// for the roots and one for every object, with its fields as rows and its references as arrows.
//
// 1. It is one SVG file without scripts, fonts or anything from elsewhere; light or dark as its
//    viewer is. It is bounded by layout.h, whatever the graphs are.
// 2. A place that differs is coloured by what is wrong with it, and marked in its row, for who
//    does not see colours.
#pragma once

#include <string>

#include "graph/difference.h"

namespace slabhound::graph {

struct Captions {
  std::string title;            // one line
  std::string expected, found;  // of the two halves
};

std::string SvgText(const Captions& captions, const Graph& expected, const Graph& found,
                    const Difference& difference, const NodeNames& names);

}  // namespace slabhound::graph
