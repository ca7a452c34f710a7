// For tests of rooms that carry modules from one form to another: a sample of every instruction,
// and a module with something in every section. Neither is valid; both are well formed.
#pragma once

#include <string_view>
#include <vector>

#include "wasm/builder.h"

namespace slabhound::wasm {

// A large value of each kind of immediate, so that no encoding is a single zero byte by luck.
inline uint64_t SampleImmediate(ImmediateKind kind, uint32_t variant) {
  const uint64_t large = variant == 0 ? 0x12345 : 3;
  switch (kind) {
    case ImmediateKind::Nothing:
      return 0;
    case ImmediateKind::BlockType:
      return variant == 0 ? BlockType::Index(1000).bits()
                          : BlockType(ValType::Ref(AbstractHeap::NoExn, false)).bits();
    case ImmediateKind::Heap:
      return variant == 0 ? HeapType::Index(70'000).code() : HeapType(AbstractHeap::Exn).code();
    case ImmediateKind::Align:
      return variant == 0 ? 63 : 0;
    case ImmediateKind::Offset:
      return variant == 0 ? UINT64_MAX : 0;
    case ImmediateKind::I32:
      return variant == 0 ? 0x8000'0000 : 0xffff'ffff;
    case ImmediateKind::I64:
      return variant == 0 ? uint64_t{1} << 63 : 64;
    case ImmediateKind::F32:
      return 0x7fa0'0001;
    case ImmediateKind::F64:
      return 0x7ff4'0000'0000'0001;
    case ImmediateKind::V128:
    case ImmediateKind::Lanes:
      return variant == 0 ? 0x8000'0000'0000'0001 : 0x1f1f'1f1f'1f1f'1f1f;
    case ImmediateKind::Lane:
      return variant == 0 ? 255 : 0;
    default:
      return large;
  }
}

// One instruction, and what it needs around it to be well nested.
inline Code SampleCode(Opcode op, uint32_t variant) {
  const std::vector<ValType> types = {ValType::I64, ValType::Ref(HeapType::Index(200), true)};
  const OpcodeInfo& info = Info(op);
  switch (info.immediates) {
    case Immediates::BrTable:
      return Code().BrTable({1, 0x1234, 0}, variant);
    case Immediates::SelectTypes:
      return Code().SelectTyped(types);
    case Immediates::BrCast:
      return Code().BrOnCast(op, 300, ValType::Ref(AbstractHeap::Any, variant == 0),
                             ValType::Ref(HeapType::Index(5), variant != 0));
    case Immediates::TryTable:
      return Code()
          .TryTable(BlockType::Index(9), {{CatchKind::Catch, 200, 1},
                                          {CatchKind::CatchRef, 1, 200},
                                          {CatchKind::CatchAll, 0, 3},
                                          {CatchKind::CatchAllRef, 0, 4}})
          .End();
    default:
      break;
  }
  const ImmediatesInfo& kinds = Info(info.immediates);
  Instr instr{.op = op, .offset = 0, .a = 0, .b = 0, .bits = 0};
  switch (kinds.first) {
    case ImmediateKind::I32:
    case ImmediateKind::I64:
    case ImmediateKind::F32:
    case ImmediateKind::F64:
      instr.bits = SampleImmediate(kinds.first, variant);
      break;
    case ImmediateKind::V128:
    case ImmediateKind::Lanes:
      SetVector(instr, {SampleImmediate(kinds.first, variant), 0x0102'0304'0506'0708});
      break;
    default:
      instr.a = static_cast<uint32_t>(SampleImmediate(kinds.first, variant));
  }
  if (kinds.second != ImmediateKind::Nothing) {
    instr.b = static_cast<uint32_t>(SampleImmediate(kinds.second, variant));
  }
  if (AccessesLane(op)) instr.b |= 200u << 8;
  if (kinds.third != ImmediateKind::Nothing) instr.bits = SampleImmediate(kinds.third, variant);
  Code code;
  if (op == Opcode::Else) code.If();
  const bool is_clause = op == Opcode::LegacyCatch || op == Opcode::LegacyCatchAll;
  if (is_clause || op == Opcode::Delegate) code.Op(Opcode::LegacyTry);
  code.Op(op, instr.a, instr.b, instr.bits);
  if (is_clause || op == Opcode::LegacyTry || op == Opcode::Block || op == Opcode::Loop ||
      op == Opcode::If || op == Opcode::Else) {
    code.End();
  }
  if (op == Opcode::End) return Code().Block().End();
  return code;
}

// Each kind of type, import, definition, segment and section, with values at the edges.
inline ModuleBuilder Everything() {
  ModuleBuilder builder;
  const ValType funcref = ValType::Ref(AbstractHeap::Func, true);
  const auto func = builder.Func({ValType::I32, ValType::F64}, {ValType::I64, ValType::F32});
  builder.Rec({{false, {}, StructType{{{StorageType::I8, true}, {StorageType::I16, false}}}},
               {true, {1}, StructType{{{ValType::Ref(HeapType::Index(2), false), true}}}}});
  builder.Rec({});
  builder.Rec({{false, {}, ArrayType{{ValType::I32, true}}}});
  builder.Type({true, {3}, ArrayType{{ValType::I32, true}}});
  builder.Type({false, {}, FuncType{}});
  const auto tag = builder.Func({ValType::I32});
  builder.Import(FuncRef{func}, "mödule", "");
  builder.Import(TableType{funcref, {1, 2, true}});
  builder.Import(MemoryType{{0, {}, false}});
  builder.Import(GlobalType{ValType::F32, true});
  builder.Import(TagType{tag});
  builder.Define(func, {ValType::I32, ValType::I32, funcref, ValType::I32},
                 Code().Op(Opcode::Unreachable), "f");
  builder.Table(funcref, {.min = 3, .max = {}, .is_64 = false}, "t");
  builder.Table(ValType::Ref(AbstractHeap::I31, false), {.min = 1, .max = 9, .is_64 = false},
                Code().I32(5).Op(Opcode::RefI31));
  builder.Memory({.min = 1, .max = 1'000'000, .is_64 = true}, "m");
  builder.Global(ValType::I64, false, Code().I64(-1), "g");
  builder.Tag(tag, "e");
  builder.Start(0);
  builder.Functions({1, 0});
  builder.Functions({1}, SegmentMode::Passive);
  builder.Elem(funcref,
               {Code().Op(Opcode::RefFunc, 1), Code().Heap(Opcode::RefNull, AbstractHeap::NoFunc)});
  builder.Elem(funcref, {}, SegmentMode::Declarative);
  builder.ElemAt(0, Code().I64(0), funcref, {Code().Op(Opcode::RefFunc, 0)});
  builder.ElemAt(2, Code().I32(0), ValType::Ref(AbstractHeap::I31, false), {});
  builder.ElemAt(1, Code().I32(0), ValType::Ref(AbstractHeap::Func, false), {});
  builder.module().elems.back().plain_functions = true;
  builder.ElemAt(0, Code().I64(0), ValType::Ref(AbstractHeap::Func, false), {});
  builder.module().elems.back().plain_functions = true;
  builder.Data(std::string_view("a\0b", 3));
  builder.DataAt(0, Code().I32(1), "");
  builder.DataAt(1, Code().I64(1), "z");
  builder.module().data_count = 3;
  builder.module().customs.push_back({"name", {1, 2, 3}});
  builder.module().customs.push_back({"", {}});
  return builder;
}

}  // namespace slabhound::wasm
