// Goal: whatever the graphs are, the picture is a bounded, well-formed SVG that marks what differs.
#include "graph/svg.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "graph/fixture.h"
#include "graph/layout.h"

namespace slabhound::graph {
namespace {

class Picture : public testing::Test {
 protected:
  std::string Draw(std::string title = "title") const {
    return SvgText({std::move(title), "oracle", "slab"}, expected_, found_,
                   Compare(expected_, found_), names_);
  }

  const testcase::Prepared prepared_ = trace::PreparedText(kList, {{"run", {}}});
  const NodeNames names_{prepared_.module};
  const Graph expected_ = *LastGraph(prepared_);
  Graph found_ = expected_;
};

size_t Count(const std::string& text, std::string_view what) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++count;
  return count;
}

TEST_F(Picture, MarksWhatIsWrong) {
  EXPECT_EQ(Count(Draw(), "✗"), 0u);
  found_.nodes[0].fields[3] = {trace::ToldKind::Null, 0};
  found_.nodes[22].fields[1] = {trace::ToldKind::Root, 22};
  found_.nodes[21].fields[198] = {trace::ToldKind::I32, 13};
  const std::string text = Draw();
  EXPECT_EQ(Count(text, "✗"), 6u);
  EXPECT_EQ(Count(text, "class=\"edge edge-lost\""), 1u);   // only where it is expected
  EXPECT_EQ(Count(text, "class=\"edge edge-stale\""), 2u);  // on both sides
  EXPECT_NE(text.find("[198]  i32 13"), std::string::npos);
}

TEST_F(Picture, IsWellFormedAndBounded) {
  const std::string text = Draw("a < b & \"c\" \x01");
  EXPECT_EQ(Count(text, "<text"), Count(text, "</text>"));
  EXPECT_NE(text.find("a &lt; b &amp; &quot;c&quot; ?</text>"), std::string::npos);
  EXPECT_EQ(text, Draw("a < b & \"c\" \x01"));
  EXPECT_LE(Count(text, "class=\"box"), 2 * (kBoxesMax + 1));
  EXPECT_LT(text.size(), 100'000u);
}

TEST_F(Picture, HasTheWayToTheFirstDifference) {
  // At the far end of a list that is longer than what is drawn.
  found_.nodes[41].fields[0] = {trace::ToldKind::I32, 77};
  const Difference difference = Compare(expected_, found_);
  for (const Side side : {Side::Expected, Side::Found}) {
    const Graph& graph = side == Side::Expected ? expected_ : found_;
    const Layout layout = LayOut(graph, side, difference, names_);
    EXPECT_EQ(layout.boxes.size(), kBoxesMax + 1);
    EXPECT_EQ(layout.left_out, graph.nodes.size() - kBoxesMax);
    size_t marked = 0;
    for (const Box& box : layout.boxes) {
      for (const Row& row : box.rows) {
        marked += row.wrong.has_value() ? 1 : 0;
        EXPECT_TRUE(!row.box || *row.box < layout.boxes.size());
      }
      EXPECT_LE(box.rows.size(), 2 * kRowsMax + 1);
      EXPECT_LT(box.column, layout.columns);
    }
    EXPECT_EQ(marked, 1u);
    EXPECT_LE(layout.columns, kColumnsMax + 1);
  }
}

TEST_F(Picture, KeepsTheValueOfALongName) {
  const std::string name(60, 'n');
  const auto prepared = trace::PreparedText("(module (type $t (struct (field $" + name + R"( i32)))
        (func (export "run") (result (ref $t)) (struct.new $t (i32.const 4711)))))",
                                            {{"run", {}}});
  const Graph graph = *LastGraph(prepared);
  const Layout layout =
      LayOut(graph, Side::Expected, Compare(graph, graph), NodeNames(prepared.module));
  EXPECT_TRUE(layout.boxes[1].rows[0].text.ends_with("n…  i32 4711"));
}

TEST(Clipped, CountsCharactersNotBytes) {
  EXPECT_EQ(Clipped("äöü", 3), "äöü");
  EXPECT_EQ(Clipped("äöüß", 3), "äö…");
  EXPECT_EQ(Clipped("", 3), "");
}

}  // namespace
}  // namespace slabhound::graph
