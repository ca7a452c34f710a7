#include "wasm/builder.h"

#include <bit>
#include <set>
#include <utility>

#include "base/check.h"

namespace slabhound::wasm {

Code& Code::Op(Opcode op, uint32_t a, uint32_t b, uint64_t bits) {
  constexpr size_t kLeastCapacity = 16;
  if (body_.code.empty()) Reserve(kLeastCapacity);
  body_.code.push_back({.op = op, .offset = 0, .a = a, .b = b, .bits = bits});
  return *this;
}

Code& Code::I32(int32_t value) { return Op(Opcode::I32Const, 0, 0, static_cast<uint32_t>(value)); }
Code& Code::I64(int64_t value) { return Op(Opcode::I64Const, 0, 0, static_cast<uint64_t>(value)); }
Code& Code::F32(float value) { return Op(Opcode::F32Const, 0, 0, std::bit_cast<uint32_t>(value)); }
Code& Code::F64(double value) { return Op(Opcode::F64Const, 0, 0, std::bit_cast<uint64_t>(value)); }

Code& Code::Vector(V128 value) {
  Op(Opcode::V128Const);
  SetVector(body_.code.back(), value);
  return *this;
}

Code& Code::TryTable(BlockType type, const std::vector<CatchClause>& catches) {
  const auto first = static_cast<uint32_t>(body_.catches.size());
  body_.catches.insert(body_.catches.end(), catches.begin(), catches.end());
  return Op(Opcode::TryTable, type.bits(), first, catches.size());
}

Code& Code::BrTable(const std::vector<uint32_t>& targets, uint32_t otherwise) {
  const auto first = static_cast<uint32_t>(body_.labels.size());
  body_.labels.insert(body_.labels.end(), targets.begin(), targets.end());
  body_.labels.push_back(otherwise);
  return Op(Opcode::BrTable, first, static_cast<uint32_t>(targets.size()));
}

Code& Code::SelectTyped(const std::vector<ValType>& types) {
  const auto first = static_cast<uint32_t>(body_.types.size());
  body_.types.insert(body_.types.end(), types.begin(), types.end());
  return Op(Opcode::SelectTyped, first, static_cast<uint32_t>(types.size()));
}

Code& Code::BrOnCast(Opcode op, uint32_t label, ValType source, ValType target) {
  return Op(op, label, source.bits(), target.bits());
}

Code& Code::Append(const Code& other) {
  const auto label_base = static_cast<uint32_t>(body_.labels.size());
  const auto type_base = static_cast<uint32_t>(body_.types.size());
  const auto catch_base = static_cast<uint32_t>(body_.catches.size());
  for (Instr instr : other.body_.code) {
    switch (Info(instr.op).immediates) {
      case Immediates::BrTable:
        instr.a += label_base;
        break;
      case Immediates::SelectTypes:
        instr.a += type_base;
        break;
      case Immediates::TryTable:
        instr.b += catch_base;
        break;
      default:
        break;
    }
    body_.code.push_back(instr);
  }
  const wasm::Body& from = other.body_;
  body_.labels.insert(body_.labels.end(), from.labels.begin(), from.labels.end());
  body_.types.insert(body_.types.end(), from.types.begin(), from.types.end());
  body_.catches.insert(body_.catches.end(), from.catches.begin(), from.catches.end());
  return *this;
}

Body Code::Body() const& {
  Code copy;
  copy.Reserve(body_.code.size() + 1);
  copy.body_ = body_;
  return std::move(copy).Body();
}

Body Code::Body() && {
  Op(Opcode::End);
  return std::move(body_);
}

TypeIdx ModuleBuilder::Func(std::vector<ValType> params, std::vector<ValType> results) {
  return Type({.is_final = true,
               .supers = {},
               .composite = FuncType{std::move(params), std::move(results)}});
}
TypeIdx ModuleBuilder::Struct(std::vector<FieldType> fields) {
  return Type({.is_final = true, .supers = {}, .composite = StructType{std::move(fields)}});
}
TypeIdx ModuleBuilder::Array(FieldType element) {
  return Type({.is_final = true, .supers = {}, .composite = ArrayType{element}});
}

TypeIdx ModuleBuilder::Type(SubType type) {
  const auto index = static_cast<TypeIdx>(module_.types.size());
  module_.types.push_back(std::move(type));
  module_.rec_groups.push_back({.first = index, .count = 1, .is_explicit = false});
  return index;
}

TypeIdx ModuleBuilder::Rec(std::vector<SubType> types) {
  const auto first = static_cast<TypeIdx>(module_.types.size());
  const auto count = static_cast<uint32_t>(types.size());
  for (SubType& type : types) module_.types.push_back(std::move(type));
  module_.rec_groups.push_back({.first = first, .count = count, .is_explicit = true});
  return first;
}

uint32_t ModuleBuilder::Import(ImportType type, std::string_view module, std::string_view name) {
  const auto kind = static_cast<ExternKind>(type.index());
  const uint32_t index = module_.ImportCount(kind);
  CHECK((kind != ExternKind::Func || module_.functions.empty()) &&
        (kind != ExternKind::Table || module_.tables.empty()) &&
        (kind != ExternKind::Memory || module_.memories.empty()) &&
        (kind != ExternKind::Global || module_.globals.empty()) &&
        (kind != ExternKind::Tag || module_.tags.empty()));
  module_.imports.push_back({std::string(module), std::string(name), type, 0});
  return index;
}

void ModuleBuilder::ExportAs(std::string_view name, ExternKind kind, uint32_t index) {
  if (!name.empty()) Export(name, kind, index);
}

void ModuleBuilder::Export(std::string_view name, ExternKind kind, uint32_t index) {
  module_.exports.push_back({std::string(name), kind, index, 0});
}

uint32_t ModuleBuilder::Define(TypeIdx type, std::vector<ValType> locals, const Code& code,
                               std::string_view name) {
  const uint32_t index = module_.FunctionCount();
  module_.functions.push_back({type, std::move(locals), code.Body(), 0});
  ExportAs(name, ExternKind::Func, index);
  return index;
}

uint32_t ModuleBuilder::Table(ValType element, Limits limits, std::string_view name) {
  const uint32_t index = module_.TableCount();
  module_.tables.push_back({{element, limits}, std::nullopt, 0});
  ExportAs(name, ExternKind::Table, index);
  return index;
}

uint32_t ModuleBuilder::Table(ValType element, Limits limits, const Code& init) {
  const uint32_t index = Table(element, limits);
  module_.tables.back().init = init.Body();
  return index;
}

uint32_t ModuleBuilder::Memory(Limits limits, std::string_view name) {
  const uint32_t index = module_.MemoryCount();
  module_.memories.push_back({{limits}, 0});
  ExportAs(name, ExternKind::Memory, index);
  return index;
}

uint32_t ModuleBuilder::Global(ValType type, bool is_mutable, const Code& init,
                               std::string_view name) {
  const uint32_t index = module_.GlobalCount();
  module_.globals.push_back({{type, is_mutable}, init.Body(), 0});
  ExportAs(name, ExternKind::Global, index);
  return index;
}

uint32_t ModuleBuilder::Tag(TypeIdx type, std::string_view name) {
  const uint32_t index = module_.TagCount();
  module_.tags.push_back({{type}, 0});
  ExportAs(name, ExternKind::Tag, index);
  return index;
}

uint32_t ModuleBuilder::Elem(ValType type, const std::vector<Code>& items, SegmentMode mode) {
  ElemSegment segment;
  segment.mode = mode;
  segment.type = type;
  for (const Code& item : items) segment.items.push_back(item.Body());
  module_.elems.push_back(std::move(segment));
  return static_cast<uint32_t>(module_.elems.size() - 1);
}

uint32_t ModuleBuilder::ElemAt(uint32_t table, const Code& offset, ValType type,
                               const std::vector<Code>& items) {
  const uint32_t index = Elem(type, items, SegmentMode::Active);
  module_.elems.back().table = table;
  module_.elems.back().table_offset = offset.Body();
  return index;
}

uint32_t ModuleBuilder::Functions(const std::vector<uint32_t>& functions, SegmentMode mode) {
  std::vector<Code> items;
  for (const uint32_t function : functions) items.push_back(Code().Op(Opcode::RefFunc, function));
  const uint32_t index = Elem(ValType::Ref(AbstractHeap::Func, false), items, mode);
  module_.elems.back().plain_functions = true;
  return index;
}

uint32_t ModuleBuilder::Data(std::string_view bytes) {
  DataSegment segment;
  const ByteSpan span = AsBytes(bytes);
  segment.bytes.assign(span.begin(), span.end());
  module_.datas.push_back(std::move(segment));
  return static_cast<uint32_t>(module_.datas.size() - 1);
}

uint32_t ModuleBuilder::DataAt(uint32_t memory, const Code& offset, std::string_view bytes) {
  const uint32_t index = Data(bytes);
  module_.datas.back().mode = SegmentMode::Active;
  module_.datas.back().memory = memory;
  module_.datas.back().memory_offset = offset.Body();
  return index;
}

void DeclareFunctions(Module& module) {
  std::set<uint32_t> declared;
  for (const Function& function : module.functions) {
    for (const Instr& instr : function.body.code) {
      if (instr.op == Opcode::RefFunc) declared.insert(instr.a);
    }
  }
  if (declared.empty()) return;
  ElemSegment segment;
  segment.mode = SegmentMode::Declarative;
  segment.type = ValType::Ref(AbstractHeap::Func, false);
  segment.plain_functions = true;
  for (const uint32_t function : declared) {
    segment.items.push_back(Code().Op(Opcode::RefFunc, function).Body());
  }
  module.elems.push_back(std::move(segment));
}

}  // namespace slabhound::wasm
