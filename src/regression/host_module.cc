#include "regression/host_module.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "testcase/meaning.h"

namespace slabhound::regression {
namespace {

using testcase::Meaning;
using wasm::AbstractHeap;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValType;
using Code = std::vector<wasm::Instr>;

constexpr std::string_view kSupport = "fuzzing-support";
constexpr size_t kStandInFields = 31;  // more than generated types have
constexpr ValType kExternRef = ValType::Ref(AbstractHeap::Extern, true);

wasm::Body BodyOf(Code code) {
  code.push_back(rewrite::Op(Opcode::End));
  return {.code = std::move(code), .labels = {}, .types = {}, .catches = {}};
}

// The value of that number (testcase/meaning.h); nothing where only a host has it.
std::optional<Code> ValueCode(ValType type, uint64_t number) {
  const auto value = testcase::ValueOf(type, number);
  if (!value) return std::nullopt;
  switch (value->kind) {
    case testcase::PlainKind::Null:
      return Code{rewrite::Op(Opcode::RefNull, type.heap().code())};
    case testcase::PlainKind::I31:
      return Code{rewrite::Op(Opcode::I32Const, 0, 0, value->bits), rewrite::Op(Opcode::RefI31)};
    case testcase::PlainKind::Host:
      return std::nullopt;
    case testcase::PlainKind::Number:
      break;
  }
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return Code{rewrite::Op(Opcode::I32Const, 0, 0, value->bits)};
    case wasm::TypeKind::I64:
      return Code{rewrite::Op(Opcode::I64Const, 0, 0, value->bits)};
    case wasm::TypeKind::F32:
      return Code{rewrite::Op(Opcode::F32Const, 0, 0, value->bits)};
    case wasm::TypeKind::V128: {
      wasm::Instr constant{.op = Opcode::V128Const};
      SetVector(constant, {value->bits, value->bits});
      return Code{constant};
    }
    default:
      return Code{rewrite::Op(Opcode::F64Const, 0, 0, value->bits)};
  }
}

class Writer {
 public:
  explicit Writer(const testcase::Prepared& prepared)
      : prepared_(prepared), source_(*prepared.module.module) {}

  Result<std::vector<HostModule>, std::string> Write() {
    for (const wasm::Import& import : source_.imports) {
      wasm::Module& module = ModuleOf(import.module);
      if (const wasm::Export* twin = module.FindExport(import.name)) {
        // Two imports of a name are two functions that do the same, but never one memory.
        if (import.kind() == ExternKind::Func && twin->kind == ExternKind::Func) continue;
        return Fail(fmt::format("import {}.{} occurs twice", import.module, import.name));
      }
      TRY(Add(module, import));
    }
    return std::move(modules_);
  }

 private:
  wasm::Module& ModuleOf(const std::string& name) {
    const auto found = std::ranges::find(modules_, name, &HostModule::name);
    if (found != modules_.end()) return found->module;
    HostModule host{.name = name, .module = {}};
    // The same types under the same indices.
    host.module.types = source_.types;
    host.module.rec_groups = source_.rec_groups;
    modules_.push_back(std::move(host));
    return modules_.back().module;
  }

  // The value of that number, in a module of ours. Host objects are externrefs.
  std::optional<Code> Value(wasm::Module& module, ValType type, uint64_t number) {
    const auto value = testcase::ValueOf(type, number);
    if (!value || value->kind != testcase::PlainKind::Host) return ValueCode(type, number);
    const auto host = std::ranges::find_if(
        modules_, [&module](const HostModule& each) { return &each.module == &module; });
    host->stands_in = true;
    return Code{rewrite::Op(Opcode::StructNewDefault, StandInType(module)),
                rewrite::Op(Opcode::ExternConvertAny)};
  }

  // The last of the module's types, once it is made.
  static uint32_t StandInType(wasm::Module& module) {
    const wasm::FieldType odd{.type = wasm::StorageType(ValType::F64), .is_mutable = false};
    const wasm::StructType structure{std::vector<wasm::FieldType>(kStandInFields, odd)};
    const auto* last = module.types.empty()
                           ? nullptr
                           : std::get_if<wasm::StructType>(&module.types.back().composite);
    if (last == nullptr || *last != structure) {
      const auto type = static_cast<wasm::TypeIdx>(module.types.size());
      module.types.push_back({.is_final = true, .supers = {}, .composite = structure});
      module.rec_groups.push_back({.first = type, .count = 1, .is_explicit = false});
    }
    return static_cast<uint32_t>(module.types.size() - 1);
  }

