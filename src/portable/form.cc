#include "portable/form.h"

#include <algorithm>

#include "base/check.h"
#include "trace/log.h"

namespace slabhound::portable {
namespace {

using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValType;

constexpr uint32_t kImportIds = 0xff000000;

bool NamesFunction(Opcode op) {
  return wasm::Info(wasm::Info(op).immediates).first == wasm::ImmediateKind::Func;
}

template <typename Module, typename Visit>
void VisitBodies(Module& module, Visit visit) {
  for (auto& function : module.functions) visit(function.body);
  for (auto& table : module.tables) {
    if (table.init) visit(*table.init);
  }
  for (auto& global : module.globals) visit(global.init);
  for (auto& elem : module.elems) {
    if (elem.mode == wasm::SegmentMode::Active) visit(elem.table_offset);
    for (auto& item : elem.items) visit(item);
  }
  for (auto& data : module.datas) {
    if (data.mode == wasm::SegmentMode::Active) visit(data.memory_offset);
  }
}

bool CanThrow(testcase::Meaning meaning) {
  return meaning != testcase::Meaning::Log && meaning != testcase::Meaning::Gc &&
         meaning != testcase::Meaning::Sleep;
}

}  // namespace

Form::Form(const testcase::TestCase& given, const PortableOptions& chosen, bool has_log,
           bool with_gc)
    : test_case(given),
      original(given.module),
      options(chosen),
      collections(given.module),
      has_gc(with_gc),
      has_log_(has_log) {
  made.types = original.types;
  made.rec_groups = original.rec_groups;
  for (const wasm::RecGroup& group : original.rec_groups) {
    auto id =
        static_cast<uint32_t>(types.AddGroup(original.types, group.first, group.count, type_ids));
    for (uint32_t i = 0; i < group.count; ++i) type_ids.push_back(wasm::TypeId{id++});
  }
  uint32_t place = 0;
  for (const wasm::Import& import : original.imports) {
    if (const auto* function = std::get_if<wasm::FuncRef>(&import.type)) {
      function_types.push_back(function->type);
      meanings.push_back(testcase::FindMeaning(
          import.module, import.name,
          std::get<wasm::FuncType>(original.types[function->type].composite)));
      function_imports.push_back(place);
    } else if (const auto* global = std::get_if<wasm::GlobalType>(&import.type)) {
      global_types.push_back(*global);
    } else if (const auto* table = std::get_if<wasm::TableType>(&import.type)) {
      table_types.push_back(*table);
    } else if (const auto* tag = std::get_if<wasm::TagType>(&import.type)) {
      tag_types.push_back(tag->type);
    }
    ++place;
  }
  for (const wasm::Function& function : original.functions) function_types.push_back(function.type);
  for (const wasm::Global& global : original.globals) global_types.push_back(global.type);
  for (const wasm::Table& table : original.tables) table_types.push_back(table.type);
  for (const wasm::Tag& tag : original.tags) tag_types.push_back(tag.type.type);
  functions_.resize(function_types.size());
  FindUses();
}

void Form::FindUses() {
  referenced.resize(function_types.size());
  used.resize(function_types.size());
  VisitBodies(original, [this](const wasm::Body& body) {
    for (const wasm::Instr& instr : body.code) {
      throws |=
          instr.op == Opcode::Throw || instr.op == Opcode::ThrowRef || instr.op == Opcode::TryTable;
      // A collection is called without the function that is the import.
      if (!NamesFunction(instr.op) || collections.IsCall(instr)) continue;
      used[instr.a] = true;
      if (instr.op == Opcode::RefFunc) referenced[instr.a] = true;
    }
  });
  for (const wasm::Export& exported : original.exports) {
    if (exported.kind == ExternKind::Func) used[exported.index] = true;
  }
  if (original.start) used[*original.start] = true;
  for (uint32_t i = 0; i < imported_functions(); ++i) throws |= used[i] && CanThrow(meanings[i]);
}

const wasm::FuncType& Form::SignatureOf(uint32_t function) const {
  return std::get<wasm::FuncType>(original.types[function_types[function]].composite);
}

bool Form::TellsItsNumber(uint32_t function) const {
  return referenced[function] && trace::TellsItsNumber(SignatureOf(function));
}

wasm::TypeIdx Form::FuncType(std::vector<ValType> params, std::vector<ValType> results) {
  return Intern({std::move(params), std::move(results)});
}

wasm::TypeIdx Form::Intern(wasm::FuncType type) {
  for (const wasm::TypeIdx index : added_types_) {
    if (std::get<wasm::FuncType>(made.types[index].composite) == type) return index;
  }
  const auto index = static_cast<wasm::TypeIdx>(made.types.size());
  made.types.push_back({.is_final = true, .supers = {}, .composite = std::move(type)});
  made.rec_groups.push_back({.first = index, .count = 1, .is_explicit = false});
  added_types_.push_back(index);
  return index;
}

uint32_t Form::Import(HostImport which) {
  if (!has_log_ && which == HostImport::Log) {
    if (!log_) {
      log_ = Declare(FuncType({ValType::I64}, {}));
      Define(*log_, {},
             Code()
                 .Op(Opcode::GlobalGet, globals.hash)
                 .Op(Opcode::LocalGet, 0)
                 .Op(Opcode::Call, HashCombine())
                 .Op(Opcode::GlobalSet, globals.hash));
    }
    return *log_;
  }
  imported_[static_cast<size_t>(which)] = true;
  const uint32_t id = kImportIds + static_cast<uint32_t>(which);
  return which == HostImport::Gc && options.gc_per_call ? Counted(id) : id;
}

uint32_t Form::Counted(uint32_t gc) {
  if (!gc_) {
    const auto left = [this](Code& code) -> Code& {
      return code.Op(Opcode::GlobalGet, globals.collections);
    };
    Code code;
    left(code).Op(Opcode::I32Eqz).If().Op(Opcode::Return).End();
    left(code).I32(1).Op(Opcode::I32Sub).Op(Opcode::GlobalSet, globals.collections);
    gc_ = Add(FuncType({}, {}), {}, code.Op(Opcode::Call, gc));
  }
  return *gc_;
}

uint32_t Form::Declare(wasm::TypeIdx type) {
  functions_.push_back(wasm::Function{.type = type, .locals = {}, .body = {}, .offset = 0});
  return static_cast<uint32_t>(functions_.size() - 1);
}

void Form::DefineBody(uint32_t id, std::vector<ValType> locals, wasm::Body body) {
  const wasm::TypeIdx type = id < function_types.size() ? function_types[id] : functions_[id]->type;
  functions_[id] = wasm::Function{
      .type = type, .locals = std::move(locals), .body = std::move(body), .offset = 0};
}

void Form::Define(uint32_t id, std::vector<ValType> locals, const Code& code) {
  DefineBody(id, std::move(locals), code.Body());
}

uint32_t Form::Add(wasm::TypeIdx type, std::vector<ValType> locals, const Code& code) {
  const uint32_t id = Declare(type);
  Define(id, std::move(locals), code);
  return id;
}

uint32_t Form::AddGlobal(ValType type, const Code& init) {
  made.globals.push_back({.type = {type, true}, .init = init.Body(), .offset = 0});
  return static_cast<uint32_t>(made.globals.size() - 1);
}

void Form::AddGlobals() {
  const auto number = [this](uint32_t value) {
    return AddGlobal(ValType::I32, Code().I32(static_cast<int32_t>(value)));
  };
  globals = {.fuel = number(0),
             .fuel_total = number(options.fuel_total),
             .fuel_given = number(0),
             .depth = number(0),
             .ready = number(0),
             .probing = number(0),
             .probed = number(0),
             .seen = number(0),
             .seen_max = number(0),
             .fields = number(trace::kValueFieldsMax),
             .catching = number(0),
             .bulk = AddGlobal(ValType::I64, Code().I64(0)),
             .hash = AddGlobal(ValType::I64, Code().I64(0)),
             .collections = options.gc_per_call ? number(0) : 0};
}

uint32_t Form::HashCombine() {
  if (hash_combine_) return *hash_combine_;
  const auto mix = [](Code& code, int64_t shift) {
    code.Op(Opcode::LocalTee, 0)
        .Op(Opcode::LocalGet, 0)
        .I64(shift)
        .Op(Opcode::I64ShrU)
        .Op(Opcode::I64Xor);
  };
  Code code;
  code.Op(Opcode::LocalGet, 0)
      .I64(static_cast<int64_t>(0x9e3779b97f4a7c15u))
      .Op(Opcode::I64Mul)
      .Op(Opcode::LocalGet, 1)
      .Op(Opcode::I64Add)
      .I64(0x7f4a7c15)
      .Op(Opcode::I64Add);
  mix(code, 32);
  code.I64(static_cast<int64_t>(0xd6e8feb86659fd93u)).Op(Opcode::I64Mul);
  mix(code, 29);
  hash_combine_ = Add(FuncType({ValType::I64, ValType::I64}, {ValType::I64}), {}, code);
  return *hash_combine_;
}

void Form::GetGlobal(Code& code, uint32_t global) const {
  code.Op(Opcode::GlobalGet, global);
  if (IsLate(global) && !global_types[global].type.nullable()) code.Op(Opcode::RefAsNonNull);
}

void Form::Constant(Code& code, ValType type, const testcase::PlainValue& value) {
  switch (value.kind) {
    case testcase::PlainKind::Number:
      switch (type.kind()) {
        case wasm::TypeKind::I32:
          code.Op(Opcode::I32Const, 0, 0, value.bits);
          break;
        case wasm::TypeKind::I64:
          code.Op(Opcode::I64Const, 0, 0, value.bits);
          break;
        case wasm::TypeKind::F32:
          code.Op(Opcode::F32Const, 0, 0, value.bits);
          break;
        case wasm::TypeKind::V128:
          code.Vector({value.bits, value.bits});
          break;
        default:
          code.Op(Opcode::F64Const, 0, 0, value.bits);
          break;
      }
      return;
    case testcase::PlainKind::Null:
      code.Heap(Opcode::RefNull, type.heap());
      return;
    case testcase::PlainKind::I31:
      code.I32(static_cast<int32_t>(value.bits)).Op(Opcode::RefI31);
      return;
    case testcase::PlainKind::Host:
      code.I32(static_cast<int32_t>(value.bits));
      if (options.host_objects) {
        code.Op(Opcode::Call, Import(HostImport::Host));
        if (!type.nullable()) code.Op(Opcode::RefAsNonNull);
      } else {
        code.Op(Opcode::RefI31).Op(Opcode::ExternConvertAny);
      }
      return;
  }
}

void Form::Default(Code& code, ValType type) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      code.I32(0);
      break;
    case wasm::TypeKind::I64:
      code.I64(0);
      break;
    case wasm::TypeKind::F32:
      code.F32(0);
      break;
    case wasm::TypeKind::F64:
      code.F64(0);
      break;
    case wasm::TypeKind::V128:
      code.Vector({});
      break;
    default:
      code.Heap(Opcode::RefNull, type.heap());
      break;
  }
}

