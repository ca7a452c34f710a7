#include "rewrite/operands.h"

#include <string_view>

#include "base/check.h"

namespace slabhound::rewrite {
namespace {

using wasm::Opcode;

uint32_t Count(size_t count) { return static_cast<uint32_t>(count); }

const wasm::FuncType& Func(const wasm::Module& module, uint32_t type) {
  return std::get<wasm::FuncType>(module.types[type].composite);
}

uint32_t Carried(LabelArities labels, uint32_t label) { return labels[labels.size() - 1 - label]; }

}  // namespace

BlockArity ArityOf(const wasm::Module& module, wasm::BlockType type) {
  if (type.is_empty()) return {0, 0};
  if (!type.is_index()) return {0, 1};
  const wasm::FuncType& func = Func(module, type.index());
  return {Count(func.params.size()), Count(func.results.size())};
}

uint32_t OperandCount(const wasm::Module& module, const wasm::Body& body, const wasm::Instr& instr,
                      LabelArities labels) {
  const std::string_view signature = wasm::Info(instr.op).signature;
  if (signature != "*") return Count(signature.find(':'));
  switch (instr.op) {
    case Opcode::Unreachable:
    case Opcode::LocalGet:
    case Opcode::GlobalGet:
    case Opcode::RefNull:
    case Opcode::RefFunc:
    case Opcode::StructNewDefault:
    case Opcode::TableSize:
    case Opcode::Else:
    case Opcode::End:
      return 0;
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::TryTable:
      return ArityOf(module, wasm::BlockType::FromBits(instr.a)).params;
    case Opcode::If:
      return ArityOf(module, wasm::BlockType::FromBits(instr.a)).params + 1;
    case Opcode::Throw: {
      uint32_t index = instr.a;
      wasm::TypeIdx type = 0;
      const uint32_t imported = module.ImportCount(wasm::ExternKind::Tag);
      if (index >= imported) {
        type = module.tags[index - imported].type.type;
      } else {
        for (const wasm::Import& import : module.imports) {
          const auto* tag = std::get_if<wasm::TagType>(&import.type);
          if (tag && index-- == 0) type = tag->type;
        }
      }
      return Count(Func(module, type).params.size());
    }
    case Opcode::Br:
      return Carried(labels, instr.a);
    case Opcode::BrIf:
    case Opcode::BrOnNull:
      return Carried(labels, instr.a) + 1;
    case Opcode::BrTable:
      return Carried(labels, body.labels[instr.a + instr.b]) + 1;
    case Opcode::BrOnNonNull:
    case Opcode::BrOnCast:
    case Opcode::BrOnCastFail:
      return Carried(labels, instr.a);
    case Opcode::Return:
      return labels.front();
    case Opcode::Call:
    case Opcode::ReturnCall:
      return Count(Func(module, module.FunctionTypeIdx(instr.a)).params.size());
    case Opcode::CallIndirect:
    case Opcode::ReturnCallIndirect:
    case Opcode::CallRef:
    case Opcode::ReturnCallRef:
      return Count(Func(module, instr.a).params.size()) + 1;
    case Opcode::Select:
    case Opcode::SelectTyped:
    case Opcode::ArraySet:
    case Opcode::MemoryInit:
    case Opcode::MemoryCopy:
    case Opcode::TableInit:
    case Opcode::TableCopy:
    case Opcode::TableFill:
      return 3;
    case Opcode::ThrowRef:
    case Opcode::Drop:
    case Opcode::LocalSet:
    case Opcode::LocalTee:
    case Opcode::GlobalSet:
    case Opcode::TableGet:
    case Opcode::RefIsNull:
    case Opcode::RefAsNonNull:
    case Opcode::StructGet:
    case Opcode::StructGetS:
    case Opcode::StructGetU:
    case Opcode::ArrayNewDefault:
    case Opcode::ArrayLen:
    case Opcode::RefTest:
    case Opcode::RefTestNull:
    case Opcode::RefCast:
    case Opcode::RefCastNull:
    case Opcode::AnyConvertExtern:
    case Opcode::ExternConvertAny:
    case Opcode::RefI31:
    case Opcode::I31GetS:
    case Opcode::I31GetU:
      return 1;
    case Opcode::TableSet:
    case Opcode::TableGrow:
    case Opcode::RefEq:
    case Opcode::StructSet:
    case Opcode::ArrayNew:
    case Opcode::ArrayNewData:
    case Opcode::ArrayNewElem:
    case Opcode::ArrayGet:
    case Opcode::ArrayGetS:
    case Opcode::ArrayGetU:
      return 2;
    case Opcode::ArrayFill:
    case Opcode::ArrayInitData:
    case Opcode::ArrayInitElem:
      return 4;
    case Opcode::ArrayCopy:
      return 5;
    case Opcode::ArrayNewFixed:
      return instr.b;
    case Opcode::StructNew:
      return Count(std::get<wasm::StructType>(module.types[instr.a].composite).fields.size());
    default:
      UNREACHABLE();  // every other row of opcodes.def has a signature
  }
}

}  // namespace slabhound::rewrite
