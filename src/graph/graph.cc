#include "graph/graph.h"

#include <fmt/format.h>

#include <span>
#include <utility>
#include <variant>

#include "trace/state.h"

namespace slabhound::graph {
namespace {

using trace::Event;
using trace::EventKind;
using trace::NodeKind;
using trace::Told;
using trace::ToldKind;
using trace::Word;

constexpr uint64_t kElementsMax = 100'000;  // of a table: more than any walk tells
constexpr auto kFirstKind = static_cast<uint64_t>(NodeKind::Struct);
constexpr auto kLastKind = static_cast<uint64_t>(NodeKind::Unknown);

// The type of an object's field, if the object is what its type says.
std::optional<wasm::StorageType> FieldType(const wasm::TypeStore& types, const Node& node,
                                           uint64_t field) {
  if (node.type >= types.size()) return std::nullopt;
  const auto& composite = types[static_cast<wasm::TypeId>(node.type)].composite;
  if (const auto* array = std::get_if<wasm::ArrayType>(&composite)) {
    return node.kind == NodeKind::Array ? std::optional(array->element.type) : std::nullopt;
  }
  const auto* structure = std::get_if<wasm::StructType>(&composite);
  if (structure == nullptr || node.kind != NodeKind::Struct) return std::nullopt;
  if (field >= structure->fields.size()) return std::nullopt;
  return structure->fields[field].type;
}

Told NumberOf(std::optional<wasm::StorageType> type, uint64_t bits) {
  if (!type) return {ToldKind::I64, bits};
  if (type->is_packed()) return {ToldKind::I32, bits};
  return trace::ToldNumber(type->Unpacked(), bits);
}

class Reader {
 public:
  Reader(std::span<const uint64_t> words, const wasm::TypeStore& types)
      : words_(words), types_(types) {}

  // The result of an event's value: an object begins a walk of its own.
  bool Value(std::string name, const Told& told) {
    if (told.kind != ToldKind::Object) {
      graph_.roots.push_back({std::move(name), told});
      return true;
    }
    first_ = graph_.nodes.size();
    const auto value = Next({});
    if (!value) return false;
    graph_.roots.push_back({std::move(name), *value});
    return Objects();
  }

  bool State(std::span<const Event> events, Extent extent) {
    // What has no event of its own has no name.
    if (events.size() >= trace::kStateEventsMax) return false;
    if (!Part(events, EventKind::State)) return false;
    if (extent == Extent::Exports) return true;
    // What was cut is met again, in the same order.
    const std::vector<Place> cut = std::exchange(cut_, {});
    for (const Place& place : cut) {
      const auto value = Next({});
      if (!value) return false;
      Fill(place, *value);
    }
    return Part(events, EventKind::Inside) && AtEnd();
  }

  std::optional<Graph> Finish() && {
    if (graph_.nodes.empty()) return std::nullopt;
    return std::move(graph_);
  }

 private:
  // A root or field that was cut.
  struct Place {
    std::optional<size_t> node;
    size_t index;
  };

  bool AtEnd() const { return at_ == words_.size(); }
  std::optional<uint64_t> Take() {
    if (AtEnd()) return std::nullopt;
    return words_[at_++];
  }

  // A field or root.
  std::optional<Told> Next(std::optional<wasm::StorageType> type) {
    const auto word = Take();
    if (!word) return std::nullopt;
    switch (static_cast<Word>(*word)) {
      case Word::Null:
        return Told{ToldKind::Null, 0};
      case Word::Cut:
        return Told{ToldKind::Cut, 0};
      case Word::New:
        graph_.nodes.emplace_back();
        return Told{ToldKind::Root, graph_.nodes.size() - 1};
      default:
        break;
    }
    const auto payload = Take();
    if (!payload) return std::nullopt;
    switch (static_cast<Word>(*word)) {
      case Word::I31:
        return Told{ToldKind::I31, *payload};
      case Word::Func:
        return trace::ToldFunction(*payload);
      case Word::Host:
        return Told{ToldKind::Host, *payload};
      case Word::Number:
        return NumberOf(type, *payload);
      case Word::Seen:
        if (*payload >= graph_.nodes.size() - first_) return std::nullopt;
        return Told{ToldKind::Root, first_ + *payload};
      case Word::Vector: {
        const auto high = Take();
        if (!high) return std::nullopt;
        return trace::ToldVector({*payload, *high});
      }
      default:
        return std::nullopt;
    }
  }

