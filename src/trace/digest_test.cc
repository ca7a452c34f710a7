// Goal: two graphs have one digest exactly when they are isomorphic as far as the bounds reach, on
// the oracle and on the slab engine alike.
#include "trace/digest.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "trace/fixture.h"

namespace slabhound::trace {
namespace {

using machine::Machine;
using machine::RefKind;
using machine::Value;

constexpr uint32_t kFieldsMax = 1'000'000;
constexpr uint32_t kObjectsMax = 1'000;
constexpr wasm::ValType kExternRef = wasm::ValType::Ref(wasm::AbstractHeap::Extern, true);

// $cell and $twin differ in being open; $wide has a field more.
constexpr const char* kDefinitions = R"(
  (type $cell (struct (field (mut i32)) (field (mut anyref)) (field (mut anyref))))
  (type $twin (sub (struct (field (mut i32)) (field (mut anyref)) (field (mut anyref)))))
  (type $wide (struct (field i32) (field anyref) (field anyref) (field anyref)))
  (type $i8s (array (mut i8)))
  (type $i16s (array (mut i16)))
  (type $call (struct (field funcref)))
  (type $throw (struct (field exnref) (field exnref)))
  (tag $tag (param i32)) (tag $other (param i32))
  (func $f) (func $g) (func $h (param i32)) (func $i (param (ref any))) (func $j (param (ref any)))
  (elem declare func $f $g $h $i $j)
  (func $exn (param i32) (result exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught)
        (if (i32.and (local.get 0) (i32.const 1)) (then (throw $tag (local.get 0))))
        (throw $other (i32.const 0)))
      unreachable))
  (func (export "array") (param i32) (result anyref) (array.new_default $i8s (local.get 0)))
  (func $list (export "list") (param i32) (result anyref)
    (local $list anyref)
    (loop $again
      (local.set $list (struct.new $cell (local.get 0) (local.get $list) (ref.null none)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get $list))
)";

// A function `0`, `1`, … for each body, with locals of type $cell and a host object as parameter.
std::string ModuleOf(const std::vector<std::string>& bodies) {
  std::string source = kDefinitions;
  for (size_t i = 0; i < bodies.size(); ++i) {
    source += fmt::format(
        "(func (export \"{}\") (param $host externref) (result anyref)\n"
        "  (local $a (ref null $cell)) (local $b (ref null $cell)) {})\n",
        i, bodies[i]);
  }
  return source;
}

class Instance {
 public:
  Instance(std::unique_ptr<Machine> machine, const testcase::Prepared& prepared)
      : machine_(std::move(machine)), id_(*machine_->Instantiate(prepared.module, {})) {}

  Machine& machine() { return *machine_; }
  Value Call(std::string_view name, const Value& argument) {
    const auto outcome =
        machine_->Call(machine_->FindExport(id_, name)->address, std::span(&argument, 1));
    const auto* returned = std::get_if<machine::Returned>(&outcome);
    EXPECT_NE(returned, nullptr) << name;
    return returned == nullptr ? Value::I32(0) : returned->values.front();
  }
  Value List(uint32_t length) { return Call("list", Value::I32(length)); }

  // Of the root's walk.
  uint64_t Hash(const Value& root, uint32_t objects_max = kObjectsMax,
                uint32_t fields_max = kFieldsMax) {
    WalkBudget budget{fields_max};
    Digest digest(*machine_, objects_max, budget);
    digest.Add(root);
    EXPECT_TRUE(digest.Walk().has_value());
    return digest.hash();
  }

 private:
  std::unique_ptr<Machine> machine_;
  machine::InstanceId id_;
};

class DigestTest : public testing::Test {
 protected:
  explicit DigestTest(const std::vector<std::string>& bodies = {})
      : prepared_(PreparedText(ModuleOf(bodies))),
        oracle_(MakeOracle(prepared_), prepared_),
        slab_(MakeSlab(prepared_), prepared_) {}

  // What both engines come to, which must be the same.
  template <typename Function>
  auto OnBoth(const Function& function) {
    const auto result = function(oracle_);
    EXPECT_EQ(result, function(slab_));
    return result;
  }

 private:
  testcase::Prepared prepared_;
  Instance oracle_, slab_;
};

class Graphs : public DigestTest {
 public:
  explicit Graphs(const std::vector<std::string>& bodies) : DigestTest(bodies) {}
  uint64_t HashOf(size_t body, uint32_t host = 1) {
    return OnBoth([&](Instance& on) {
      return on.Hash(
          on.Call(std::to_string(body), Value::Reference(kExternRef, {RefKind::Host, host})));
    });
  }
  void TestBody() override {}
};

// The digests are all different.
void ExpectDifferent(const std::vector<std::string>& bodies) {
  Graphs graphs(bodies);
  std::map<uint64_t, std::string> seen;
  for (size_t i = 0; i < bodies.size(); ++i) {
    const auto [other, is_new] = seen.emplace(graphs.HashOf(i), bodies[i]);
    EXPECT_TRUE(is_new) << bodies[i] << "\nis as\n" << other->second;
  }
}

// The digests are all the same.
void ExpectSame(const std::vector<std::string>& bodies) {
  Graphs graphs(bodies);
  for (size_t i = 1; i < bodies.size(); ++i) {
    EXPECT_EQ(graphs.HashOf(i), graphs.HashOf(0)) << bodies[i] << "\nis not as\n" << bodies[0];
  }
}

const std::string kLeaf = "(struct.new $cell (i32.const 7) (ref.null none) (ref.null none))";

TEST(Digest, EachChangedFieldMakesAnother) {
  ExpectDifferent({
      "(ref.null none)",
      "(ref.i31 (i32.const 1))",
      "(ref.i31 (i32.const 2))",
      "(struct.new $cell (i32.const 1) (ref.null none) (ref.null none))",
      "(struct.new $cell (i32.const 2) (ref.null none) (ref.null none))",
      "(struct.new $cell (i32.const 1) (ref.i31 (i32.const 1)) (ref.null none))",
      "(struct.new $cell (i32.const 1) (ref.i31 (i32.const 2)) (ref.null none))",
      "(struct.new $cell (i32.const 1) (ref.null none) (ref.i31 (i32.const 1)))",
      "(struct.new $cell (i32.const 1) (any.convert_extern (local.get $host)) (ref.null none))",
      "(struct.new $cell (i32.const 1) (ref.null none) " + kLeaf + ")",
      "(struct.new $cell (i32.const 1) " + kLeaf + "(ref.null none))",
  });
}

TEST(Digest, TypesAndLengthsCount) {
  ExpectDifferent({
      "(struct.new $cell (i32.const 0) (ref.null none) (ref.null none))",
      "(struct.new $twin (i32.const 0) (ref.null none) (ref.null none))",
      "(struct.new $wide (i32.const 0) (ref.null none) (ref.null none) (ref.null none))",
      "(array.new_default $i8s (i32.const 0))",
      "(array.new_default $i8s (i32.const 1))",
      "(array.new_default $i8s (i32.const 2))",
      "(array.new_default $i16s (i32.const 2))",
      "(array.new $i16s (i32.const 1) (i32.const 2))",
      "(array.new_fixed $i16s 2 (i32.const 0) (i32.const 1))",
      "(array.new_fixed $i16s 2 (i32.const 1) (i32.const 0))",
  });
}

TEST(Digest, SharingAndCyclesCount) {
  const std::string two = "(local.set $a " + kLeaf + ") (local.set $b " + kLeaf + ")";
  const std::string pair = "(struct.new $cell (i32.const 0) ";
  const std::string link = "(struct.set $cell 1 (local.get $a) ";
  ExpectDifferent({
      two + pair + "(local.get $a) (local.get $b))",
      two + pair + "(local.get $a) (local.get $a))",
      // a leaf; to itself; to b; to b and back; to b, which is to itself
      two + "(local.get $a)",
      two + link + "(local.get $a)) (local.get $a)",
      two + link + "(local.get $b)) (local.get $a)",
      two + link + "(local.get $b)) (struct.set $cell 1 (local.get $b) (local.get $a)) " +
          "(local.get $a)",
      two + link + "(local.get $b)) (struct.set $cell 1 (local.get $b) (local.get $b)) " +
          "(local.get $a)",
  });
}

TEST(Digest, HostObjectsCountByTheirNumber) {
  Graphs graphs({"(any.convert_extern (local.get $host))",
                 "(struct.new $cell (i32.const 0) (any.convert_extern (local.get $host)) "
                 "(ref.null none))"});
  for (size_t body : {0, 1}) {
    EXPECT_NE(graphs.HashOf(body, 1), graphs.HashOf(body, 2));
    EXPECT_EQ(graphs.HashOf(body, 2), graphs.HashOf(body, 2));
  }
}

// By number where Wasm can ask for it, else by type.
TEST(Digest, FunctionsCountAsFarAsWasmCanTell) {
  ExpectDifferent({"(struct.new $call (ref.null func))", "(struct.new $call (ref.func $f))",
                   "(struct.new $call (ref.func $g))", "(struct.new $call (ref.func $h))",
                   "(struct.new $call (ref.func $i))"});
  ExpectSame({"(struct.new $call (ref.func $i))", "(struct.new $call (ref.func $j))"});
}

TEST(Digest, ExceptionsCountByTagAndPayloadButHaveNoIdentity) {
  const std::string one = "(call $exn (i32.const 1))";
  ExpectDifferent({"(struct.new $throw " + one + one + ")",
                   "(struct.new $throw " + one + "(call $exn (i32.const 3)))",
                   "(struct.new $throw " + one + "(call $exn (i32.const 0)))",
                   "(struct.new $throw " + one + "(ref.null exn))"});
  Graphs graphs({"(struct.new $throw " + one + one + ")",
                 "(local $e exnref) (local.set $e " + one +
                     ") (struct.new $throw (local.get $e) (local.get $e))"});
  EXPECT_EQ(graphs.HashOf(0), graphs.HashOf(1));
}

TEST(Digest, TheHistoryOfAGraphDoesNotCount) {
  const std::string garbage = "(drop (call $list (i32.const 20)))";
  const std::string pair = "(struct.new $cell (i32.const 0) ";
  const std::string set = "(struct.set $cell 1 (local.get $b) ";
  const std::string other = "(struct.new $cell (i32.const 8) (ref.null none) (ref.null none))";
  ExpectSame({
      pair + kLeaf + other + ")",
      garbage + pair + kLeaf + garbage + other + ")",
      "(local.set $a " + other + ")" + pair + kLeaf + "(local.get $a))",
      // the parent first
      "(local.set $b " + pair +
          "(ref.null none) (ref.null none))) (struct.set $cell 2 "
          "(local.get $b) " +
          other + ")" + garbage + set + kLeaf + ") (local.get $b)",
      // what was overwritten
      "(local.set $b " + pair + other + other + "))" + set + kLeaf + ") (local.get $b)",
  });
  ExpectSame({"(array.new $i16s (i32.const 0x1ffff) (i32.const 3))",
              "(array.new_fixed $i16s 3 (i32.const 0xffff) (i32.const -1) (i32.const 0xffff))"});
}

TEST_F(DigestTest, AWalkVisitsSoManyObjects) {
  const auto hash = [this](uint32_t length, uint32_t objects_max) {
    return OnBoth([&](Instance& on) { return on.Hash(on.List(length), objects_max); });
  };
  // The cells hold their places in the list, from 1.
  EXPECT_EQ(hash(20, 10), hash(30, 10));
  EXPECT_NE(hash(20, 10), hash(10, 10));
  EXPECT_NE(hash(20, 10), hash(20, 11));
  EXPECT_NE(hash(20, 21), hash(19, 21));
  EXPECT_EQ(hash(20, 20), hash(20, 21));
  EXPECT_NE(hash(1, 0), 0u);
}

TEST_F(DigestTest, AWalkReadsSoManyFields) {
  const auto hash = [this](uint32_t length, uint32_t fields_max) {
    return OnBoth([&](Instance& on) { return on.Hash(on.List(length), kObjectsMax, fields_max); });
  };
  EXPECT_EQ(hash(20, 30), hash(21, 30));  // ten cells
  EXPECT_NE(hash(10, 30), hash(20, 30));
  EXPECT_NE(hash(20, 30), hash(20, 31));
  EXPECT_EQ(hash(20, 60), hash(20, 61));
}

TEST_F(DigestTest, ALengthCountsBeyondTheFieldsThatAreRead) {
  const auto hash = [this](uint32_t length) {
    return OnBoth([&](Instance& on) {
      return on.Hash(on.Call("array", Value::I32(length)), kObjectsMax, 10);
    });
  };
  EXPECT_NE(hash(100), hash(101));
}

TEST_F(DigestTest, TheBudgetIsSharedByWalks) {
  OnBoth([](Instance& on) {
    WalkBudget budget{3 * 15};
    for (const uint32_t left : {3 * 5, 0}) {
      Digest digest(on.machine(), kObjectsMax, budget);
      digest.Add(on.List(10));
      EXPECT_TRUE(digest.Walk().has_value());
      EXPECT_EQ(budget.fields, left);
    }
    return 0;
  });
}

TEST_F(DigestTest, AnExtendedWalkGoesOnWhereItWasCut) {
  const auto walk = [this](uint32_t length, uint32_t first, uint32_t second) {
    return OnBoth([&](Instance& on) {
      WalkBudget budget{kFieldsMax};
      Digest digest(on.machine(), first, budget);
      const Value list = on.List(length);
      EXPECT_EQ(digest.Add(list), 0u);
      EXPECT_EQ(digest.Add(list), 0u);
      EXPECT_TRUE(digest.Walk().has_value());
      EXPECT_EQ(digest.object_count(), std::min(length, first));
      digest.Extend(second);
      EXPECT_TRUE(digest.Walk().has_value());
      EXPECT_EQ(digest.object_count(), std::min(length, second));
      return digest.hash();
    });
  };
  EXPECT_EQ(walk(40, 10, 20), walk(50, 10, 20));
  EXPECT_NE(walk(40, 10, 20), walk(40, 10, 21));
  EXPECT_NE(walk(30, 10, 40), walk(31, 10, 40));
  EXPECT_NE(walk(30, 10, 40), walk(30, 11, 40));
}

TEST_F(DigestTest, ARootBeyondTheBoundHasNoNumber) {
  OnBoth([](Instance& on) {
    WalkBudget budget{kFieldsMax};
    Digest digest(on.machine(), 1, budget);
    const Value first = on.List(1), second = on.List(1);
    EXPECT_EQ(TellRoot(on.machine(), first, digest.Add(first)), (Told{ToldKind::Root, 0}));
    EXPECT_EQ(TellRoot(on.machine(), second, digest.Add(second)), (Told{ToldKind::Cut, 0}));
    EXPECT_EQ(TellRoot(on.machine(), first, digest.Add(first)), (Told{ToldKind::Root, 0}));
    EXPECT_EQ(TellRoot(on.machine(), Value::I32(5), digest.Add(Value::I32(5))),
              (Told{ToldKind::I32, 5}));
    return digest.hash();
  });
}

TEST_F(DigestTest, AValueIsToldByItsWalk) {
  OnBoth([](Instance& on) {
    WalkBudget budget{kFieldsMax};
    const Value list = on.List(kValueObjectsMax + 1);
    const auto told = TellValue(on.machine(), list, budget);
    EXPECT_EQ(*told, (Told{ToldKind::Object, on.Hash(list, kValueObjectsMax)}));
    EXPECT_EQ(*TellValue(on.machine(), Value::I64(5), budget), (Told{ToldKind::I64, 5}));
    EXPECT_EQ(*TellValue(on.machine(), Value::Reference(kExternRef, {RefKind::Host, 5}), budget),
              (Told{ToldKind::Host, 5}));
    EXPECT_EQ(*TellValue(on.machine(), Value::Reference(kExternRef, {}), budget),
              (Told{ToldKind::Null, 0}));
    return told->bits;
  });
}

}  // namespace
}  // namespace slabhound::trace
