// For tests of this room: graphs of modules in text, run on the oracle and on the slab engine.
#pragma once

#include "graph/difference.h"
#include "trace/fixture.h"

namespace slabhound::graph {

inline trace::RunLimits KeepingWalks() {
  trace::RunLimits limits;
  limits.keep_walks = true;
  return limits;
}

inline trace::Trace KeptTrace(const testcase::Prepared& prepared) {
  const trace::RunLimits limits = KeepingWalks().Of(prepared);
  return trace::RunOn(*trace::MakeOracle(prepared, limits), prepared, limits);
}

// Of the last event of the oracle's run with objects that is no state, else of the state.
inline std::optional<Graph> LastGraph(const testcase::Prepared& prepared,
                                      Extent extent = Extent::Exports) {
  const trace::Trace trace = KeptTrace(prepared);
  std::optional<Graph> last;
  for (size_t i = 0; i < trace.events.size(); ++i) {
    const bool is_state = trace.events[i].kind >= trace::EventKind::State;
    if (last && is_state) break;
    last = ReadGraph(trace, i, *prepared.types, extent);
  }
  return last;
}

// A list of nodes whose fields have names, an array of its nodes, and what else can be told.
inline constexpr std::string_view kList = R"((module
  (type $node (struct (field $number (mut i32)) (field $next (mut (ref null $node)))
    (field $other (mut anyref))))
  (type $list (array (mut anyref)))
  (type $bytes (array (mut i8)))
  (func (export "run") (result (ref $list) i32 (ref null $node))
    (local $i i32) (local $n (ref null $node)) (local $l (ref $list))
    (local.set $l (array.new_default $list (i32.const 20)))
    (loop $again
      (local.set $n (struct.new $node (local.get $i) (local.get $n) (ref.i31 (local.get $i))))
      (array.set $list (local.get $l) (local.get $i) (local.get $n))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 20))))
    (struct.set $node $other (local.get $n) (array.new $bytes (i32.const 12) (i32.const 200)))
    (local.get $l) (i32.const 7) (local.get $n))))";

}  // namespace slabhound::graph
