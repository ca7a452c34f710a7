// For tests of this room: modules made in code, compiled alone or run on a machine.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   EXPECT_EQ(Disassemble(Compile(module)), "…");
//   Rig rig({.schedule = *gc::ParseSchedule("every-allocation")});
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "exec/compiler.h"
#include "exec/machine.h"
#include "valid/valid_module.h"
#include "wasm/builder.h"

namespace slabhound::exec {

using Types = std::vector<wasm::ValType>;

inline valid::ValidModule Validated(const wasm::ModuleBuilder& module, wasm::TypeStore& types) {
  auto valid = valid::Validate(std::make_shared<const wasm::Module>(module.module()), types);
  EXPECT_TRUE(valid.has_value()) << (valid ? "" : valid.error().Message());
  return valid ? *std::move(valid) : valid::ValidModule{};
}

// The bytecode of one definition, compiled as if every address equalled its index.
inline Function Compile(const wasm::ModuleBuilder& module, size_t definition = 0,
                        heap::Fault fault = heap::Fault::None) {
  wasm::TypeStore types;
  Instance instance;
  instance.module = Validated(module, types);
  const auto number = [](std::vector<uint32_t>& addresses, size_t count) {
    addresses.resize(count);
    std::iota(addresses.begin(), addresses.end(), 0u);
  };
  number(instance.functions, instance.module.functions.size());
  number(instance.tables, instance.module.tables.size());
  number(instance.memories, instance.module.memories.size());
  number(instance.globals, instance.module.globals.size());
  number(instance.tags, instance.module.tags.size());
  CompileBudget budget;
  auto compiled =
      CompileFunction(instance, instance.module.module->functions[definition], fault, budget);
  EXPECT_TRUE(compiled.has_value());
  return compiled ? *std::move(compiled) : Function{};
}

// One machine, and modules instantiated on it.
class Rig {
 public:
  explicit Rig(const Config& config = {}, const machine::Limits& limits = {})
      : machine_(MakeMachine(types_, limits, config)) {}

  machine::Machine& machine() { return *machine_; }

  wasm::TypeId FuncType(Types params, Types results) {
    const wasm::SubType type{true, {}, wasm::FuncType{std::move(params), std::move(results)}};
    return types_.AddGroup({&type, 1}, 0, 1, {});
  }
  machine::Extern Host(Types params, Types results, machine::HostFunction function) {
    const wasm::TypeId type = FuncType(std::move(params), std::move(results));
    return {wasm::ExternKind::Func, machine_->AddHostFunction(type, std::move(function))};
  }
  // The imported `gc`: a collection now.
  machine::Extern Gc() {
    return Host({}, {}, [](machine::Machine& machine, auto) -> machine::Outcome {
      const auto collected = machine.CollectGarbage();
      if (!collected) return collected.error();
      return machine::Returned{};
    });
  }
  valid::ValidModule Valid(const wasm::ModuleBuilder& module) { return Validated(module, types_); }
  Result<machine::InstanceId, machine::InstantiationFailure> TryInstantiate(
      const wasm::ModuleBuilder& module, std::vector<machine::Extern> imports = {}) {
    return machine_->Instantiate(Valid(module), imports);
  }
  void Instantiate(const wasm::ModuleBuilder& module, std::vector<machine::Extern> imports = {}) {
    const auto id = TryInstantiate(module, std::move(imports));
    ASSERT_TRUE(id.has_value());
    instance_ = *id;
  }
  uint32_t Export(std::string_view name) {
    const auto found = machine_->FindExport(instance_, name);
    EXPECT_TRUE(found.has_value()) << name;
    return found ? found->address : 0;
  }
  machine::Outcome Call(std::string_view name, std::vector<machine::Value> arguments = {}) {
    return machine_->Call(Export(name), arguments);
  }

 private:
  wasm::TypeStore types_;
  std::unique_ptr<machine::Machine> machine_;
  machine::InstanceId instance_ = 0;
};

// What a call came to, as text that tests compare: "7 null", "trap Unreachable", "panic stale id".
inline std::string Text(const machine::Outcome& outcome) {
  if (const auto* trap = std::get_if<machine::Trap>(&outcome)) {
    return "trap " + std::string(machine::TrapName(trap->kind));
  }
  if (const auto* exhausted = std::get_if<machine::Exhausted>(&outcome)) {
    return "exhausted " + std::string(machine::ResourceName(exhausted->resource));
  }
  if (std::holds_alternative<machine::Thrown>(outcome)) return "thrown";
  if (const auto* panic = std::get_if<machine::Panic>(&outcome)) return "panic " + panic->kind;
  static constexpr const char* kRefs[] = {"null", "i31", "func", "host", "struct", "array", "exn"};
  std::string text;
  for (const machine::Value& value : std::get<machine::Returned>(outcome).values) {
    if (!text.empty()) text += ' ';
    text += value.type.is_ref() ? kRefs[static_cast<size_t>(value.ref.kind)]
                                : std::to_string(value.bits);
  }
  return text;
}

}  // namespace slabhound::exec
