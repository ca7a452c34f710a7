// The difference of two heap graphs: where a walk of both from their roots first finds another
// thing, and what becomes of each place.
//
// 1. Both are walked side by side, breadth first. Objects are paired when they are first met at the
//    same place; behind a pair that is no pair (another kind, type or length) the walk does not go.
// 2. A reference is lost where an object is expected and found is none; stale where found is an
//    object that should not be there: one of another kind, type or length, one that is already
//    the pair of another, or any where none is expected. All else is a wrong value.
// 3. What a walk cut is not compared. At most kPlacesMax places that differ are told one by one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/node_names.h"

namespace slabhound::graph {

enum class Wrong : uint8_t { Lost, Stale, Value };
std::string_view WrongText(Wrong wrong);  // "lost reference", "stale reference", "wrong value"

inline constexpr size_t kPlacesMax = 64;

// A root, or a field of two paired nodes.
struct Place {
  std::optional<uint64_t> expected_node = {}, found_node = {};
  uint64_t index = 0;  // of the root or field
  Wrong wrong = Wrong::Value;
};

// How an expected node is first met: from a node's field, or from a root.
struct Way {
  std::optional<uint64_t> node = {};
  uint64_t index = 0;
};

using NodeMap = std::vector<std::optional<uint64_t>>;  // by node
struct Difference {
  std::vector<Place> places;      // in the order of the walk
  uint64_t count = 0;             // of all of them
  NodeMap found_of, expected_of;  // the pairs, from either side
  std::vector<std::optional<Way>> ways;
};

// Nothing differs: no places.
Difference Compare(const Graph& expected, const Graph& found);

// "result 0 . $next . field 1 [3]", the shortest that the walk found.
std::string PathText(const Graph& expected, const Difference& difference, const Place& place,
                     const NodeNames& names);
// What is found there, in words: of an object that stands elsewhere, too, where it is expected.
std::string FoundText(const Graph& expected, const Graph& found, const Difference& difference,
                      const Place& place, const NodeNames& names);

// What stands at the place on either side.
const trace::Told& ExpectedAt(const Graph& expected, const Place& place);
const trace::Told& FoundAt(const Graph& found, const Place& place);

}  // namespace slabhound::graph
