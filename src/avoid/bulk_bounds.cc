// For engines in which indices and lengths of bulk array instructions and table.fill from 2^31 on
// are negative numbers, so that some traps do not come (spec 4.6.9, array.copy and others): the
// operands become the smaller one of themselves and kBulkMax.
//
// No array, table or segment is that long in such an engine, so that the same ones are out of
// bounds; the sum of two such operands is less than 2^31.
#include <map>
#include <variant>
#include <vector>

#include "avoid/avoid.h"
#include "rewrite/function_editor.h"

namespace slabhound::avoid {
namespace {

constexpr uint32_t kBulkMax = (uint32_t{1} << 30) - 1;

using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

class Rewriter {
 public:
  Rewriter(const wasm::Module& module, wasm::Function& function)
      : module_(module), code_(module, function) {}

  bool Rewrite() {
    bool any = false;
    for (const Opcode op :
         {Opcode::ArrayCopy, Opcode::ArrayFill, Opcode::ArrayInitData, Opcode::ArrayInitElem,
          Opcode::ArrayNewData, Opcode::ArrayNewElem, Opcode::TableFill}) {
      any |= code_.ReplaceEach(op, [&](const Instr& instr) {
        if (instr.op != Opcode::TableFill || IsDefined32(instr.a)) Bound(Operands(instr));
        code_.Emit(instr);
      });
    }
    return any;
  }

 private:
  struct Operand {
    ValType type = ValType::I32;
    bool is_number = true;  // an index or a length
  };

  // Those from the first number on; the array that is written to stays below.
  std::vector<Operand> Operands(const Instr& instr) const {
    constexpr Operand kNumber;
    switch (instr.op) {
      case Opcode::ArrayCopy:
        return {
            kNumber, {ValType::Ref(wasm::HeapType::Index(instr.b), true), false}, kNumber, kNumber};
      case Opcode::ArrayFill:
        return {kNumber, {ElementOf(instr.a), false}, kNumber};
      case Opcode::TableFill:
        return {kNumber, {module_.tables[instr.a].type.element, false}, kNumber};
      case Opcode::ArrayInitData:
      case Opcode::ArrayInitElem:
        return {kNumber, kNumber, kNumber};
      default:
        return {kNumber, kNumber};
    }
  }

  // Whether the table is the module's own, as in portable forms, with addresses of 32 bits.
  bool IsDefined32(uint32_t table) const {
    return module_.ImportCount(wasm::ExternKind::Table) == 0 &&
           !module_.tables[table].type.limits.is_64;
  }

  ValType ElementOf(uint32_t type) const {
    return std::get<wasm::ArrayType>(module_.types[type].composite).element.type.Unpacked();
  }

  // As a local may hold it before it is set.
  static ValType LocalOf(ValType type) { return type.is_ref() ? type.WithNullable(true) : type; }

  void Bound(const std::vector<Operand>& operands) {
    std::map<uint32_t, uint32_t> used;  // of the locals of a type
    std::vector<uint32_t> locals;
    for (const Operand& operand : operands) {
      const ValType type = LocalOf(operand.type);
      std::vector<uint32_t>& free = locals_[type.bits()];
      uint32_t& next = used[type.bits()];
      if (next == free.size()) free.push_back(code_.AddLocal(type));
      locals.push_back(free[next++]);
    }
    for (size_t i = locals.size(); i-- > 0;) code_.Emit(Opcode::LocalSet, locals[i]);
    for (size_t i = 0; i < locals.size(); ++i) {
      code_.Get({locals[i]});
      if (operands[i].is_number) Least(locals[i]);
      if (operands[i].type != LocalOf(operands[i].type)) code_.Emit(Opcode::RefAsNonNull);
    }
  }

  // The number on the stack is the local's.
  void Least(uint32_t local) {
    code_.Emit(Opcode::I32Const, 0, 0, kBulkMax);
    code_.Get({local});
    code_.Emit(Opcode::I32Const, 0, 0, kBulkMax);
    code_.Emit(Opcode::I32LtU);
    code_.Emit(Opcode::Select);
  }

  const wasm::Module& module_;
  rewrite::FunctionEditor code_;
  std::map<uint32_t, std::vector<uint32_t>> locals_;  // of each type, for all instructions
};

}  // namespace

bool AvoidBulkBounds(wasm::Module& module) {
  bool any = false;
  for (wasm::Function& function : module.functions) any |= Rewriter(module, function).Rewrite();
  return any;
}

}  // namespace slabhound::avoid
