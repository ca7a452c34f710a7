// What a validation error says to a person: names beside indices, both of the types that differ.
#include <gtest/gtest.h>

#include <memory>

#include "text/wat.h"
#include "valid/valid_module.h"

namespace slabhound::valid {
namespace {

std::string MessageOf(std::string_view source) {
  auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  if (!module) return {};
  wasm::TypeStore types;
  const auto valid = Validate(std::make_shared<const wasm::Module>(*std::move(module)), types);
  return valid ? "" : text::Located(valid.error(), source).Message();
}

TEST(Message, NamesStandBesideIndicesAndBothTypesAreTold) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"(type $a (struct)) (type $b (struct (field i32)))\n"
       "(func (param $x (ref $b)) (local $y (ref $a)) (local.set $y (local.get $x)))",
       "invalid: type mismatch at 2:48: local.set needs (ref $a (;0;)) but the stack has "
       "(ref $b (;1;))"},
      {"(type (struct)) (func (param (ref null 0)) (call 0 (i32.const 1)))",
       "invalid: type mismatch at 1:45: call needs (ref null 0) but the stack has i32"},
      {"(func (drop (i32.add (i32.const 1))))",
       "invalid: type mismatch at 1:14: i32.add needs i32 but finds too few operands"},
      {"(func (local $x (ref func)) (drop (local.get $x)))",
       "invalid: uninitialized local at 1:36: $x (;0;)"},
      {"(global $g i32 (i32.const 0)) (func (global.set $g (i32.const 1)))",
       "invalid: immutable global at 1:38: $g (;0;)"},
      {"(func $f) (func (drop (ref.func $f)))",
       "invalid: undeclared function reference at 1:24: $f (;0;)"},
      {"(type $f (func)) (func (drop (struct.new $f)))",
       "invalid: type mismatch at 1:31: type $f (;0;) is no structure type"},
      {"(type $a (sub (struct (field i32)))) (type $b (sub $a (struct)))",
       "invalid: sub type at 1:38: type $b (;1;) does not match its supertype $a (;0;)"},
      {"(type $a (array (mut funcref))) (elem $e anyref) (func (array.init_elem $a $e\n"
       "(ref.null $a) (i32.const 0) (i32.const 0) (i32.const 0)))",
       "invalid: type mismatch at 1:57: segment $e (;0;) of (ref null any) does not match the "
       "array of (ref null func)"},
  };
  for (const auto& [source, message] : cases) EXPECT_EQ(MessageOf(source), message) << source;
}

TEST(Message, AGlobalThatIsDeclaredLaterIsCalledSo) {
  const std::string why =
      " is declared later than its use: a constant expression sees only the globals before it, and "
      "tables come before globals";
  EXPECT_EQ(MessageOf("(global $g funcref (ref.null func))\n(table 1 funcref (global.get $g))"),
            "invalid: unknown global at 2:19: $g (;0;)" + why);
  EXPECT_EQ(MessageOf("(global i32 (global.get 1)) (global i32 (i32.const 0))"),
            "invalid: unknown global at 1:14: 1" + why);
  EXPECT_EQ(MessageOf("(global i32 (global.get 7))"), "invalid: unknown global at 1:14: 7");
}

// A canonical type is told by an index of the module that holds it.
TEST(Message, TypesAreTheModulesOwn) {
  EXPECT_EQ(MessageOf("(type $a (struct)) (type $same (struct)) (type $b (struct (field i32)))\n"
                      "(func (param (ref $b)) (result (ref $same)) (local.get 0))"),
            "invalid: type mismatch at 2:58: end needs (ref $a (;0;)) but the stack has "
            "(ref $b (;2;))");
}

}  // namespace
}  // namespace slabhound::valid
