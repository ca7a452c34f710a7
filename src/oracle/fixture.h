// For tests of this room: a machine with modules on it, and what a call came to as text.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   Rig rig;
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/machine.h"
#include "valid/valid_module.h"
#include "wasm/builder.h"

namespace slabhound::oracle {

using Types = std::vector<wasm::ValType>;

// One machine, and modules instantiated on it.
class Rig {
 public:
  explicit Rig(const machine::Limits& limits = {}) : machine_(MakeMachine(types_, limits)) {}

  machine::Machine& machine() { return *machine_; }
  wasm::TypeStore& types() { return types_; }

  wasm::TypeId FuncType(Types params, Types results) {
    const wasm::SubType type{true, {}, wasm::FuncType{std::move(params), std::move(results)}};
    return types_.AddGroup({&type, 1}, 0, 1, {});
  }

  valid::ValidModule Validate(const wasm::ModuleBuilder& module) {
    auto valid = valid::Validate(std::make_shared<const wasm::Module>(module.module()), types_);
    EXPECT_TRUE(valid.has_value()) << (valid ? "" : valid.error().Message());
    return valid ? *std::move(valid) : valid::ValidModule{};
  }
  Result<machine::InstanceId, machine::InstantiationFailure> TryInstantiate(
      const wasm::ModuleBuilder& module, std::vector<machine::Extern> imports = {}) {
    return machine_->Instantiate(Validate(module), imports);
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

// What a call came to, as text that tests compare: "7 null", "trap IntegerOverflow", "thrown",
// "exhausted fuel".
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
inline std::string Text(const machine::InstantiationFailure& failure) {
  if (const auto* import = std::get_if<machine::ImportFailure>(&failure.reason)) {
    return import->message;
  }
  return std::visit([](const auto& reason) { return Text(machine::Outcome(reason)); },
                    std::get<machine::Failure>(failure.reason));
}

}  // namespace slabhound::oracle
