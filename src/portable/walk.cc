#include "portable/walk.h"

#include <algorithm>

namespace slabhound::portable {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::Opcode;
using wasm::ValType;

constexpr uint32_t kTableStep = 64;  // elements

void Increment(Code& code, uint32_t local) {
  code.Op(Opcode::LocalGet, local).I32(1).Op(Opcode::I32Add).Op(Opcode::LocalSet, local);
}

}  // namespace

void Walk::Log(Code& code, uint64_t word) {
  code.I64(static_cast<int64_t>(word));
  LogTop(code);
}

void Walk::LogTop(Code& code) { code.Op(Opcode::Call, form_.Import(HostImport::Log)); }

uint32_t Walk::Id(Part part) {
  if (ids_[part]) return *ids_[part];
  const auto type = [&]() -> wasm::TypeIdx {
    switch (part) {
      case kAddNumber:
        return form_.FuncType({ValType::I64}, {});
      case kAddVector:
      case kTellVector:
        return form_.FuncType({ValType::V128}, {});
      case kAddAny:
      case kTellAny:
        return form_.FuncType({kAnyRef}, {});
      case kAddExtern:
      case kTellExtern:
        return form_.FuncType({kExternRef}, {});
      case kAddFunc:
      case kTellFunc:
        return form_.FuncType({kFuncRef}, {});
      case kFunctionNumber:
        return form_.FuncType({kFuncRef}, {ValType::I64});
      case kAddExn:
      case kTellExn:
      case kWalkException:
        return form_.FuncType({kExnRef}, {});
      case kAddObject:
      case kAddNode:
      case kWalkObject:
        return form_.FuncType({kEqRef}, {});
      case kWalk:
        return form_.FuncType({ValType::I32}, {});
      default:
        return form_.FuncType({}, {ValType::I32});  // kTakeField
    }
  }();
  ids_[part] = form_.Declare(type);
  unmade_.push_back(part);
  return *ids_[part];
}

void Walk::Finish() {
  while (!unmade_.empty()) {
    const Part part = unmade_.back();
    unmade_.pop_back();
    std::vector<ValType> locals;
    const Code code = CodeOf(part, locals);
    form_.Define(*ids_[part], std::move(locals), code);
  }
}

Code Walk::CodeOf(Part part, std::vector<ValType>& locals) {
  Code code;
  switch (part) {
    case kAddNumber:
      Log(code, trace::Word::Number);
      code.Op(Opcode::LocalGet, 0);
      LogTop(code);
      return code;
    case kAddVector:
      return Halves(/*in_walk=*/true);
    case kTellVector:
      return Halves(/*in_walk=*/false);
    case kAddAny:
      return AddAny();
    case kAddExtern:
      return code.Op(Opcode::LocalGet, 0)
          .Op(Opcode::AnyConvertExtern)
          .Op(Opcode::Call, Id(kAddAny));
    case kAddFunc:
      code.Op(Opcode::LocalGet, 0).Op(Opcode::RefIsNull).If();
      Log(code, trace::Word::Null);
      code.Op(Opcode::Return).End();
      Log(code, trace::Word::Func);
      code.Op(Opcode::LocalGet, 0).Op(Opcode::Call, Id(kFunctionNumber));
      LogTop(code);
      return code;
    case kAddExn:
      return AddNode(/*is_exception=*/true);
    case kTellAny:
      return Tell(kAddAny, AbstractHeap::Any);
    case kTellExtern:
      return Tell(kAddExtern, AbstractHeap::Extern);
    case kTellFunc:
      return Tell(kAddFunc, AbstractHeap::Func);
    case kTellExn:
      return Tell(kAddExn, AbstractHeap::Exn);
    case kAddObject:
      locals = {ValType::I32};
      return AddObject();
    case kAddNode:
      return AddNode(/*is_exception=*/false);
    case kWalk:
      locals = {kEqRef};
      return WalkAll();
    case kWalkObject:
      return WalkObject();
    case kWalkException:
      return WalkException();
    case kTakeField: {
      const uint32_t fields = form_.globals.fields;
      code.Op(Opcode::GlobalGet, fields).Op(Opcode::I32Eqz).If();
      Log(code, trace::Word::FieldsOut);
      code.I32(0).Op(Opcode::Return).End();
      return code.Op(Opcode::GlobalGet, fields)
          .I32(1)
          .Op(Opcode::I32Sub)
          .Op(Opcode::GlobalSet, fields)
          .I32(1);
    }
    default:
      locals = {ValType::I32, ValType::I32};  // kFunctionNumber
      return FunctionNumber();
  }
}

