// For tests of rooms with a machine: modules made in code, instantiated on it, and what a call came
// to as text. Each such room has a Rig of its own that makes its machine.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "machine/machine.h"
#include "valid/valid_module.h"
#include "wasm/builder.h"

namespace slabhound::machine {

using Types = std::vector<wasm::ValType>;

inline valid::ValidModule Validated(const wasm::ModuleBuilder& module, wasm::TypeStore& types) {
  auto valid = valid::Validate(std::make_shared<const wasm::Module>(module.module()), types);
  EXPECT_TRUE(valid.has_value()) << (valid ? "" : valid.error().Message());
  return valid ? *std::move(valid) : valid::ValidModule{};
}

// Counts local 0, an i32, down to zero in a loop.
inline wasm::Code CountDown() {
  using Op = wasm::Opcode;
  wasm::Code code = wasm::Code().Loop().Op(Op::LocalGet, 0).I32(1).Op(Op::I32Sub);
  return code.Op(Op::LocalTee, 0).Op(Op::BrIf, 0).End();
}

// One machine, and modules instantiated on it.
class Rig {
 public:
  // `make` gets the types and returns the machine.
  template <typename Make>
  explicit Rig(const Make& make) : machine_(make(types_)) {}

  Machine& machine() { return *machine_; }
  wasm::TypeStore& types() { return types_; }

  wasm::TypeId FuncType(Types params, Types results) {
    const wasm::SubType type{true, {}, wasm::FuncType{std::move(params), std::move(results)}};
    return types_.AddGroup({&type, 1}, 0, 1, {});
  }
  Extern Host(Types params, Types results, HostFunction function) {
    const wasm::TypeId type = FuncType(std::move(params), std::move(results));
    return {wasm::ExternKind::Func, machine_->AddHostFunction(type, std::move(function))};
  }
  // The imported `gc`: a collection now.
  Extern Gc() {
    return Host({}, {}, [](Machine& machine, auto) -> Outcome {
      const auto collected = machine.CollectGarbage();
      if (!collected) return collected.error();
      return Returned{};
    });
  }
  valid::ValidModule Valid(const wasm::ModuleBuilder& module) { return Validated(module, types_); }
  Result<InstanceId, InstantiationFailure> TryInstantiate(const wasm::ModuleBuilder& module,
                                                          std::vector<Extern> imports = {}) {
    return machine_->Instantiate(Valid(module), imports);
  }
  void Instantiate(const wasm::ModuleBuilder& module, std::vector<Extern> imports = {}) {
    const auto id = TryInstantiate(module, std::move(imports));
    ASSERT_TRUE(id.has_value());
    instance_ = *id;
  }
  uint32_t Export(std::string_view name) {
    const auto found = machine_->FindExport(instance_, name);
    EXPECT_TRUE(found.has_value()) << name;
    return found ? found->address : 0;
  }
  Outcome Call(std::string_view name, std::vector<Value> arguments = {}) {
    return machine_->Call(Export(name), arguments);
  }

 private:
  wasm::TypeStore types_;
  std::unique_ptr<Machine> machine_;
  InstanceId instance_ = 0;
};

// What a call came to, as text that tests compare: "7 null", "trap Unreachable", "panic stale id",
// "exhausted fuel".
inline std::string Text(const Outcome& outcome) {
  if (const auto* trap = std::get_if<Trap>(&outcome)) {
    return "trap " + std::string(TrapName(trap->kind));
  }
  if (const auto* exhausted = std::get_if<Exhausted>(&outcome)) {
    return "exhausted " + std::string(ResourceName(exhausted->resource));
  }
  if (std::holds_alternative<Thrown>(outcome)) return "thrown";
  if (const auto* panic = std::get_if<Panic>(&outcome)) return "panic " + panic->kind;
  static constexpr const char* kRefs[] = {"null", "i31", "func", "host", "struct", "array", "exn"};
  std::string text;
  for (const Value& value : std::get<Returned>(outcome).values) {
    if (!text.empty()) text += ' ';
    text += value.type.is_ref() ? kRefs[static_cast<size_t>(value.ref.kind)]
                                : std::to_string(value.bits);
  }
  return text;
}

inline std::string Text(const InstantiationFailure& failure) {
  if (const auto* import = std::get_if<ImportFailure>(&failure.reason)) {
    return import->message;
  }
  return std::visit([](const auto& reason) { return Text(Outcome(reason)); },
                    std::get<Failure>(failure.reason));
}

}  // namespace slabhound::machine
