// A heap graph: the objects that one event of a trace tells, with their fields, read from the words
// of their walks (trace/walk_words.h). What engines of this process and engines behind workers tell
// is read by this one reader, since both tell the same words.
//
// 1. Roots are what the event tells: results, arguments, an exception, or the parts of the final
//    state. Nodes are numbered in the order of the walk, breadth first, from 0.
// 2. A value is a trace::Told; of ToldKind::Root it is the node of that number. Numbers have the
//    types of their fields.
// 3. Each result or argument has a walk of its own: whether two of them share objects is not told.
// 4. Reading is total: words that no walk tells give no graph.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trace/log.h"
#include "trace/trace.h"
#include "wasm/type_store.h"

namespace slabhound::graph {

struct Node {
  trace::NodeKind kind = trace::NodeKind::Struct;
  uint64_t type = 0;    // canonical; of an exception, the tag's number
  uint64_t length = 0;  // what the object has; fewer fields are told where a walk was cut
  std::vector<trace::Told> fields = {};
};

struct Root {
  std::string name = {};  // "result 0", "global head", "table t [3]"
  trace::Told value = {};
};

struct Graph {
  std::vector<Root> roots;
  std::vector<Node> nodes;
};

// Of the final state: what any engine shows of it, or all that engines of this process do.
enum class Extent : uint8_t { Exports, Everything };

// Of an event that tells values; of one of the final state, the whole of that. Nothing for an event
// that tells no object. Requires: the trace's walks were kept; `types` are its module's.
std::optional<Graph> ReadGraph(const trace::Trace& trace, size_t event,
                               const wasm::TypeStore& types, Extent extent);

}  // namespace slabhound::graph
