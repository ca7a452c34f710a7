#include "graph/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/markup.h"
#include "graph/layout.h"

namespace slabhound::graph {
namespace {

// In pixels. The width of a character is that of the widest usual monospaced font.
constexpr size_t kCharacter = 8, kRow = 20, kMargin = 16, kGap = 18, kArrows = 72;
constexpr size_t kTitleCharactersMax = 110;

constexpr std::array<std::string_view, 3> kClasses = {"lost", "stale", "value"};

constexpr std::string_view kStyle = R"(<style>
svg { background: #ffffff; font: 13px ui-monospace, "DejaVu Sans Mono", monospace; }
text { fill: #1f2328; } .dim { fill: #656d76; } .head { font-weight: bold; }
.box { fill: #f6f8fa; stroke: #656d76; } .alone { stroke-dasharray: 5 3; }
.bar { fill: #d8dee4; } .tip { fill: #656d76; }
.edge { fill: none; stroke: #656d76; stroke-width: 1.4; }
.row-lost { fill: #ffd7d5; } .row-stale { fill: #ffe2b8; } .row-value { fill: #e6d5ff; }
.edge-lost { stroke: #cf222e; stroke-width: 2.4; } .tip-lost { fill: #cf222e; }
.edge-stale { stroke: #b35900; stroke-width: 2.4; stroke-dasharray: 7 3; }
.tip-stale { fill: #b35900; }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; } text { fill: #e6edf3; } .dim { fill: #9198a1; }
.box { fill: #161b22; stroke: #9198a1; } .bar { fill: #30363d; }
.edge { stroke: #9198a1; } .tip { fill: #9198a1; }
.row-lost { fill: #6e1b1f; } .row-stale { fill: #653a00; } .row-value { fill: #43277a; }
.edge-lost { stroke: #ff7b72; } .tip-lost { fill: #ff7b72; }
.edge-stale { stroke: #ffa657; } .tip-stale { fill: #ffa657; }
}
</style>
)";

size_t Characters(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

struct Frame {
  size_t x = 0, y = 0, width = 0, height = 0;
};

std::string Label(size_t x, size_t y, std::string_view style, std::string_view text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\" xml:space=\"preserve\">{}</text>\n", x,
                     y, style, MarkupText(text));
}

// One side of the picture.
class Panel {
 public:
  Panel(const Layout& layout, size_t top) : layout_(layout) {
    std::vector<size_t> widths(layout.columns), tops(layout.columns, top);
    for (const Box& box : layout.boxes) {
      widths[box.column] = std::max(widths[box.column], WidthOf(box));
    }
    for (const Box& box : layout.boxes) {
      size_t x = kMargin;
      for (size_t i = 0; i < box.column; ++i) x += widths[i] + kArrows;
      const size_t height = kRow * (box.rows.size() + 1) + 4;
      frames_.push_back({x, tops[box.column], widths[box.column], height});
      tops[box.column] += height + kGap;
      bottom_ = std::max(bottom_, tops[box.column]);
      right_ = std::max(right_, x + widths[box.column] + kArrows);
    }
  }

  size_t bottom() const { return bottom_; }
  size_t right() const { return right_; }

  std::string Text() const {
    std::string boxes, edges;
    for (size_t i = 0; i < layout_.boxes.size(); ++i) {
      boxes += BoxText(layout_.boxes[i], frames_[i]);
      for (size_t row = 0; row < layout_.boxes[i].rows.size(); ++row) edges += Edge(i, row);
    }
    return boxes + edges;
  }

 private:
  static std::string RowText(const Row& row) { return row.wrong ? row.text + "  ✗" : row.text; }
  static size_t WidthOf(const Box& box) {
    size_t characters = Characters(box.title);
    for (const Row& row : box.rows) characters = std::max(characters, Characters(RowText(row)));
    return kCharacter * (characters + 2);
  }

  static std::string BoxText(const Box& box, const Frame& frame) {
    std::string text = fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" class=\"box{}\"/>\n", frame.x,
        frame.y, frame.width, frame.height, box.is_paired ? "" : " alone");
    const auto bar = [&](size_t y, std::string_view style) {
      text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>\n",
                          frame.x + 1, y, frame.width - 2, kRow, style);
    };
    bar(frame.y + 1, "bar");
    text += Label(frame.x + kCharacter, frame.y + 16, "head", box.title);
    for (size_t i = 0; i < box.rows.size(); ++i) {
      const Row& row = box.rows[i];
      const size_t y = frame.y + kRow * (i + 1) + 2;
      if (row.wrong) bar(y, fmt::format("row-{}", kClasses[static_cast<size_t>(*row.wrong)]));
      text += Label(frame.x + kCharacter, y + 15, "row", RowText(row));
    }
    return text;
  }

  // From the row's right end to the title of what it refers to.
  std::string Edge(size_t box, size_t row_index) const {
    const Row& row = layout_.boxes[box].rows[row_index];
    if (!row.box) return {};
    const Frame& from = frames_[box];
    const Frame& to = frames_[*row.box];
    const size_t column = layout_.boxes[box].column, target = layout_.boxes[*row.box].column;
    constexpr size_t kTip = 8, kBend = 44;
    const size_t x1 = from.x + from.width, y1 = from.y + kRow * (row_index + 1) + kRow / 2 + 2;
    const size_t y2 = to.y + kRow / 2 + 1;
    // What is ahead, or below, is entered from its left, else from its right.
    const bool from_left = target > column || (target < column && to.y > from.y + from.height);
    const size_t x2 = from_left ? to.x - kTip : to.x + to.width + kTip;
    const size_t bend2 = from_left ? x2 - kBend : x2 + kBend,
                 tip = from_left ? x2 + kTip : x2 - kTip;
    std::string path = fmt::format("M{} {} C{} {}", x1, y1, x1 + kBend, y1);
    if (target < column) {
      // On the way back it goes below the boxes.
      const size_t lane = from.y + from.height + kGap / 2;
      path += fmt::format(" {0} {1} {2} {1} L{3} {1} C{4} {1}", x1 + kBend, lane, x1,
                          std::max(x2, bend2), std::min(x2, bend2));
    }
    path += fmt::format(" {} {} {} {}", bend2, y2, x2, y2);
    const std::string which =
        row.wrong ? fmt::format("-{}", kClasses[static_cast<size_t>(*row.wrong)]) : std::string();
    return fmt::format(
        "<path d=\"{}\" class=\"edge edge{}\"/>\n"
        "<path d=\"M{} {} L{} {} L{} {} Z\" class=\"tip tip{}\"/>\n",
        path, which, tip, y2, x2, y2 - 5, x2, y2 + 5, which);
  }

  const Layout& layout_;
  std::vector<Frame> frames_;
  size_t bottom_ = 0, right_ = 0;
};

std::string LeftOut(const Layout& layout) {
  if (layout.left_out == 0) return {};
  return fmt::format("  ({} more objects are not drawn)", layout.left_out);
}

}  // namespace

std::string SvgText(const Captions& captions, const Graph& expected, const Graph& found,
                    const Difference& difference, const NodeNames& names) {
  const Layout above = LayOut(expected, Side::Expected, difference, names);
  const Layout below = LayOut(found, Side::Found, difference, names);
  const Panel upper(above, 4 * kRow);
  const Panel lower(below, upper.bottom() + 2 * kRow);
  const std::string title = Clipped(captions.title, kTitleCharactersMax);
  const std::string upper_caption = "expected: " + captions.expected + LeftOut(above);
  const std::string lower_caption = "found: " + captions.found + LeftOut(below);
  size_t characters = 78;  // of the legend
  for (const std::string* each : {&title, &upper_caption, &lower_caption}) {
    characters = std::max(characters, Characters(*each));
  }
  const size_t width =
      std::max({upper.right(), lower.right(), kCharacter * characters + 2 * kMargin});
  const size_t height = lower.bottom() + 2 * kRow;
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
      "viewBox=\"0 0 {0} {1}\">\n",
      width, height);
  text += kStyle;
  text += Label(kMargin, kRow + 4, "head", title);
  text += Label(kMargin, 3 * kRow, "dim", upper_caption);
  text += upper.Text();
  text += Label(kMargin, upper.bottom() + kRow, "dim", lower_caption);
  text += lower.Text();
  size_t x = kMargin;
  for (const Wrong wrong : {Wrong::Lost, Wrong::Stale, Wrong::Value}) {
    text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"14\" class=\"row-{}\"/>\n",
                        x, height - 30, kClasses[static_cast<size_t>(wrong)]);
    text += Label(x + 20, height - 18, "dim", WrongText(wrong));
    x += 20 + kCharacter * (WrongText(wrong).size() + 2);
  }
  text += Label(x, height - 18, "dim", "dashed box: only here");
  return text + "</svg>\n";
}

}  // namespace slabhound::graph
