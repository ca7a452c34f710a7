#include "provide/defaults.h"

#include <algorithm>

#include "provide/utf16.h"

namespace slabhound::provide {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::HeapType;
using wasm::Opcode;
using wasm::ValType;

constexpr uint32_t kNestingMax = 16;  // of new objects in new objects
constexpr int32_t kNumber = 7;        // of an i31, as in trace/host.h

// Constant expressions of new values.
class Maker {
 public:
  explicit Maker(Assembly& assembly) : assembly_(assembly) {}

  bool Make(Code& code, ValType type, uint32_t nesting = 0) {
    switch (type.kind()) {
      case wasm::TypeKind::I32:
        code.I32(0);
        return true;
      case wasm::TypeKind::I64:
        code.I64(0);
        return true;
      case wasm::TypeKind::F32:
        code.F32(0);
        return true;
      case wasm::TypeKind::F64:
        code.F64(0);
        return true;
      case wasm::TypeKind::V128:
        code.Op(Opcode::V128Const);
        return true;
      case wasm::TypeKind::Ref:
        break;
      default:
        return false;
    }
    if (type.nullable()) {
      code.Heap(Opcode::RefNull, type.heap());
      return true;
    }
    if (nesting > kNestingMax) return false;
    return type.heap().is_index() ? MakeConcrete(code, type.heap().index(), nesting)
                                  : MakeAbstract(code, type.heap().abstract());
  }

 private:
  bool MakeAbstract(Code& code, AbstractHeap heap) {
    switch (heap) {
      case AbstractHeap::Any:
      case AbstractHeap::Eq:
      case AbstractHeap::I31:
        code.I32(kNumber).Op(Opcode::RefI31);
        return true;
      case AbstractHeap::Extern:
        code.I32(kNumber).Op(Opcode::RefI31).Op(Opcode::ExternConvertAny);
        return true;
      case AbstractHeap::Struct:
        code.Op(Opcode::StructNewDefault, Types().object);
        return true;
      case AbstractHeap::Array:
        code.Op(Opcode::ArrayNewFixed, Types().string, 0);
        return true;
      case AbstractHeap::Func:
        return MakeFunction(code, assembly_.AddFuncType({}));
      default:
        return false;
    }
  }

  bool MakeConcrete(Code& code, wasm::TypeIdx type, uint32_t nesting) {
    const wasm::CompositeType composite = assembly_.types()[type].composite;
    if (std::holds_alternative<wasm::FuncType>(composite)) return MakeFunction(code, type);
    if (std::holds_alternative<wasm::ArrayType>(composite)) {
      code.Op(Opcode::ArrayNewFixed, type, 0);
      return true;
    }
    for (const wasm::FieldType& field : std::get<wasm::StructType>(composite).fields) {
      if (!Make(code, field.type.Unpacked(), nesting + 1)) return false;
    }
    code.Op(Opcode::StructNew, type);
    return true;
  }

  // A function that returns zeros and nulls, or traps.
  bool MakeFunction(Code& code, wasm::TypeIdx type) {
    Code body;
    const std::vector<ValType> results = assembly_.FuncType(type).results;
    if (std::ranges::all_of(results, &ValType::is_defaultable)) {
      for (const ValType result : results) Make(body, result);
    } else {
      body.Op(Opcode::Unreachable);
    }
    const uint32_t function = assembly_.AddFunction(type, {}, std::move(body).Body());
    assembly_.Declare(function);
    code.Op(Opcode::RefFunc, function);
    return true;
  }

  const HostTypes& Types() {
    if (!types_) types_ = AddHostTypes(assembly_);
    return *types_;
  }

  Assembly& assembly_;
  std::optional<HostTypes> types_;
};

bool IsConstantString(const wasm::GlobalType& type, const wasm::Import& import) {
  return !type.is_mutable && !type.type.nullable() && type.type.heap().Is(AbstractHeap::Extern) &&
         import.name.size() <= kConstantUnitsMax;
}

bool GiveFunction(Assembly& assembly, const wasm::Import& import, uint32_t index) {
  const wasm::TypeIdx type_index = std::get<wasm::FuncRef>(import.type).type;
  const wasm::FuncType type = assembly.FuncType(type_index);
  Maker maker(assembly);
  Code results;
  for (const ValType result : type.results) {
    if (!maker.Make(results, result)) return false;
  }
  const uint32_t log = assembly.AddFunctionImport(import.module, import.name,
                                                  assembly.AddFuncType({type.params, {}}));
  Code code;
  for (uint32_t i = 0; i < type.params.size(); ++i) code.Op(Opcode::LocalGet, i);
  code.Op(Opcode::Call, log).Append(results);
  assembly.GiveFunction(index, assembly.AddFunction(type_index, {}, code.Body()));
  return true;
}

// Where strings have a meaning, constants are strings, too.
bool UsesLibraries(const wasm::Module& module) {
  return std::ranges::any_of(module.imports, [](const wasm::Import& import) {
    return import.kind() == wasm::ExternKind::Func && HasLibrary(import.module);
  });
}

}  // namespace

bool HostCanGive(const wasm::Module& module, const wasm::Import& import) {
  const auto can = [](ValType type) {
    if (type.is_defaultable()) return true;
    const HeapType heap = type.heap();
    return heap.Is(AbstractHeap::Any) || heap.Is(AbstractHeap::Eq) || heap.Is(AbstractHeap::I31) ||
           heap.Is(AbstractHeap::Extern);
  };
  if (const auto* function = std::get_if<wasm::FuncRef>(&import.type)) {
    if (function->type >= module.types.size()) return true;
    const auto* type = std::get_if<wasm::FuncType>(&module.types[function->type].composite);
    return type == nullptr || std::ranges::all_of(type->results, &ValType::is_defaultable);
  }
  if (const auto* table = std::get_if<wasm::TableType>(&import.type)) return can(table->element);
  const auto* global = std::get_if<wasm::GlobalType>(&import.type);
  return global == nullptr ||
         (can(global->type) && !(IsConstantString(*global, import) && UsesLibraries(module)));
}

bool GiveDefault(Assembly& assembly, const wasm::Import& import, uint32_t index) {
  if (import.kind() == wasm::ExternKind::Func) return GiveFunction(assembly, import, index);
  Maker maker(assembly);
  Code code;
  if (const auto* global = std::get_if<wasm::GlobalType>(&import.type)) {
    if (IsConstantString(*global, import)) {
      code = StringConstant(UnitsOf(import.name), AddHostTypes(assembly));
    } else if (!maker.Make(code, global->type)) {
      return false;
    }
    assembly.GiveGlobal(index, code.Body());
    return true;
  }
  const auto* table = std::get_if<wasm::TableType>(&import.type);
  if (table == nullptr || !maker.Make(code, table->element)) return false;
  assembly.GiveTable(index, {*table, code.Body()});
  return true;
}

}  // namespace slabhound::provide