  // All objects that were met and not yet told.
  bool Objects() {
    for (; told_ < graph_.nodes.size(); ++told_) {
      const auto kind = Take(), type = Take(), length = Take();
      if (!kind || !type || !length || *kind < kFirstKind || *kind > kLastKind) return false;
      Node node{static_cast<NodeKind>(*kind), *type, *length};
      for (uint64_t i = 0; i < *length; ++i) {
        if (!AtEnd() && words_[at_] == static_cast<uint64_t>(Word::FieldsOut)) {
          ++at_;
          break;
        }
        const auto field = Next(FieldType(types_, node, i));
        if (!field) return false;
        if (field->kind == ToldKind::Cut) cut_.push_back({told_, i});
        node.fields.push_back(*field);
      }
      graph_.nodes[told_] = std::move(node);
    }
    return true;
  }

  void Fill(const Place& place, const Told& value) {
    if (value.kind == ToldKind::Cut) {
      cut_.push_back(place);
    } else if (place.node) {
      graph_.nodes[*place.node].fields[place.index] = value;
    } else {
      graph_.roots[place.index].value = value;
    }
  }

  bool AddRoot(std::string name, std::optional<wasm::StorageType> type) {
    const auto value = Next(type);
    if (!value) return false;
    if (value->kind == ToldKind::Cut) cut_.push_back({std::nullopt, graph_.roots.size()});
    graph_.roots.push_back({std::move(name), *value});
    return true;
  }

  // What the events of one kind tell, and the objects behind it.
  bool Part(std::span<const Event> events, EventKind kind) {
    for (const Event& event : events) {
      if (event.kind != kind) continue;
      if (const auto* global = std::get_if<trace::GlobalState>(&event.what)) {
        if (!AddRoot("global " + event.subject, {})) return false;
        // A walk tells no type of a number; the event does.
        const Told& told = global->value;
        if (told.kind <= ToldKind::F64) graph_.roots.back().value = told;
      } else if (const auto* table = std::get_if<trace::TableState>(&event.what)) {
        if (!Next({}) || table->elements > kElementsMax) return false;
        for (uint64_t i = 0; i < table->elements; ++i) {
          if (!AddRoot(fmt::format("table {} [{}]", event.subject, i), {})) return false;
        }
      } else if (std::holds_alternative<trace::MemoryState>(event.what)) {
        if (!Next({}) || !Next({})) return false;
      }
    }
    return Objects();
  }

  std::span<const uint64_t> words_;
  const wasm::TypeStore& types_;
  size_t at_ = 0;
  size_t first_ = 0;  // node of the walk
  size_t told_ = 0;   // nodes
  std::vector<Place> cut_;
  Graph graph_;
};

}  // namespace

std::optional<Graph> ReadGraph(const trace::Trace& trace, size_t event,
                               const wasm::TypeStore& types, Extent extent) {
  if (event >= trace.events.size()) return std::nullopt;
  const auto is_state = [&](size_t at) { return trace.events[at].kind >= EventKind::State; };
  const bool wants_state = is_state(event);
  while (wants_state && event > 0 && is_state(event - 1)) --event;
  Reader reader(trace.walks.Of(event), types);
  const trace::Happening& what = trace.events[event].what;
  bool good = true;
  const auto each = [&](std::string_view name, const std::vector<Told>& values) {
    for (size_t i = 0; i < values.size() && good; ++i) {
      good = reader.Value(fmt::format("{} {}", name, i), values[i]);
    }
  };
  if (wants_state) {
    good = reader.State(std::span(trace.events).subspan(event), extent);
  } else if (const auto* returned = std::get_if<trace::Returned>(&what)) {
    each("result", returned->values);
  } else if (const auto* call = std::get_if<trace::Imported>(&what)) {
    each("argument", call->arguments);
  } else if (const auto* threw = std::get_if<trace::Threw>(&what)) {
    good = reader.Value("exception", threw->exception);
  }
  return good ? std::move(reader).Finish() : std::nullopt;
}

}  // namespace slabhound::graph
