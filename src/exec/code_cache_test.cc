// Goal: compiled code is shared between machines that give a module the same addresses, and only
// between those; a run costs and yields the same with and without.
#include "exec/code_cache.h"

#include "exec/fixture.h"

namespace slabhound::exec {
namespace {

using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

ModuleBuilder Seven() {
  ModuleBuilder module;
  module.Define(module.Func({}, {ValType::I32}), {}, wasm::Code().I32(7), "seven");
  return module;
}

TEST(CodeCache, ServesOnlyTheSameAddressesAndFault) {
  wasm::TypeStore types;
  Instance instance;
  instance.module = Validated(Seven(), types);
  instance.functions = {4};
  CodeCache cache;
  EXPECT_TRUE(cache.Serves(instance, heap::Fault::None));
  EXPECT_TRUE(cache.Serves(instance, heap::Fault::None));
  EXPECT_FALSE(cache.Serves(instance, heap::Fault::RootLoopNoFixpoint));
  instance.functions = {5};
  EXPECT_FALSE(cache.Serves(instance, heap::Fault::None));
  instance.functions = {4};
  instance.first_data = 1;
  EXPECT_FALSE(cache.Serves(instance, heap::Fault::None));
}

TEST(CodeCache, IsUsedByTheNextMachine) {
  wasm::TypeStore types;
  const valid::ValidModule module = Validated(Seven(), types);
  CodeCache cache;
  Config config;
  config.code_cache = &cache;
  const Function* compiled = nullptr;
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

}  // namespace
}  // namespace slabhound::exec
