// The parts of a heap graph in words: with the names that the module has, else by its own numbers.
#pragma once

#include <map>
#include <string>

#include "graph/graph.h"
#include "valid/valid_module.h"

namespace slabhound::graph {

class NodeNames {
 public:
  explicit NodeNames(const valid::ValidModule& module);

  std::string Type(const Node& node) const;                   // "struct $node", "array 2"
  std::string Field(const Node& node, uint64_t index) const;  // "$next", "field 1", "[3]"
  std::string Value(const trace::Told& told) const;           // "#3", "i32 5", "null", "func $f"
  // A value, and of an object its type: "#3 struct $node".
  std::string Value(const Graph& graph, const trace::Told& told) const;

 private:
  std::string TypeIndex(uint64_t type) const;

  const valid::ValidModule& module_;
  std::map<uint64_t, uint32_t> types_;  // the first index of each canonical type
};

}  // namespace slabhound::graph
