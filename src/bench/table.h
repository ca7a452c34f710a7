// The table of a summary: a row for each fault and generator, as text, for pages and Markdown.
//
// A time that was not reached is told as longer than the shortest trial without it: "> 60".
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "bench/summary.h"

namespace slabhound::bench {

inline constexpr std::array<std::string_view, 10> kTableHeads = {
    "fault",    "generator", "reached", "triggered", "detected",
    "shows as", "modules",   "CPU s",   "95 %",      "A12"};

struct TableRow {
  size_t rows_of_fault = 0;  // of the first one of a fault; 0: it is a further one
  std::vector<std::string> cells;
};
// The fault and A12 stand in the first row of a fault; they are empty in further ones. The clean
// engine comes last.
std::vector<TableRow> TableOf(const Summary& summary);

// What it says of all faults together, a sentence each.
std::vector<std::string> SentencesOf(const Summary& summary);

// Sentences and table.
std::string MarkdownText(const Summary& summary);

}  // namespace slabhound::bench
