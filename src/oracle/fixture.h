// For tests of this room: modules assembled in place, and a machine to run them on.
//
//   Assembly module;
//   module.AddFunction(module.AddFuncType({}, {I32}), {}, {Const(7)}, "seven");
//   Rig rig(module);
//   EXPECT_EQ(rig.Call("seven"), …);
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/machine.h"
#include "valid/valid_module.h"

namespace slabhound::oracle {

inline wasm::Instr In(wasm::Opcode op, uint32_t a = 0, uint32_t b = 0, uint64_t bits = 0) {
  return {op, 0, a, b, bits};
}
inline wasm::Instr Const(uint32_t value) { return In(wasm::Opcode::I32Const, 0, 0, value); }
inline wasm::Instr Open(wasm::Opcode op, wasm::BlockType type = {}) { return In(op, type.bits()); }
inline wasm::Instr End() { return In(wasm::Opcode::End); }

using Code = std::vector<wasm::Instr>;
using Types = std::vector<wasm::ValType>;

class Assembly {
 public:
  wasm::Module module;

  wasm::TypeIdx AddType(wasm::CompositeType composite) {
    const auto index = static_cast<uint32_t>(module.types.size());
    module.types.push_back({true, {}, std::move(composite)});
    module.rec_groups.push_back({index, 1, false});
    return index;
  }
  wasm::TypeIdx AddFuncType(Types params, Types results) {
    return AddType(wasm::FuncType{std::move(params), std::move(results)});
  }

  // Imports come before definitions of their kind.
  uint32_t AddImport(wasm::ImportType type) {
    module.imports.push_back({"env", "import", type, 0});
    return module.ImportCount(module.imports.back().kind()) - 1;
  }

  // The code's last `end` is added here.
  uint32_t AddFunction(wasm::TypeIdx type, Types locals, Code code, std::string_view name = "") {
    wasm::Function function;
    function.type = type;
    function.locals = std::move(locals);
    function.body = MakeBody(std::move(code));
    module.functions.push_back(std::move(function));
    const uint32_t index = module.FunctionCount() - 1;
    if (!name.empty()) AddExport(name, wasm::ExternKind::Func, index);
    return index;
  }
  void AddExport(std::string_view name, wasm::ExternKind kind, uint32_t index) {
    module.exports.push_back({std::string(name), kind, index, 0});
  }
  uint32_t AddMemory(uint64_t min) {
    module.memories.push_back({{{min, {}, false}}, 0});
    return module.MemoryCount() - 1;
  }
  uint32_t AddTable(wasm::ValType element, uint64_t min) {
    module.tables.push_back({{element, {min, {}, false}}, {}, 0});
    return module.TableCount() - 1;
  }
  uint32_t AddGlobal(wasm::ValType type, Code init) {
    module.globals.push_back({{type, true}, MakeBody(std::move(init)), 0});
    return module.GlobalCount() - 1;
  }
  uint32_t AddTag(wasm::TypeIdx type) {
    module.tags.push_back({{type}, 0});
    return module.TagCount() - 1;
  }
  static wasm::Body MakeBody(Code code) {
    wasm::Body body;
    body.code = std::move(code);
    body.code.push_back(End());
    return body;
  }
};

// One machine, and modules instantiated on it.
class Rig {
 public:
  explicit Rig(const embed::Limits& limits = {}) : machine_(MakeMachine(types_, limits)) {}

  embed::Machine& machine() { return *machine_; }
  wasm::TypeStore& types() { return types_; }

  wasm::TypeId FuncType(Types params, Types results) {
    const wasm::SubType type{true, {}, wasm::FuncType{std::move(params), std::move(results)}};
    return types_.AddGroup({&type, 1}, 0, 1, {});
  }

  valid::ValidModule Validate(const Assembly& assembly) {
    auto valid = valid::Validate(std::make_shared<const wasm::Module>(assembly.module), types_);
    EXPECT_TRUE(valid.has_value()) << (valid ? "" : valid.error().Message());
    return valid ? *std::move(valid) : valid::ValidModule{};
  }
  Result<embed::InstanceId, embed::InstantiationFailure> TryInstantiate(
      const Assembly& assembly, std::vector<embed::Extern> imports = {}) {
    return machine_->Instantiate(Validate(assembly), imports);
  }
  void Instantiate(const Assembly& assembly, std::vector<embed::Extern> imports = {}) {
    const auto id = TryInstantiate(assembly, std::move(imports));
    ASSERT_TRUE(id.has_value());
    instance_ = *id;
  }
  uint32_t Export(std::string_view name) {
    const auto found = machine_->FindExport(instance_, name);
    EXPECT_TRUE(found.has_value()) << name;
    return found ? found->address : 0;
  }
  embed::Outcome Call(std::string_view name, std::vector<embed::Value> arguments = {}) {
    return machine_->Call(Export(name), arguments);
  }

 private:
  wasm::TypeStore types_;
  std::unique_ptr<embed::Machine> machine_;
  embed::InstanceId instance_ = 0;
};

// What a call came to, as text that tests compare: "7 null", "trap IntegerOverflow", "thrown",
// "exhausted fuel".
inline std::string Text(const embed::Outcome& outcome) {
  if (const auto* trap = std::get_if<embed::Trap>(&outcome)) {
    return "trap " + std::string(embed::TrapName(trap->kind));
  }
  if (const auto* exhausted = std::get_if<embed::Exhausted>(&outcome)) {
    return "exhausted " + std::string(embed::ResourceName(exhausted->resource));
  }
  if (std::holds_alternative<embed::Thrown>(outcome)) return "thrown";
  if (const auto* panic = std::get_if<embed::Panic>(&outcome)) return "panic " + panic->kind;
  static constexpr const char* kRefs[] = {"null", "i31", "func", "host", "struct", "array", "exn"};
  std::string text;
  for (const embed::Value& value : std::get<embed::Returned>(outcome).values) {
    if (!text.empty()) text += ' ';
    text += value.type.is_ref() ? kRefs[static_cast<size_t>(value.ref.kind)]
                                : std::to_string(value.bits);
  }
  return text;
}
inline std::string Text(const embed::InstantiationFailure& failure) {
  if (const auto* import = std::get_if<embed::ImportFailure>(&failure.reason)) {
    return import->message;
  }
  return std::visit([](const auto& reason) { return Text(embed::Outcome(reason)); },
                    std::get<embed::Failure>(failure.reason));
}

}  // namespace slabhound::oracle