void Walk::Tell(Code& code, ValType type) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      code.Op(Opcode::I64ExtendI32U);
      return LogTop(code);
    case wasm::TypeKind::I64:
      return LogTop(code);
    case wasm::TypeKind::F32:
      code.Op(Opcode::I32ReinterpretF32).Op(Opcode::I64ExtendI32U);
      return LogTop(code);
    case wasm::TypeKind::F64:
      code.Op(Opcode::I64ReinterpretF64);
      return LogTop(code);
    case wasm::TypeKind::V128:
      code.Op(Opcode::Call, Id(kTellVector));
      return;
    default:
      break;
  }
  switch (form_.Top(type)) {
    case AbstractHeap::Extern:
      code.Op(Opcode::Call, Id(kTellExtern));
      return;
    case AbstractHeap::Func:
      code.Op(Opcode::Call, Id(kTellFunc));
      return;
    case AbstractHeap::Exn:
      code.Op(Opcode::Call, Id(kTellExn));
      return;
    default:
      code.Op(Opcode::Call, Id(kTellAny));
      return;
  }
}

void Walk::AddField(Code& code, wasm::StorageType type) {
  switch (type.kind()) {
    case wasm::TypeKind::F32:
      code.Op(Opcode::I32ReinterpretF32).Op(Opcode::I64ExtendI32U);
      break;
    case wasm::TypeKind::F64:
      code.Op(Opcode::I64ReinterpretF64);
      break;
    case wasm::TypeKind::I64:
      break;
    case wasm::TypeKind::V128:
      code.Op(Opcode::Call, Id(kAddVector));
      return;
    case wasm::TypeKind::Ref:
      switch (form_.Top(type)) {
        case AbstractHeap::Extern:
          code.Op(Opcode::Call, Id(kAddExtern));
          return;
        case AbstractHeap::Func:
          code.Op(Opcode::Call, Id(kAddFunc));
          return;
        case AbstractHeap::Exn:
          code.Op(Opcode::Call, Id(kAddExn));
          return;
        default:
          code.Op(Opcode::Call, Id(kAddAny));
          return;
      }
    default:
      code.Op(Opcode::I64ExtendI32U);
      break;
  }
  code.Op(Opcode::Call, Id(kAddNumber));
}

void Walk::Begin(Code& code, uint32_t objects_max) {
  code.I32(static_cast<int32_t>(objects_max)).Op(Opcode::GlobalSet, form_.globals.seen_max);
}

void Walk::Run(Code& code, uint32_t first) {
  code.I32(static_cast<int32_t>(first)).Op(Opcode::Call, Id(kWalk));
}

void Walk::TakeField(Code& code) {
  code.Op(Opcode::Call, Id(kTakeField)).Op(Opcode::I32Eqz).If().Op(Opcode::Return).End();
}

void Walk::Defaults(Code& code, const wasm::FuncType& type) {
  for (const ValType param : type.params) Form::Default(code, param);
}

Code Walk::Tell(Part add, AbstractHeap top) {
  Code code;
  Begin(code, trace::kValueObjectsMax);
  code.Op(Opcode::LocalGet, 0).Op(Opcode::Call, Id(add));
  if (top != AbstractHeap::Func) Run(code, 0);
  return code;
}

// Logs both halves of a vector.
Code Walk::Halves(bool in_walk) {
  Code code;
  if (in_walk) Log(code, trace::Word::Vector);
  for (const uint32_t half : {0u, 1u}) {
    code.Op(Opcode::LocalGet, 0).Op(Opcode::I64x2ExtractLane, half);
    LogTop(code);
  }
  return code;
}

Code Walk::AddAny() {
  Code code;
  code.Op(Opcode::LocalGet, 0).Op(Opcode::RefIsNull).If();
  Log(code, trace::Word::Null);
  code.Op(Opcode::Return).End();
  code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefTest, AbstractHeap::I31).If();
  Log(code, trace::Word::I31);
  code.Op(Opcode::LocalGet, 0)
      .Heap(Opcode::RefCast, AbstractHeap::I31)
      .Op(Opcode::I31GetU)
      .Op(Opcode::I64ExtendI32U);
  LogTop(code);
  code.Op(Opcode::Return).End();
  code.Op(Opcode::LocalGet, 0).Heap(Opcode::RefTest, AbstractHeap::Eq).If();
  code.Op(Opcode::LocalGet, 0)
      .Heap(Opcode::RefCast, AbstractHeap::Eq)
      .Op(Opcode::Call, Id(kAddObject));
  code.Op(Opcode::Return).End();
  Log(code, trace::Word::Host);
  if (form_.options.host_objects) {
    code.Op(Opcode::LocalGet, 0)
        .Op(Opcode::ExternConvertAny)
        .Op(Opcode::Call, form_.Import(HostImport::HostNumber))
        .Op(Opcode::I64ExtendI32U);
    LogTop(code);
  } else {
    Log(code, UINT32_MAX);  // there are none
  }
  return code;
}

// Parameter: the object; local 1: the place in the table.
Code Walk::AddObject() {
  Code code;
  code.Block().Loop();
  code.Op(Opcode::LocalGet, 1)
      .Op(Opcode::GlobalGet, form_.globals.seen)
      .Op(Opcode::I32GeU)
      .Op(Opcode::BrIf, 1);
  code.Op(Opcode::LocalGet, 0)
      .Op(Opcode::LocalGet, 1)
      .Op(Opcode::TableGet, SeenTable())
      .Op(Opcode::RefEq)
      .If();
  Log(code, trace::Word::Seen);
  code.Op(Opcode::LocalGet, 1).Op(Opcode::I64ExtendI32U);
  LogTop(code);
  code.Op(Opcode::Return).End();
  Increment(code, 1);
  code.Op(Opcode::Br, 0).End().End();
  return code.Op(Opcode::LocalGet, 0).Op(Opcode::Call, Id(kAddNode));
}

