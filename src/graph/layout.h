// Where the boxes of a drawn heap graph stand: one side of a difference, as columns from left to
// right. Everything is in characters and rows; svg.h makes a picture of it.
//
// 1. The first box holds the roots, every other an object; a row is a root or a field.
// 2. At most kBoxesMax objects and kRowsMax rows of each are drawn: those on the way to the first
//    difference, what it refers to, then the others in the order of the walk. What is left out is
//    counted.
// 3. What is further from the roots than kColumnsMax references stands below, again from the left.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/difference.h"

namespace slabhound::graph {

inline constexpr size_t kBoxesMax = 14, kRowsMax = 9, kRowCharactersMax = 34, kColumnsMax = 6;

enum class Side : uint8_t { Expected, Found };

struct Row {
  std::string text;
  std::optional<size_t> box = {};  // what it refers to
  std::optional<Wrong> wrong = {};
};

struct Box {
  std::string title;
  std::vector<Row> rows;
  bool is_paired = true;  // the other side has it, too
  size_t column = 0;
  uint64_t node = 0;  // but for the roots
};

struct Layout {
  std::vector<Box> boxes;  // those of a column from top to bottom
  size_t columns = 0;
  size_t left_out = 0;  // objects
};

Layout LayOut(const Graph& graph, Side side, const Difference& difference, const NodeNames& names);

// The start of a text, in so many characters of UTF-8 at most.
std::string Clipped(const std::string& text, size_t characters_max);

}  // namespace slabhound::graph
