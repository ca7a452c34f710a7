// Modules made in code: for tests, generators and reducers that need one in three lines.
//
//   ModuleBuilder builder;
//   const TypeIdx type = builder.Func({ValType::I32}, {ValType::I32});
//   builder.Define(type, {}, Code().Op(Opcode::LocalGet, 0).I32(1).Op(Opcode::I32Add),
//   "increment");
//
// 1. Indices are returned in the specification's index spaces; imports of a kind come before its
//    definitions, and the builder checks that.
// 2. It judges nothing else: invalid modules can be built, which is what the validator's tests
//    need.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "wasm/module.h"

namespace slabhound::wasm {

// An instruction sequence under construction; every method appends and returns the object.
class Code {
 public:
  Code& Op(Opcode op, uint32_t a = 0, uint32_t b = 0, uint64_t bits = 0);
  Code& I32(int32_t value);
  Code& I64(int64_t value);
  Code& F32(float value);
  Code& F64(double value);
  Code& Vector(V128 value);

  Code& Block(BlockType type = {}) { return Op(Opcode::Block, type.bits()); }
  Code& Loop(BlockType type = {}) { return Op(Opcode::Loop, type.bits()); }
  Code& If(BlockType type = {}) { return Op(Opcode::If, type.bits()); }
  Code& TryTable(BlockType type, const std::vector<CatchClause>& catches);
  Code& Else() { return Op(Opcode::Else); }
  Code& End() { return Op(Opcode::End); }
  Code& BrTable(const std::vector<uint32_t>& targets, uint32_t otherwise);

  Code& SelectTyped(const std::vector<ValType>& types);
  Code& Heap(Opcode op, HeapType type) {
    return Op(op, type.code());
  }  // ref.null, ref.test, ref.cast
  Code& BrOnCast(Opcode op, uint32_t label, ValType source, ValType target);
  // A load or store; `align` is the exponent.
  Code& Access(Opcode op, uint32_t align = 0, uint64_t offset = 0, uint32_t memory = 0) {
    return Op(op, memory, align, offset);
  }
  Code& Append(const Code& other);  // its instructions behind these

  const wasm::Body& raw() const { return body_; }
  wasm::Body Body() const&;  // with the last `end`
  wasm::Body Body() &&;
  void Reserve(size_t instructions) { body_.code.reserve(instructions); }

 private:
  wasm::Body body_;
};

class ModuleBuilder {
 public:
  // Each alone in its group, final, without supertypes.
  TypeIdx Func(std::vector<ValType> params, std::vector<ValType> results = {});
  TypeIdx Struct(std::vector<FieldType> fields);
  TypeIdx Array(FieldType element);
  TypeIdx Type(SubType type);               // alone in its group
  TypeIdx Rec(std::vector<SubType> types);  // one group; the first one's index

  uint32_t Import(ImportType type, std::string_view module = "m", std::string_view name = "n");

  // A name exports what is defined.
  uint32_t Define(TypeIdx type, std::vector<ValType> locals, const Code& code,
                  std::string_view name = {});
  uint32_t Table(ValType element, Limits limits = {}, std::string_view name = {});
  uint32_t Table(ValType element, Limits limits, const Code& init);
  uint32_t Memory(Limits limits = {}, std::string_view name = {});
  uint32_t Global(ValType type, bool is_mutable, const Code& init, std::string_view name = {});
  uint32_t Tag(TypeIdx type, std::string_view name = {});
  void Export(std::string_view name, ExternKind kind, uint32_t index);
  void Start(uint32_t function) { module_.start = function; }

  uint32_t Elem(ValType type, const std::vector<Code>& items,
                SegmentMode mode = SegmentMode::Passive);
  uint32_t ElemAt(uint32_t table, const Code& offset, ValType type, const std::vector<Code>& items);
  uint32_t Functions(const std::vector<uint32_t>& functions,
                     SegmentMode mode = SegmentMode::Declarative);
  uint32_t Data(std::string_view bytes);
  uint32_t DataAt(uint32_t memory, const Code& offset, std::string_view bytes);

  wasm::Module& module() { return module_; }
  const wasm::Module& module() const { return module_; }

 private:
  void ExportAs(std::string_view name, ExternKind kind, uint32_t index);

  wasm::Module module_;
};

// Adds a segment that declares every function that a body names in ref.func.
void DeclareFunctions(Module& module);

}  // namespace slabhound::wasm
