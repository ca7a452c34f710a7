// Goal: compiled code is shared between machines that give a module the same addresses; what the
// budget does not cover is not run.
#include "exec/machine.h"

#include "bytecode/code_cache.h"
#include "exec/fixture.h"

namespace slabhound::exec {
namespace {

using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

TEST(SharedCode, IsUsedByTheNextMachine) {
  ModuleBuilder seven_module;
  seven_module.Define(seven_module.Func({}, {ValType::I32}), {}, wasm::Code().I32(7), "seven");
  wasm::TypeStore types;
  const valid::ValidModule module = Validated(seven_module, types);
  bytecode::CodeCache cache;
  Config config;
  config.code_cache = &cache;
  const bytecode::Function* compiled = nullptr;
  for (int round = 0; round < 2; ++round) {
    const auto machine = MakeMachine(types, {}, config);
    // The second instance on a machine has other addresses, and so code of its own.
    for (int copy = 0; copy < 2; ++copy) {
      const auto instance = machine->Instantiate(module, {});
      ASSERT_TRUE(instance.has_value());
      const auto seven = machine->FindExport(*instance, "seven");
      ASSERT_TRUE(seven.has_value());
      EXPECT_EQ(Text(machine->Call(seven->address, {})), "7");
    }
    if (round == 0) compiled = cache.At(0).code.get();
    EXPECT_EQ(cache.At(0).code.get(), compiled);
    EXPECT_GT(cache.At(0).steps, 0u);
  }
}

TEST(CompileBudget, ExhaustsARunThatEntersWhatItDoesNotCover) {
  ModuleBuilder module;
  wasm::Code code;
  for (int i = 0; i < 100'000; ++i) code.I32(i);
  for (int i = 0; i < 100'000; ++i) code.Op(Op::LocalGet, 0).Op(Op::BrIf, 0);
  module.Define(module.Func({}), {ValType::I32}, code.Op(Op::Unreachable), "run");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("run")), "exhausted heap");
}

}  // namespace
}  // namespace slabhound::exec
