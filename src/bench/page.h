// The report of a bench as one HTML page: sentences, curves, the table.
//
// It is self-contained, without scripts, fonts or anything from elsewhere; light or dark as its
// viewer is, and as wide.
#pragma once

#include <string>

#include "bench/summary.h"

namespace slabhound::bench {

std::string PageText(const Summary& summary);

}  // namespace slabhound::bench
