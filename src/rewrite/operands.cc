#include "rewrite/operands.h"

#include "base/check.h"

namespace slabhound::rewrite {
namespace {

using wasm::ImmediateKind;

uint32_t Count(size_t count) { return static_cast<uint32_t>(count); }

const wasm::FuncType& Func(const wasm::Module& module, uint32_t type) {
  return std::get<wasm::FuncType>(module.types[type].composite);
}

uint32_t Carried(LabelArities labels, uint32_t label) { return labels[labels.size() - 1 - label]; }

wasm::TypeIdx TagTypeIdx(const wasm::Module& module, uint32_t index) {
  const uint32_t imported = module.ImportCount(wasm::ExternKind::Tag);
  if (index >= imported) return module.tags[index - imported].type.type;
  for (const wasm::Import& import : module.imports) {
    const auto* tag = std::get_if<wasm::TagType>(&import.type);
    if (tag && index-- == 0) return tag->type;
  }
  UNREACHABLE();
}

// Those that the first immediate names.
uint32_t NamedOperandCount(const wasm::Module& module, const wasm::Body& body,
                           const wasm::Instr& instr, LabelArities labels) {
  const wasm::ImmediatesInfo& immediates = wasm::Info(wasm::Info(instr.op).immediates);
  switch (immediates.first) {
    case ImmediateKind::Nothing:  // return
      return labels.front();
    case ImmediateKind::BlockType:
      return ArityOf(module, wasm::BlockType::FromBits(instr.a)).params;
    case ImmediateKind::Label:
      return Carried(labels, instr.a);
    case ImmediateKind::Labels:
      return Carried(labels, body.labels[instr.a + instr.b]);
    case ImmediateKind::Func:
      return Count(Func(module, module.FunctionTypeIdx(instr.a)).params.size());
    case ImmediateKind::Tag:
      return Count(Func(module, TagTypeIdx(module, instr.a)).params.size());
    case ImmediateKind::Type: {
      if (immediates.second == ImmediateKind::Count) return instr.b;
      const auto* type = std::get_if<wasm::StructType>(&module.types[instr.a].composite);
      return Count(type ? type->fields.size() : Func(module, instr.a).params.size());
    }
    default:
      UNREACHABLE();  // no row of opcodes.def with another immediate names operands
  }
}

}  // namespace

BlockArity ArityOf(const wasm::Module& module, wasm::BlockType type) {
  if (type.is_empty()) return {0, 0};
  if (!type.is_index()) return {0, 1};
  const wasm::FuncType& func = Func(module, type.index());
  return {Count(func.params.size()), Count(func.results.size())};
}

uint32_t OperandCount(const wasm::Module& module, const wasm::Body& body, const wasm::Instr& instr,
                      LabelArities labels) {
  const wasm::OpcodeInfo& info = wasm::Info(instr.op);
  return info.operand_count() +
         (info.names_operands() ? NamedOperandCount(module, body, instr, labels) : 0);
}

}  // namespace slabhound::rewrite
