#include "rewrite/constant_code.h"

#include "base/check.h"
#include "rewrite/operands.h"

namespace slabhound::rewrite {

using wasm::Opcode;

std::vector<ConstantNode> ParseConstant(const wasm::Module& module, const wasm::Body& body) {
  std::vector<ConstantNode> nodes;
  std::vector<uint32_t> stack;
  const uint32_t no_labels[] = {1};
  for (uint32_t at = 0; at + 1 < body.code.size(); ++at) {
    const uint32_t count = OperandCount(module, body, body.code[at], no_labels);
    CHECK(count <= stack.size());
    ConstantNode node{.first = at, .at = at, .operands = {stack.end() - count, stack.end()}};
    stack.resize(stack.size() - count);
    if (count > 0) node.first = nodes[node.operands.front()].first;
    stack.push_back(static_cast<uint32_t>(nodes.size()));
    nodes.push_back(std::move(node));
  }
  for (size_t i = nodes.size(); i-- > 0;) {
    for (const uint32_t operand : nodes[i].operands) nodes[operand].level = nodes[i].level + 1;
  }
  return nodes;
}

std::vector<Initializer> Initializers(wasm::Module& module) {
  std::vector<Initializer> all;
  for (wasm::Global& global : module.globals) all.push_back({&global.init, global.type.type});
  for (wasm::Table& table : module.tables) {
    if (table.init) all.push_back({&*table.init, table.type.element});
  }
  for (wasm::ElemSegment& elem : module.elems) {
    if (elem.plain_functions || elem.mode == wasm::SegmentMode::Declarative) continue;
    for (wasm::Body& item : elem.items) all.push_back({&item, elem.type});
  }
  return all;
}

std::optional<wasm::ValType> OperandType(const wasm::Module& module, const wasm::Instr& instr,
                                         size_t nth) {
  const auto unpacked = [](const wasm::FieldType& field) { return field.type.Unpacked(); };
  switch (instr.op) {
    case Opcode::StructNew:
      return unpacked(std::get<wasm::StructType>(module.types[instr.a].composite).fields[nth]);
    case Opcode::ArrayNewFixed:
      return unpacked(std::get<wasm::ArrayType>(module.types[instr.a].composite).element);
    case Opcode::ArrayNew:
      if (nth > 0) return wasm::ValType::I32;
      return unpacked(std::get<wasm::ArrayType>(module.types[instr.a].composite).element);
    default:
      return std::nullopt;
  }
}

}  // namespace slabhound::rewrite
