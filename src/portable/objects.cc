// What walks tell of one object: a function for each type that is allocated and for each tag.
#include "portable/walk.h"

namespace slabhound::portable {
namespace {

using wasm::Code;
using wasm::Opcode;
using wasm::ValType;

constexpr uint32_t kNoTag = UINT32_MAX;

// Gets a field or element; packed ones zero-extended.
Opcode GetOf(wasm::StorageType type, Opcode get, Opcode get_packed) {
  return type.is_packed() ? get_packed : get;
}

}  // namespace

void Walk::Header(Code& code, trace::NodeKind kind, uint64_t type) {
  Log(code, static_cast<uint64_t>(kind));
  Log(code, type);
}

std::vector<wasm::TypeIdx> Walk::AllocatedTypes() const {
  std::vector<bool> wanted(form_.original.types.size());
  const auto visit = [&](const wasm::Body& body) {
    for (const wasm::Instr& instr : body.code) {
      if (instr.op >= Opcode::StructNew && instr.op <= Opcode::ArrayNewElem &&
          wasm::Info(instr.op).gc == wasm::GcEffect::Allocates) {
        wanted[instr.a] = true;
      }
    }
  };
  for (const wasm::Function& function : form_.original.functions) visit(function.body);
  for (const wasm::Global& global : form_.original.globals) visit(global.init);
  for (const wasm::Table& table : form_.original.tables) {
    if (table.init) visit(*table.init);
  }
  for (const wasm::ElemSegment& elem : form_.original.elems) {
    for (const wasm::Body& item : elem.items) visit(item);
  }
  return DeepestFirst(wanted);
}

// The first type that fits, deepest first, is the object's own.
Code Walk::WalkObject() {
  Code code;
  for (const wasm::TypeIdx type : AllocatedTypes()) {
    const bool is_struct =
        std::holds_alternative<wasm::StructType>(form_.original.types[type].composite);
    const wasm::HeapType heap = wasm::HeapType::Index(type);
    code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefTest, heap).If();
    code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefCast, heap);
    code.Op(Opcode::Call, is_struct ? WalkStruct(type) : WalkArray(type));
    code.Op(Opcode::Return).End();
  }
  Header(code, trace::NodeKind::Unknown, 0);
  Log(code, uint64_t{0});
  return code;
}

uint32_t Walk::WalkStruct(wasm::TypeIdx type) {
  const auto& fields = std::get<wasm::StructType>(form_.original.types[type].composite).fields;
  Code code;
  Header(code, trace::NodeKind::Struct, static_cast<uint32_t>(form_.type_ids[type]));
  Log(code, fields.size());
  for (uint32_t i = 0; i < fields.size(); ++i) {
    TakeField(code);
    code.Op(Opcode::LocalGet, 0)
        .Op(GetOf(fields[i].type, Opcode::StructGet, Opcode::StructGetU), type, i);
    AddField(code, fields[i].type);
  }
  return form_.Add(form_.FuncType({ValType::Ref(wasm::HeapType::Index(type), true)}, {}), {}, code);
}

// Local 1: the next element.
uint32_t Walk::WalkArray(wasm::TypeIdx type) {
  const wasm::FieldType& element =
      std::get<wasm::ArrayType>(form_.original.types[type].composite).element;
  Code code;
  Header(code, trace::NodeKind::Array, static_cast<uint32_t>(form_.type_ids[type]));
  code.Op(Opcode::LocalGet, 0).Op(Opcode::ArrayLen).Op(Opcode::I64ExtendI32U);
  LogTop(code);
  code.Block().Loop();
  code.Op(Opcode::LocalGet, 1)
      .Op(Opcode::LocalGet, 0)
      .Op(Opcode::ArrayLen)
      .Op(Opcode::I32GeU)
      .Op(Opcode::BrIf, 1);
  TakeField(code);
  code.Op(Opcode::LocalGet, 0)
      .Op(Opcode::LocalGet, 1)
      .Op(GetOf(element.type, Opcode::ArrayGet, Opcode::ArrayGetU), type);
  AddField(code, element.type);
  code.Op(Opcode::LocalGet, 1).I32(1).Op(Opcode::I32Add).Op(Opcode::LocalSet, 1);
  code.Op(Opcode::Br, 0).End().End();
  return form_.Add(form_.FuncType({ValType::Ref(wasm::HeapType::Index(type), true)}, {}),
                   {ValType::I32}, code);
}

// Only Wasm's own catching tells an exception's tag: one attempt for each.
Code Walk::WalkException() {
  Code code;
  for (uint32_t tag = 0; tag < form_.made.tags.size(); ++tag) {
    if (form_.tag_of[tag] != tag) continue;
    code.Op(Opcode::LocalGet, 0).Op(Opcode::Call, WalkTag(tag)).If().Op(Opcode::Return).End();
  }
  Header(code, trace::NodeKind::Exn, kNoTag);
  Log(code, uint64_t{0});
  return code;
}

uint32_t Walk::WalkTag(uint32_t tag) {
  const wasm::TypeIdx type = form_.made.tags[tag].type.type;
  const std::vector<ValType> params =
      std::get<wasm::FuncType>(form_.made.types[type].composite).params;
  Code tell;
  Header(tell, trace::NodeKind::Exn, form_.tag_numbers[tag]);
  Log(tell, params.size());
  for (uint32_t i = 0; i < params.size(); ++i) {
    TakeField(tell);
    tell.Op(Opcode::LocalGet, i);
    AddField(tell, params[i]);
  }
  const uint32_t teller = form_.Add(form_.FuncType(params, {}), {}, tell);
  Code code;
  code.Block();
  code.Block(wasm::BlockType::Index(form_.FuncType({}, params)));
  code.TryTable({}, {{wasm::CatchKind::Catch, tag, 0}, {wasm::CatchKind::CatchAll, 0, 1}});
  code.Op(Opcode::LocalGet, 0).Op(Opcode::ThrowRef).End();
  code.Op(Opcode::Unreachable).End();
  code.Op(Opcode::Call, teller).I32(1).Op(Opcode::Return).End();
  code.I32(0);
  return form_.Add(form_.FuncType({kExnRef}, {ValType::I32}), {}, code);
}

void Walk::BeginException(Code& code, uint32_t tag) {
  Begin(code, trace::kValueObjectsMax);
  Log(code, trace::Word::New);
  // It has the number 0 and no entry in the table.
  code.I32(1).Op(Opcode::GlobalSet, form_.globals.seen);
  Header(code, trace::NodeKind::Exn, form_.tag_numbers[tag]);
}

}  // namespace slabhound::portable