Code Walk::AddNode(bool is_exception) {
  const uint32_t seen = form_.globals.seen;
  Code code;
  if (is_exception) {
    code.Op(Opcode::LocalGet, 0).Op(Opcode::RefIsNull).If();
    Log(code, trace::Word::Null);
    code.Op(Opcode::Return).End();
  }
  code.Op(Opcode::GlobalGet, seen)
      .Op(Opcode::GlobalGet, form_.globals.seen_max)
      .Op(Opcode::I32GeU)
      .If();
  Log(code, trace::Word::Cut);
  code.Op(Opcode::Return).End();
  Log(code, trace::Word::New);
  // Small tables that grow: they are roots of every collection.
  const bool has_exceptions = form_.throws && form_.options.exceptions;
  const auto grow = [&](uint32_t table, AbstractHeap heap) {
    code.Heap(Opcode::RefNull, heap).I32(kTableStep).Op(Opcode::TableGrow, table).Op(Opcode::Drop);
  };
  code.Op(Opcode::GlobalGet, seen).Op(Opcode::TableSize, SeenTable()).Op(Opcode::I32GeU).If();
  grow(SeenTable(), AbstractHeap::Eq);
  if (has_exceptions) grow(ExceptionTable(), AbstractHeap::Exn);
  code.End();
  return code.Op(Opcode::GlobalGet, seen)
      .Op(Opcode::LocalGet, 0)
      .Op(Opcode::TableSet, is_exception ? ExceptionTable() : SeenTable())
      .Op(Opcode::GlobalGet, seen)
      .I32(1)
      .Op(Opcode::I32Add)
      .Op(Opcode::GlobalSet, seen);
}

// Parameter: the next object's place; local 1: the object.
Code Walk::WalkAll() {
  const uint32_t seen = form_.globals.seen;
  const bool has_exceptions = form_.throws && form_.options.exceptions;
  Code code;
  code.Block().Loop();
  code.Op(Opcode::LocalGet, 0).Op(Opcode::GlobalGet, seen).Op(Opcode::I32GeU).Op(Opcode::BrIf, 1);
  code.Op(Opcode::LocalGet, 0).Op(Opcode::TableGet, SeenTable()).Op(Opcode::LocalTee, 1);
  if (has_exceptions) {
    code.Op(Opcode::RefIsNull).If();
    code.Op(Opcode::LocalGet, 0)
        .Op(Opcode::TableGet, ExceptionTable())
        .Op(Opcode::Call, Id(kWalkException));
    code.Else().Op(Opcode::LocalGet, 1).Op(Opcode::Call, Id(kWalkObject)).End();
  } else {
    code.Op(Opcode::Call, Id(kWalkObject));
  }
  Increment(code, 0);
  code.Op(Opcode::Br, 0).End().End();
  const auto clear = [&](uint32_t table, AbstractHeap heap) {
    code.I32(0)
        .Heap(Opcode::RefNull, heap)
        .Op(Opcode::GlobalGet, seen)
        .Op(Opcode::TableFill, table);
  };
  clear(SeenTable(), AbstractHeap::Eq);
  if (has_exceptions) clear(ExceptionTable(), AbstractHeap::Exn);
  return code.I32(0).Op(Opcode::GlobalSet, seen);
}

uint32_t Walk::SeenTable() {
  if (!seen_table_) {
    seen_table_ = static_cast<uint32_t>(form_.made.tables.size());
    form_.made.tables.push_back(
        {{kEqRef, {kTableStep, trace::kStateObjectsMax + kTableStep, false}}, std::nullopt, 0});
  }
  return *seen_table_;
}

uint32_t Walk::ExceptionTable() {
  if (!exception_table_) {
    exception_table_ = static_cast<uint32_t>(form_.made.tables.size());
    form_.made.tables.push_back(
        {{kExnRef, {kTableStep, trace::kStateObjectsMax + kTableStep, false}}, std::nullopt, 0});
  }
  return *exception_table_;
}

std::vector<wasm::TypeIdx> Walk::DeepestFirst(const std::vector<bool>& wanted) const {
  std::vector<wasm::TypeIdx> found;
  std::vector<bool> taken(form_.types.size());
  for (wasm::TypeIdx i = 0; i < wanted.size(); ++i) {
    const auto id = static_cast<size_t>(form_.type_ids[i]);
    if (!wanted[i] || taken[id]) continue;
    taken[id] = true;
    found.push_back(i);
  }
  std::ranges::sort(found, {}, [this](wasm::TypeIdx type) {
    return std::pair(-static_cast<int64_t>(form_.types.Depth(form_.type_ids[type])), type);
  });
  return found;
}

}  // namespace slabhound::portable
