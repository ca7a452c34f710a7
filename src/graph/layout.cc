#include "graph/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace slabhound::graph {
namespace {

using trace::Told;
using trace::ToldKind;

constexpr size_t kWayNodesMax = 6;
constexpr size_t kNameCharactersMin = 12;

// Of a long name the start, so that the value is there.
std::string RowText(const std::string& name, const std::string& value) {
  const size_t wanted = std::min(value.size() + 2, kRowCharactersMax - kNameCharactersMin);
  return Clipped(Clipped(name, kRowCharactersMax - wanted) + "  " + value, kRowCharactersMax);
}

// A root (no node) or a field.
using Slot = std::pair<std::optional<uint64_t>, uint64_t>;

class LayoutMaker {
 public:
  LayoutMaker(const Graph& graph, Side side, const Difference& difference, const NodeNames& names)
      : graph_(graph), side_(side), difference_(difference), names_(names) {}

  Layout Make() {
    for (const Place& place : difference_.places) wrong_.emplace(SlotOf(place), place.wrong);
    Choose();
    std::map<uint64_t, size_t> columns = Columns();
    layout_.boxes.push_back({.title = "roots", .rows = {}});
    AddRows(std::nullopt, layout_.boxes.back());
    size_t last = 0;
    for (const auto& [node, column] : columns) last = std::max(last, column);
    for (size_t column = 1; column <= last; ++column) {
      for (const auto& [node, at] : columns) {
        if (at == column) AddBox(node, (column - 1) % kColumnsMax + 1);
      }
    }
    layout_.columns = std::min(last, kColumnsMax) + 1;
    layout_.left_out = graph_.nodes.size() - columns.size();
    Connect();
    return std::move(layout_);
  }

 private:
  std::optional<uint64_t> OnThisSide(std::optional<uint64_t> expected) const {
    if (!expected || side_ == Side::Expected) return expected;
    return difference_.found_of[*expected];
  }
  Slot SlotOf(const Place& place) const {
    return {side_ == Side::Expected ? place.expected_node : place.found_node, place.index};
  }

  const std::vector<Told>& FieldsOf(uint64_t node) const { return graph_.nodes[node].fields; }
  const Told& ValueOf(const Slot& slot) const {
    return slot.first ? FieldsOf(*slot.first)[slot.second] : graph_.roots[slot.second].value;
  }
  size_t SlotCount(std::optional<uint64_t> holder) const {
    return holder ? FieldsOf(*holder).size() : graph_.roots.size();
  }

  void ChooseNode(std::optional<uint64_t> node) {
    if (node && chosen_.size() < kBoxesMax) chosen_.insert(*node);
  }
  void ChooseTarget(const Slot& slot) {
    const Told& value = ValueOf(slot);
    if (value.kind == ToldKind::Root) ChooseNode(value.bits);
  }

  void Choose() {
    if (!difference_.places.empty()) {
      const Place& first = difference_.places.front();
      std::optional<Way> way = Way{first.expected_node, first.index};
      for (size_t i = 0; i < kWayNodesMax && way; ++i) {
        const auto holder = OnThisSide(way->node);
        on_way_.emplace(holder, way->index);
        ChooseNode(holder);
        way = way->node ? difference_.ways[*way->node] : std::nullopt;
      }
    }
    for (const Place& place : difference_.places) {
      const Slot slot = SlotOf(place);
      ChooseTarget(slot);
      ChooseNode(slot.first);
    }
    for (uint64_t node = 0; node < graph_.nodes.size(); ++node) ChooseNode(node);
  }

