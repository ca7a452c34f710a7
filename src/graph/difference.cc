#include "graph/difference.h"

#include <algorithm>
#include <array>

namespace slabhound::graph {
namespace {

using trace::Told;
using trace::ToldKind;

constexpr std::array<std::string_view, 3> kWrongs = {"lost reference", "stale reference",
                                                     "wrong value"};

// A node that another one of the same object is not.
bool LooksAlike(const Node& a, const Node& b) {
  return a.kind == b.kind && a.type == b.type && a.length == b.length;
}

class Comparison {
 public:
  Comparison(const Graph& expected, const Graph& found) : expected_(expected), found_(found) {
    difference_.found_of.resize(expected.nodes.size());
    difference_.expected_of.resize(found.nodes.size());
    difference_.ways.resize(expected.nodes.size());
  }

  Difference Run() {
    const size_t roots = std::min(expected_.roots.size(), found_.roots.size());
    for (size_t i = 0; i < roots; ++i) {
      Look({.index = i}, expected_.roots[i].value, found_.roots[i].value);
    }
    for (size_t next = 0; next < queue_.size(); ++next) {
      const uint64_t left = queue_[next], right = *difference_.found_of[left];
      const auto& fields = expected_.nodes[left].fields;
      const auto& others = found_.nodes[right].fields;
      for (size_t i = 0; i < std::min(fields.size(), others.size()); ++i) {
        Look({.expected_node = left, .found_node = right, .index = i}, fields[i], others[i]);
      }
    }
    return std::move(difference_);
  }

 private:
  void Look(Place place, const Told& expected, const Told& found) {
    if (expected.kind == ToldKind::Cut || found.kind == ToldKind::Cut) return;
    const bool wants = expected.kind == ToldKind::Root, has = found.kind == ToldKind::Root;
    if (wants && !difference_.ways[expected.bits]) {
      difference_.ways[expected.bits] = {place.expected_node, place.index};
    }
    if (wants && has) {
      if (!Pair(expected.bits, found.bits)) Note(place, Wrong::Stale);
    } else if (wants || has) {
      Note(place, wants ? Wrong::Lost : Wrong::Stale);
    } else if (expected != found) {
      Note(place, Wrong::Value);
    }
  }

  bool Pair(uint64_t left, uint64_t right) {
    auto& of_left = difference_.found_of[left];
    auto& of_right = difference_.expected_of[right];
    if (of_left || of_right) return of_left == right;
    if (!LooksAlike(expected_.nodes[left], found_.nodes[right])) return false;
    of_left = right;
    of_right = left;
    queue_.push_back(left);
    return true;
  }

  void Note(Place place, Wrong wrong) {
    place.wrong = wrong;
    if (++difference_.count <= kPlacesMax) difference_.places.push_back(place);
  }

  const Graph& expected_;
  const Graph& found_;
  std::vector<uint64_t> queue_;
  Difference difference_;
};

}  // namespace

std::string_view WrongText(Wrong wrong) { return kWrongs[static_cast<size_t>(wrong)]; }

Difference Compare(const Graph& expected, const Graph& found) {
  return Comparison(expected, found).Run();
}

namespace {

std::string WayText(const Graph& expected, const Difference& difference, Way way,
                    const NodeNames& names) {
  std::string text;
  while (way.node) {
    const Node& holder = expected.nodes[*way.node];
    const bool is_element = holder.kind == trace::NodeKind::Array;
    text.insert(0, (is_element ? " " : " . ") + names.Field(holder, way.index));
    way = *difference.ways[*way.node];
  }
  return expected.roots[way.index].name + text;
}

}  // namespace

std::string PathText(const Graph& expected, const Difference& difference, const Place& place,
                     const NodeNames& names) {
  return WayText(expected, difference, {place.expected_node, place.index}, names);
}

std::string FoundText(const Graph& expected, const Graph& found, const Difference& difference,
                      const Place& place, const NodeNames& names) {
  const Told& told = FoundAt(found, place);
  std::string text = names.Value(found, told);
  if (told.kind != ToldKind::Root) return text;
  const auto elsewhere = difference.expected_of[told.bits];
  if (!elsewhere) return text;
  return text + ", which is expected at " +
         WayText(expected, difference, *difference.ways[*elsewhere], names);
}

const Told& ExpectedAt(const Graph& expected, const Place& place) {
  return place.expected_node ? expected.nodes[*place.expected_node].fields[place.index]
                             : expected.roots[place.index].value;
}

const Told& FoundAt(const Graph& found, const Place& place) {
  return place.found_node ? found.nodes[*place.found_node].fields[place.index]
                          : found.roots[place.index].value;
}

}  // namespace slabhound::graph
