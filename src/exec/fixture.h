// For tests of this room: modules made in code, compiled alone or run on a machine.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   EXPECT_EQ(Disassemble(Compile(module)), "…");
//   Rig rig({.schedule = *gc::ParseSchedule("every-allocation")});
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include <numeric>
#include <vector>

#include "exec/compiler.h"
#include "exec/machine.h"
#include "machine/fixture.h"

namespace slabhound::exec {

using machine::Text;
using machine::Types;
using machine::Validated;

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

class Rig : public machine::Rig {
 public:
  explicit Rig(const Config& config = {}, const machine::Limits& limits = {})
      : machine::Rig([&](wasm::TypeStore& types) { return MakeMachine(types, limits, config); }) {}
};

}  // namespace slabhound::exec
