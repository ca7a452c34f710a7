// Goal: code is shared by those who link a module to the same addresses, and by nobody else.
#include "bytecode/code_cache.h"

#include <gtest/gtest.h>

namespace slabhound::bytecode {
namespace {

TEST(CodeCache, ServesOnlyTheSameAddressesAndFault) {
  LinkedModule linked;
  linked.module.module = std::make_shared<const wasm::Module>();
  linked.functions = {4};
  CodeCache cache;
  EXPECT_TRUE(cache.Serves(linked, heap::Fault::None));
  EXPECT_TRUE(cache.Serves(linked, heap::Fault::None));
  EXPECT_FALSE(cache.Serves(linked, heap::Fault::RootLoopNoFixpoint));
  linked.functions = {5};
  EXPECT_FALSE(cache.Serves(linked, heap::Fault::None));
  linked.functions = {4};
  linked.first_data = 1;
  EXPECT_FALSE(cache.Serves(linked, heap::Fault::None));
}

}  // namespace
}  // namespace slabhound::bytecode