wasm::AbstractHeap Form::Top(ValType type) const {
  const wasm::HeapType heap = type.heap();
  if (!heap.is_index()) return types.Top(heap);
  return types.Top(wasm::HeapType::Index(static_cast<uint32_t>(type_ids[heap.index()])));
}

wasm::Module Form::Finish() {
  std::array<uint32_t, kHostImportCount> places{};
  uint32_t count = 0;
  const auto import = [&](HostImport which, std::string_view name, std::vector<ValType> params,
                          std::vector<ValType> results) {
    if (!imported_[static_cast<size_t>(which)]) return;
    places[static_cast<size_t>(which)] = count++;
    made.imports.push_back({std::string(kPortableModuleName), std::string(name),
                            wasm::FuncRef{FuncType(std::move(params), std::move(results))}, 0});
  };
  import(HostImport::Log, "log", {ValType::I64}, {});
  import(HostImport::Gc, "gc", {}, {});
  import(HostImport::Host, "host", {ValType::I32}, {kExternRef});
  import(HostImport::HostNumber, "host-number", {kExternRef}, {ValType::I32});
  const auto index_of = [&](uint32_t id) {
    return id >= kImportIds ? places[id - kImportIds] : count + id;
  };
  for (std::optional<wasm::Function>& function : functions_) {
    CHECK(function.has_value());
    made.functions.push_back(std::move(*function));
  }
  functions_.clear();
  VisitBodies(made, [&](wasm::Body& body) {
    for (wasm::Instr& instr : body.code) {
      if (NamesFunction(instr.op)) instr.a = index_of(instr.a);
    }
  });
  // Exports declared functions for ref.func; now a segment does.
  wasm::DeclareFunctions(made);
  for (wasm::Export& exported : made.exports) exported.index = index_of(exported.index);
  if (made.start) made.start = index_of(*made.start);
  return std::move(made);
}

}  // namespace slabhound::portable
