// For tests of this room: modules made in code, run on a machine.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   Rig rig({.schedule = *gc::ParseSchedule("every-allocation")});
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

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

// One machine, and modules instantiated on it.
class Rig {
 public:
  explicit Rig(const Config& config = {}, const embed::Limits& limits = {})
      : machine_(MakeMachine(types_, limits, config)) {}

  embed::Machine& machine() { return *machine_; }

  wasm::TypeId FuncType(Types params, Types results) {
    const wasm::SubType type{true, {}, wasm::FuncType{std::move(params), std::move(results)}};
    return types_.AddGroup({&type, 1}, 0, 1, {});
  }
  embed::Extern Host(Types params, Types results, embed::HostFunction function) {
    const wasm::TypeId type = FuncType(std::move(params), std::move(results));
    return {wasm::ExternKind::Func, machine_->AddHostFunction(type, std::move(function))};
  }
  // The imported `gc`: a collection now.
  embed::Extern Gc() {
    return Host({}, {}, [](embed::Machine& machine, auto) -> embed::Outcome {
      const auto collected = machine.CollectGarbage();
      if (!collected) return collected.error();
      return embed::Returned{};
    });
  }
  valid::ValidModule Valid(const wasm::ModuleBuilder& module) { return Validated(module, types_); }
  Result<embed::InstanceId, embed::InstantiationFailure> TryInstantiate(
      const wasm::ModuleBuilder& module, std::vector<embed::Extern> imports = {}) {
    return machine_->Instantiate(Valid(module), imports);
  }
  void Instantiate(const wasm::ModuleBuilder& module, std::vector<embed::Extern> imports = {}) {
    const auto id = TryInstantiate(module, std::move(imports));
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

// What a call came to, as text that tests compare: "7 null", "trap Unreachable", "panic stale id".
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

}  // namespace slabhound::exec
