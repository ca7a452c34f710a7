// Goal: a graph is what the module made, with the types of its fields, whoever told the words.
#include "graph/graph.h"

#include <gtest/gtest.h>

#include "graph/fixture.h"
#include "graph/node_names.h"
#include "oracle/machine.h"
#include "portable/portable.h"
#include "portable/steps.h"

namespace slabhound::graph {
namespace {

using Lines = std::vector<std::string>;

Lines Text(const testcase::Prepared& prepared, const Graph& graph) {
  const NodeNames names(prepared.module);
  Lines lines;
  for (const Root& root : graph.roots) lines.push_back(root.name + ": " + names.Value(root.value));
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    std::string line = "#" + std::to_string(i) + " " + names.Type(graph.nodes[i]) + ":";
    for (size_t field = 0; field < graph.nodes[i].fields.size(); ++field) {
      line += " " + names.Field(graph.nodes[i], field) + " " +
              names.Value(graph.nodes[i].fields[field]);
    }
    lines.push_back(line);
  }
  return lines;
}

constexpr std::string_view kMixed = R"((module
  (type $pair (struct (field $a (mut anyref)) (field i8) (field $f f32)))
  (type $all (array (mut funcref)))
  (global $g (export "g") (mut anyref) (ref.null any))
  (global (mut i64) (i64.const 9))
  (table (export "t") 2 anyref)
  (func $run (export "run") (result anyref i64)
    (global.set $g (struct.new $pair (ref.i31 (i32.const 3)) (i32.const 255) (f32.const 1)))
    (struct.set $pair $a (ref.cast (ref $pair) (global.get $g)) (global.get $g))
    (table.set 0 (i32.const 1) (array.new $all (ref.func $run) (i32.const 2)))
    (global.get $g) (i64.const 5)))";

TEST(Graph, OfResultsHasRootsAndTypedFields) {
  const auto prepared = trace::PreparedText(std::string(kMixed) + ")", {{"run", {}}});
  const auto graph = LastGraph(prepared);
  ASSERT_TRUE(graph.has_value());
  EXPECT_EQ(Text(prepared, *graph),
            (Lines{"result 0: #0", "result 1: i64 5",
                   "#0 struct $pair: $a #0 field 1 i32 255 $f f32 0x3f800000"}));
}

TEST(Graph, OfTheStateIsOneWalk) {
  const auto prepared =
      trace::PreparedText(std::string(kMixed) +
                              "(table $inner 1 anyref) (func (export \"end\") "
                              "(table.set $inner (i32.const 0) (global.get $g))))",
                          {{"run", {}}, {"end", {}}});
  const trace::Trace trace = KeptTrace(prepared);
  const auto state = ReadGraph(trace, trace.events.size() - 1, *prepared.types, Extent::Exports);
  ASSERT_TRUE(state.has_value());
  const Lines exported{"global g: #0", "table t [0]: null", "table t [1]: #1",
                       "#0 struct $pair: $a #0 field 1 i32 255 $f f32 0x3f800000",
                       "#1 array $all: [0] func $run [1] func $run"};
  // A function with results is asked for its number; this one has defaults.
  EXPECT_EQ(Text(prepared, *state), exported);
  const auto all = ReadGraph(trace, trace.events.size() - 1, *prepared.types, Extent::Everything);
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->roots.size(), 5u);
  EXPECT_EQ(all->roots[3].name, "global global 1");
  EXPECT_EQ(all->roots[3].value, (trace::Told{trace::ToldKind::I64, 9}));
  EXPECT_EQ(all->roots[4].value, (trace::Told{trace::ToldKind::Root, 0}));
}

TEST(Graph, EachValueHasAWalkOfItsOwn) {
  const auto prepared = trace::PreparedText(kList, {{"run", {}}});
  const auto graph = LastGraph(prepared);
  ASSERT_TRUE(graph.has_value());
  ASSERT_EQ(graph->roots.size(), 3u);
  EXPECT_EQ(graph->nodes.size(), 2u * 21 + 1);  // the list with its nodes, twice but for the array
  EXPECT_EQ(graph->roots[2].value.bits, 22u);
}

TEST(Graph, NoneWithoutObjectsOrWords) {
  const auto plain = trace::PreparedText(
      R"((module (func (export "f") (result i32) (i32.const 1))))", {{"f", {}}});
  EXPECT_FALSE(LastGraph(plain).has_value());
  const auto prepared = trace::PreparedText(kList, {{"run", {}}});
  trace::Trace trace = KeptTrace(prepared);
  EXPECT_TRUE(ReadGraph(trace, 1, *prepared.types, Extent::Exports).has_value());
  EXPECT_FALSE(ReadGraph(trace, 99, *prepared.types, Extent::Exports).has_value());
  const trace::Trace unkept = trace::RunOn(*trace::MakeOracle(prepared), prepared, {});
  EXPECT_FALSE(ReadGraph(unkept, 1, *prepared.types, Extent::Exports).has_value());
  // Whatever the words are, reading ends.
  for (size_t i = 0; i < trace.walks.words().size(); ++i) {
    for (const uint64_t word : {0ull, 5ull, 6ull, ~0ull}) {
      trace::Trace broken = trace;
      broken.walks.words()[i] = word;
      ReadGraph(broken, 1, *prepared.types, Extent::Exports);
    }
  }
}

// What a worker's engine tells is read as the same graph.
TEST(Graph, OfAPortableFormIsTheSame) {
  const auto prepared = trace::PreparedText(std::string(kMixed) + ")", {{"run", {}}});
  const wasm::Module& module = *prepared.module.module;
  auto form = portable::MakePortable({module, prepared.plan}, {});
  ASSERT_TRUE(form.has_value()) << form.error().message;
  const auto made = testcase::Prepare({*std::move(form), {}});
  ASSERT_TRUE(made.has_value());
  const auto machine = oracle::MakeMachine(*made->types, portable::PortableLimits());
  const auto run = portable::RunSteps(*machine, *made, prepared.plan.calls.size());
  const trace::Trace there =
      portable::PortableTrace(module, prepared.plan, run.steps,
                              testcase::kGeneratedBudgets.object_bytes_max, /*keep_walks=*/true);
  const trace::Trace here = KeptTrace(prepared);
  for (size_t i = 0; i < there.events.size(); ++i) {
    const auto a = ReadGraph(here, i, *prepared.types, Extent::Exports);
    const auto b = ReadGraph(there, i, *prepared.types, Extent::Exports);
    ASSERT_EQ(a.has_value(), b.has_value()) << i;
    if (a) {
      EXPECT_EQ(Text(prepared, *a), Text(prepared, *b)) << i;
    }
  }
}

}  // namespace
}  // namespace slabhound::graph
