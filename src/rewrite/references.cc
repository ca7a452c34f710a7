#include "rewrite/references.h"

#include <optional>

namespace slabhound::rewrite {
namespace {

using wasm::ImmediateKind;
using wasm::ValType;

void VisitHeap(wasm::HeapType& heap, const IndexVisitor& visit) {
  if (!heap.is_index()) return;
  uint32_t index = heap.index();
  visit(Space::Type, index);
  heap = wasm::HeapType::Index(index);
}

void VisitField(wasm::FieldType& field, const IndexVisitor& visit) {
  if (!field.type.is_ref()) return;
  ValType type = field.type;
  VisitType(type, visit);
  field.type = type;
}

uint32_t VisitBlockType(uint32_t bits, const IndexVisitor& visit) {
  const wasm::BlockType block = wasm::BlockType::FromBits(bits);
  if (block.is_empty()) return bits;
  if (block.is_index()) {
    uint32_t index = block.index();
    visit(Space::Type, index);
    return wasm::BlockType::Index(index).bits();
  }
  ValType result = block.result();
  VisitType(result, visit);
  return wasm::BlockType(result).bits();
}

std::optional<Space> SpaceOf(ImmediateKind kind) {
  switch (kind) {
    case ImmediateKind::Func:
      return Space::Func;
    case ImmediateKind::Table:
      return Space::Table;
    case ImmediateKind::Memory:
      return Space::Memory;
    case ImmediateKind::Global:
      return Space::Global;
    case ImmediateKind::Tag:
      return Space::Tag;
    case ImmediateKind::Type:
      return Space::Type;
    case ImmediateKind::Elem:
      return Space::Elem;
    case ImmediateKind::Data:
      return Space::Data;
    default:
      return std::nullopt;
  }
}

void VisitSlot(ImmediateKind kind, uint32_t& slot, const IndexVisitor& visit) {
  if (const auto space = SpaceOf(kind)) return visit(*space, slot);
  if (kind == ImmediateKind::BlockType) {
    slot = VisitBlockType(slot, visit);
  } else if (kind == ImmediateKind::Heap) {
    wasm::HeapType heap = wasm::HeapType::FromCode(slot);
    VisitHeap(heap, visit);
    slot = heap.code();
  }
}

void VisitInstr(wasm::Instr& instr, const IndexVisitor& visit) {
  const wasm::ImmediatesInfo& info = wasm::Info(wasm::Info(instr.op).immediates);
  VisitSlot(info.first, instr.a, visit);
  if (info.second != ImmediateKind::RefTypes) return VisitSlot(info.second, instr.b, visit);
  ValType source = CastSource(instr);
  ValType target = CastTarget(instr);
  VisitType(source, visit);
  VisitType(target, visit);
  instr.b = source.bits();
  instr.bits = target.bits();
}

bool HasTag(const wasm::CatchClause& clause) {
  return clause.kind == wasm::CatchKind::Catch || clause.kind == wasm::CatchKind::CatchRef;
}

}  // namespace

void VisitType(ValType& type, const IndexVisitor& visit) {
  if (!type.is_ref()) return;
  wasm::HeapType heap = type.heap();
  VisitHeap(heap, visit);
  type = ValType::Ref(heap, type.nullable());
}

void VisitSubType(wasm::SubType& type, const IndexVisitor& visit) {
  for (uint32_t& super : type.supers) visit(Space::Type, super);
  if (auto* func = std::get_if<wasm::FuncType>(&type.composite)) {
    for (ValType& param : func->params) VisitType(param, visit);
    for (ValType& result : func->results) VisitType(result, visit);
  } else if (auto* structure = std::get_if<wasm::StructType>(&type.composite)) {
    for (wasm::FieldType& field : structure->fields) VisitField(field, visit);
  } else {
    VisitField(std::get<wasm::ArrayType>(type.composite).element, visit);
  }
}

void VisitImport(wasm::Import& import, const IndexVisitor& visit) {
  if (auto* func = std::get_if<wasm::FuncRef>(&import.type)) {
    visit(Space::Type, func->type);
  } else if (auto* table = std::get_if<wasm::TableType>(&import.type)) {
    VisitType(table->element, visit);
  } else if (auto* global = std::get_if<wasm::GlobalType>(&import.type)) {
    VisitType(global->type, visit);
  } else if (auto* tag = std::get_if<wasm::TagType>(&import.type)) {
    visit(Space::Type, tag->type);
  }
}

void VisitBody(wasm::Body& body, const IndexVisitor& visit) {
  for (wasm::Instr& instr : body.code) VisitInstr(instr, visit);
  for (ValType& type : body.types) VisitType(type, visit);
  for (wasm::CatchClause& clause : body.catches) {
    if (HasTag(clause)) visit(Space::Tag, clause.tag);
  }
}

void VisitFunction(wasm::Function& function, const IndexVisitor& visit) {
  visit(Space::Type, function.type);
  for (ValType& local : function.locals) VisitType(local, visit);
  VisitBody(function.body, visit);
}

void VisitElem(wasm::ElemSegment& segment, const IndexVisitor& visit) {
  if (segment.mode == wasm::SegmentMode::Active) visit(Space::Table, segment.table);
  VisitBody(segment.table_offset, visit);
  VisitType(segment.type, visit);
  for (wasm::Body& item : segment.items) VisitBody(item, visit);
}

void VisitData(wasm::DataSegment& segment, const IndexVisitor& visit) {
  if (segment.mode == wasm::SegmentMode::Active) visit(Space::Memory, segment.memory);
  VisitBody(segment.memory_offset, visit);
}

void VisitModule(wasm::Module& module, const IndexVisitor& visit) {
  for (wasm::SubType& type : module.types) VisitSubType(type, visit);
  for (wasm::Import& import : module.imports) VisitImport(import, visit);
  for (wasm::Function& function : module.functions) VisitFunction(function, visit);
  for (wasm::Table& table : module.tables) {
    VisitType(table.type.element, visit);
    if (table.init) VisitBody(*table.init, visit);
  }
  for (wasm::Tag& tag : module.tags) visit(Space::Type, tag.type.type);
  for (wasm::Global& global : module.globals) {
    VisitType(global.type.type, visit);
    VisitBody(global.init, visit);
  }
  for (wasm::Export& exported : module.exports) {
    visit(static_cast<Space>(exported.kind), exported.index);
  }
  if (module.start) visit(Space::Func, *module.start);
  for (wasm::ElemSegment& segment : module.elems) VisitElem(segment, visit);
  for (wasm::DataSegment& segment : module.datas) VisitData(segment, visit);
}

wasm::Body Tidy(const wasm::Body& body) {
  wasm::Body tidy;
  tidy.code = body.code;
  for (wasm::Instr& instr : tidy.code) {
    const auto move = [](const auto& from, auto& to, uint32_t first, uint64_t count) {
      const auto begin = from.begin() + first;
      to.insert(to.end(), begin, begin + static_cast<ptrdiff_t>(count));
      return static_cast<uint32_t>(to.size() - count);
    };
    switch (wasm::Info(instr.op).immediates) {
      case wasm::Immediates::BrTable:
        instr.a = move(body.labels, tidy.labels, instr.a, uint64_t{instr.b} + 1);
        break;
      case wasm::Immediates::SelectTypes:
        instr.a = move(body.types, tidy.types, instr.a, instr.b);
        break;
      case wasm::Immediates::TryTable:
        instr.b = move(body.catches, tidy.catches, instr.b, instr.bits);
        break;
      default:
        break;
    }
  }
  return tidy;
}

}  // namespace slabhound::rewrite
