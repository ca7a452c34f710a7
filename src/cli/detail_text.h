// What an engine said of its end, in a few lines: its words, where they come from, and the first
// functions of its own in a back trace.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slabhound::cli {

inline constexpr size_t kDetailLinesMax = 6;

// Lines of at most `columns` characters. A place that is longer loses its beginning, as the end
// tells file and line.
std::vector<std::string> DetailLines(std::string_view detail, size_t columns);

}  // namespace slabhound::cli