  // Of each chosen node: one more than that of the first that refers to it.
  std::map<uint64_t, size_t> Columns() const {
    std::map<uint64_t, size_t> columns;
    std::vector<uint64_t> queue;
    const auto meet = [&](const Told& value, size_t column) {
      const bool is_new = value.kind == ToldKind::Root && chosen_.contains(value.bits) &&
                          columns.emplace(value.bits, column).second;
      if (is_new) queue.push_back(value.bits);
    };
    const auto walk = [&](size_t from) {
      for (; from < queue.size(); ++from) {
        for (const Told& field : FieldsOf(queue[from])) meet(field, columns[queue[from]] + 1);
      }
    };
    for (const Root& root : graph_.roots) meet(root.value, 1);
    walk(0);
    for (const uint64_t node : chosen_) {  // behind what is left out
      const size_t before = queue.size();
      meet({ToldKind::Root, node}, 1);
      walk(before);
    }
    return columns;
  }

  void AddBox(uint64_t node, size_t column) {
    const auto& pairs = side_ == Side::Expected ? difference_.found_of : difference_.expected_of;
    const Node& from = graph_.nodes[node];
    std::string title = fmt::format("#{} {}", node, names_.Type(from));
    if (from.kind == trace::NodeKind::Array) title += fmt::format(" [{}]", from.length);
    layout_.boxes.push_back({.title = Clipped(title, kRowCharactersMax),
                             .rows = {},
                             .is_paired = pairs[node].has_value(),
                             .column = column,
                             .node = node});
    AddRows(node, layout_.boxes.back());
  }

  // Those that matter first, then from the start.
  std::set<uint64_t> ShownSlots(std::optional<uint64_t> holder) const {
    std::set<uint64_t> shown;
    const auto show = [&](const Slot& slot) {
      if (slot.first == holder && shown.size() < kRowsMax) shown.insert(slot.second);
    };
    for (const Slot& slot : on_way_) show(slot);
    for (const auto& [slot, wrong] : wrong_) show(slot);
    for (uint64_t i = 0; i < SlotCount(holder) && shown.size() < kRowsMax; ++i) show({holder, i});
    return shown;
  }

  void AddRows(std::optional<uint64_t> holder, Box& box) {
    uint64_t next = 0;
    const auto skip_to = [&](uint64_t index) {
      if (index > next) box.rows.push_back({.text = fmt::format("… {} more", index - next)});
    };
    for (const uint64_t index : ShownSlots(holder)) {
      skip_to(index);
      next = index + 1;
      const Slot slot{holder, index};
      const std::string name =
          holder ? names_.Field(graph_.nodes[*holder], index) : graph_.roots[index].name;
      const auto wrong = wrong_.find(slot);
      box.rows.push_back(
          {.text = RowText(name, names_.Value(ValueOf(slot))),
           .wrong = wrong == wrong_.end() ? std::nullopt : std::optional(wrong->second)});
      targets_.push_back({layout_.boxes.size() - 1, box.rows.size() - 1, ValueOf(slot)});
    }
    skip_to(holder ? graph_.nodes[*holder].length : graph_.roots.size());
  }

  void Connect() {
    std::map<uint64_t, size_t> box_of;
    for (size_t i = 1; i < layout_.boxes.size(); ++i) box_of.emplace(layout_.boxes[i].node, i);
    for (const Target& target : targets_) {
      if (target.value.kind != ToldKind::Root) continue;
      const auto box = box_of.find(target.value.bits);
      if (box != box_of.end()) layout_.boxes[target.box].rows[target.row].box = box->second;
    }
  }

  struct Target {
    size_t box, row;
    Told value;
  };

  const Graph& graph_;
  const Side side_;
  const Difference& difference_;
  const NodeNames& names_;
  std::map<Slot, Wrong> wrong_;
  std::set<Slot> on_way_;
  std::set<uint64_t> chosen_;
  std::vector<Target> targets_;
  Layout layout_;
};

}  // namespace

Layout LayOut(const Graph& graph, Side side, const Difference& difference, const NodeNames& names) {
  return LayoutMaker(graph, side, difference, names).Make();
}

std::string Clipped(const std::string& text, size_t characters_max) {
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (starts && ++characters == characters_max + 1) {
      size_t end = at - 1;  // where the last character that fits starts
      while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
      return text.substr(0, end) + "…";
    }
  }
  return text;
}

}  // namespace slabhound::graph
