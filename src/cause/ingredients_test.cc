// Goal: what a case is made of can be taken out of any module, which stays valid.
#include "cause/ingredients.h"

#include <gmock/gmock.h>

#include "diff/dispatch.h"
#include "text/wat.h"

namespace slabhound::cause {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kSource = R"((module
  (type $a (array (mut i32)))
  (tag $t)
  (func (export "f") (param (ref $a)) (result i32)
    (block $l (try_table (catch $t $l)
      (array.copy $a $a (local.get 0) (i32.const 0) (local.get 0) (i32.const 1) (i32.const 2))
      (throw $t)))
    (array.len (local.get 0)))))";

TEST(Ingredients, AreInstructionsThatNotEveryCaseHas) {
  const wasm::Module module = text::ReadModule(kSource).value();
  EXPECT_THAT(IngredientsOf(module), ElementsAre("array.copy", "array.len", "throw", "try_table"));
  EXPECT_THAT(IngredientsOf({}), IsEmpty());
}

TEST(Ingredients, EachCanBeTakenOut) {
  const wasm::Module module = text::ReadModule(kSource).value();
  for (const std::string& ingredient : IngredientsOf(module)) {
    const wasm::Module without = Ablate(module, ingredient);
    EXPECT_FALSE(HasIngredient(without, ingredient)) << ingredient;
    EXPECT_EQ(IngredientsOf(without).size(), 3u) << ingredient;
    EXPECT_TRUE(diff::Prepare({without, {}})) << ingredient;
  }
}

TEST(Ingredients, WithoutItAModuleStaysAsItWas) {
  const wasm::Module module = text::ReadModule(kSource).value();
  EXPECT_EQ(text::PrintModule(Ablate(module, "table.get")), text::PrintModule(module));
}

}  // namespace
}  // namespace slabhound::cause