  Result<void, std::string> Add(wasm::Module& module, const wasm::Import& import) {
    uint32_t index = 0;
    switch (import.kind()) {
      case ExternKind::Func: {
        TRY_ASSIGN(wasm::Function function, Function(module, import));
        index = static_cast<uint32_t>(module.functions.size());
        module.functions.push_back(std::move(function));
        break;
      }
      case ExternKind::Table: {
        const auto& type = std::get<wasm::TableType>(import.type);
        wasm::Table table{.type = type, .init = {}};
        if (!type.element.nullable()) {
          const auto value = Value(module, type.element, testcase::NumberOfElements(type.element));
          if (!value) return Cannot(import, "its elements have no value");
          table.init = BodyOf(*value);
        }
        index = static_cast<uint32_t>(module.tables.size());
        module.tables.push_back(std::move(table));
        break;
      }
      case ExternKind::Memory:
        index = static_cast<uint32_t>(module.memories.size());
        module.memories.push_back({std::get<wasm::MemoryType>(import.type)});
        break;
      case ExternKind::Global: {
        const auto& type = std::get<wasm::GlobalType>(import.type);
        const auto value =
            Value(module, type.type, testcase::NumberOfGlobal(import.name, type.type));
        if (!value) return Cannot(import, "its type has no value");
        index = static_cast<uint32_t>(module.globals.size());
        module.globals.push_back({.type = type, .init = BodyOf(*value)});
        break;
      }
      case ExternKind::Tag:
        index = Tag(module, import);
        break;
    }
    module.exports.push_back({import.name, import.kind(), index});
    return {};
  }

  // The tags that `throw` throws are one each.
  uint32_t Tag(wasm::Module& module, const wasm::Import& import) {
    const uint32_t type = std::get<wasm::TagType>(import.type).type;
    if (import.module == kSupport) {
      const auto& params = FuncTypeOf(module, type).params;
      if (import.name == "wasmtag" && params == std::vector{ValType::I32}) {
        return ThrownTag(module, ValType::I32);
      }
      if (import.name == "jstag" && params == std::vector{kExternRef}) {
        return ThrownTag(module, kExternRef);
      }
    }
    module.tags.push_back({{type}});
    return static_cast<uint32_t>(module.tags.size() - 1);
  }

  uint32_t ThrownTag(wasm::Module& module, ValType payload) {
    auto& made = payload == ValType::I32 ? number_tag_ : error_tag_;
    if (!made) {
      module.tags.push_back({{rewrite::FunctionTypeIndex(module, {{payload}, {}})}});
      made = static_cast<uint32_t>(module.tags.size() - 1);
    }
    return *made;
  }

  static const wasm::FuncType& FuncTypeOf(const wasm::Module& module, uint32_t type) {
    return std::get<wasm::FuncType>(module.types[type].composite);
  }

  static std::unexpected<std::string> Cannot(const wasm::Import& import, std::string_view why) {
    return slabhound::Fail(
        fmt::format("import {}.{} cannot be a module: {}", import.module, import.name, why));
  }

  Result<wasm::Function, std::string> Function(wasm::Module& module, const wasm::Import& import) {
    const uint32_t type = std::get<wasm::FuncRef>(import.type).type;
    const auto& canonical =
        std::get<wasm::FuncType>((*prepared_.types)[prepared_.module.type_ids[type]].composite);
    wasm::Function function{.type = type, .locals = {}, .body = {}};
    switch (testcase::FindMeaning(import.module, import.name, canonical)) {
      case Meaning::Log: {
        Code code;
        for (const ValType result : FuncTypeOf(module, type).results) {
          // The host traps where a result has no default.
          if (!result.is_defaultable()) {
            code = {rewrite::Op(Opcode::Unreachable)};
            break;
          }
          const Code value = *ValueCode(result, 0);
          code.insert(code.end(), value.begin(), value.end());
        }
        function.body = BodyOf(std::move(code));
        return function;
      }
      case Meaning::Sleep:
        function.body = BodyOf({rewrite::Op(Opcode::LocalGet, 1)});
        return function;
      case Meaning::Gc:  // in its stead engines collect (regression.h, 4)
        function.body = BodyOf({});
        return function;
      case Meaning::Throw: {
        const uint32_t error = ThrownTag(module, kExternRef);
        const uint32_t number = ThrownTag(module, ValType::I32);
        function.body =
            BodyOf({rewrite::Op(Opcode::LocalGet, 0), rewrite::Op(Opcode::I32Eqz),
                    rewrite::Op(Opcode::If, wasm::BlockType().bits()),
                    rewrite::Op(Opcode::RefNull, kExternRef.heap().code()),
                    rewrite::Op(Opcode::Throw, error), rewrite::Op(Opcode::End),
                    rewrite::Op(Opcode::LocalGet, 0), rewrite::Op(Opcode::Throw, number)});
        return function;
      }
      default:
        return Cannot(import, "it acts on the importing instance");
    }
  }

  const testcase::Prepared& prepared_;
  const wasm::Module& source_;
  std::vector<HostModule> modules_;
  std::optional<uint32_t> number_tag_, error_tag_;  // of fuzzing-support
};

}  // namespace

Result<std::vector<HostModule>, std::string> HostModules(const testcase::Prepared& prepared) {
  return Writer(prepared).Write();
}

}  // namespace slabhound::regression
