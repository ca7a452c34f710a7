#include "graph/node_names.h"

#include <fmt/format.h>

#include "wasm/names.h"

namespace slabhound::graph {

using trace::NodeKind;
using trace::ToldKind;
using wasm::IndexSpace;

namespace {

const std::string* Find(const wasm::NameMap& names, uint64_t index) {
  const auto found = names.find(static_cast<uint32_t>(index));
  if (found == names.end() || !wasm::IsIdentifier(found->second)) return nullptr;
  return &found->second;
}

// "$name", or the index.
std::string NameOr(const wasm::Names* names, IndexSpace space, uint64_t index) {
  const std::string* name = names == nullptr ? nullptr : Find(names->of(space), index);
  return name == nullptr ? std::to_string(index) : "$" + *name;
}

}  // namespace

NodeNames::NodeNames(const valid::ValidModule& module) : module_(module) {
  for (uint32_t i = 0; i < module.type_ids.size(); ++i) {
    types_.emplace(static_cast<uint64_t>(module.type_ids[i]), i);
  }
}

std::string NodeNames::TypeIndex(uint64_t type) const {
  const auto found = types_.find(type);
  if (found == types_.end()) return "of a type that the module does not have";
  return NameOr(module_.module->names.get(), IndexSpace::Type, found->second);
}

std::string NodeNames::Type(const Node& node) const {
  switch (node.kind) {
    case NodeKind::Struct:
      return "struct " + TypeIndex(node.type);
    case NodeKind::Array:
      return "array " + TypeIndex(node.type);
    case NodeKind::Exn:
      return fmt::format("exception of tag {}", static_cast<int32_t>(node.type));
    default:
      return "object of no type";
  }
}

std::string NodeNames::Field(const Node& node, uint64_t index) const {
  if (node.kind == NodeKind::Array) return fmt::format("[{}]", index);
  const wasm::Names* names = module_.module->names.get();
  const auto type = types_.find(node.type);
  if (node.kind == NodeKind::Struct && names != nullptr && type != types_.end()) {
    const auto fields = names->fields.find(type->second);
    if (fields != names->fields.end()) {
      if (const std::string* name = Find(fields->second, index)) return "$" + *name;
    }
  }
  return fmt::format("field {}", index);
}

std::string NodeNames::Value(const trace::Told& told) const {
  switch (told.kind) {
    case ToldKind::Root:
      return fmt::format("#{}", told.bits);
    case ToldKind::Cut:
      return "beyond the walk";
    case ToldKind::Func:
      return "func " + NameOr(module_.module->names.get(), IndexSpace::Func, told.bits);
    case ToldKind::FuncOfType:
      return "func of type " + TypeIndex(told.bits);
    default:
      return trace::ToldText(told);
  }
}

std::string NodeNames::Value(const Graph& graph, const trace::Told& told) const {
  if (told.kind != ToldKind::Root || told.bits >= graph.nodes.size()) return Value(told);
  const Node& node = graph.nodes[told.bits];
  std::string text = fmt::format("{} {}", Value(told), Type(node));
  if (node.kind == NodeKind::Array) text += fmt::format(" of length {}", node.length);
  return text;
}

}  // namespace slabhound::graph
