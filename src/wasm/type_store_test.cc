// Type identity and subtyping: twins that differ in one attribute are different types, groups that
// are equal after rolling are the same, whatever module and position they come from.
#include "wasm/type_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slabhound::wasm {
namespace {

using testing::ElementsAre;

SubType Struct(std::vector<FieldType> fields, bool is_final = true,
               std::vector<uint32_t> supers = {}) {
  return {is_final, std::move(supers), StructType{std::move(fields)}};
}
ValType To(uint32_t index, bool nullable = true) {
  return ValType::Ref(HeapType::Index(index), nullable);
}

// Interns groups as one module's type section would.
class Section {
 public:
  explicit Section(TypeStore& store) : store_(store) {}
  TypeId Add(std::vector<SubType> group) {
    const auto first = static_cast<uint32_t>(types_.size());
    const auto count = static_cast<uint32_t>(group.size());
    types_.insert(types_.end(), group.begin(), group.end());
    const TypeId base = store_.AddGroup(types_, first, count, ids_);
    for (uint32_t i = 0; i < count; ++i) ids_.push_back(TypeId{static_cast<uint32_t>(base) + i});
    return base;
  }
  TypeId operator[](size_t index) const { return ids_[index]; }

 private:
  TypeStore& store_;
  std::vector<SubType> types_;
  std::vector<TypeId> ids_;
};

TEST(TypeStore, TwinsThatDifferInOneAttributeAreDifferent) {
  const std::vector<SubType> twins = {
      Struct({{ValType::I32, false}}),
      Struct({{ValType::I32, true}}),          // mutability
      Struct({{ValType::I32, false}}, false),  // finality
      Struct({{ValType::I64, false}}),         // type
      Struct({{StorageType::I8, false}}),      // packing
      Struct({{StorageType::I16, false}}),
      Struct({{ValType::Ref(AbstractHeap::Any, true), false}}),
      Struct({{ValType::Ref(AbstractHeap::Any, false), false}}),  // nullability
      Struct({{ValType::Ref(AbstractHeap::Eq, true), false}}),    // heap type
      Struct({{ValType::I32, false}, {ValType::I32, false}}),     // length
      Struct({}),
      {true, {}, ArrayType{{ValType::I32, false}}},  // kind
      {true, {}, FuncType{{ValType::I32}, {}}},
      {true, {}, FuncType{{}, {ValType::I32}}},
  };
  TypeStore store;
  Section section(store), again(store);
  for (size_t i = 0; i < twins.size(); ++i)
    EXPECT_EQ(section.Add({twins[i]}), TypeId{static_cast<uint32_t>(i)});
  for (size_t i = 0; i < twins.size(); ++i) EXPECT_EQ(again.Add({twins[i]}), section[i]);
  EXPECT_EQ(store.size(), twins.size());
}

TEST(TypeStore, GroupMembershipIsPartOfIdentity) {
  TypeStore store;
  Section section(store);
  const TypeId alone = section.Add({Struct({})});
  const TypeId pair = section.Add({Struct({}), Struct({})});
  EXPECT_NE(alone, pair);
  EXPECT_FALSE(store.IsSubtype(alone, pair));
  EXPECT_EQ(section.Add({Struct({}), Struct({})}), pair);
  EXPECT_NE(section[1], section[2]);  // equal types at different places of one group
}

TEST(TypeStore, RecursiveGroupsAreEqualWhereverTheyStand) {
  TypeStore store;
  Section first(store), second(store);
  const TypeId list = first.Add({Struct({{To(0), true}})});
  second.Add({Struct({{ValType::I64, true}})});
  EXPECT_EQ(second.Add({Struct({{To(1), true}})}), list);
  const auto& structure = std::get<StructType>(store[list].composite);
  EXPECT_EQ(structure.fields[0].type.heap().index(), static_cast<uint32_t>(list));
}

TEST(TypeStore, ReferenceIntoTheGroupIsNotOneToAnEqualEarlierType) {
  TypeStore store;
  Section section(store);
  const TypeId list = section.Add({Struct({{To(0), true}})});
  // The same shape, but its field refers to the earlier list, not to itself.
  const TypeId outer = section.Add({Struct({{To(0), true}})});
  EXPECT_NE(list, outer);
}

TEST(TypeStore, OneGroupIsNotTwo) {
  TypeStore store;
  Section together(store), apart(store);
  const TypeId pair = together.Add({Struct({}), Struct({{To(0), false}})});
  apart.Add({Struct({})});
  const TypeId second = apart.Add({Struct({{To(0), false}})});
  EXPECT_NE(TypeId{static_cast<uint32_t>(pair) + 1}, second);
}

TEST(TypeStore, DisplaysNameTheAncestors) {
  TypeStore store;
  Section section(store);
  section.Add({Struct({}, false)});
  section.Add({Struct({}, false, {0}), Struct({{ValType::I32, true}}, false, {1})});
  section.Add({Struct({}, false, {0})});
  EXPECT_THAT(store.Display(section[2]), ElementsAre(section[0], section[1], section[2]));
  EXPECT_EQ(store.Depth(section[2]), 2u);
  EXPECT_TRUE(store.IsSubtype(section[2], section[0]));
  EXPECT_TRUE(store.IsSubtype(section[2], section[2]));
  EXPECT_FALSE(store.IsSubtype(section[0], section[2]));
  EXPECT_FALSE(store.IsSubtype(section[2], section[3]));
  EXPECT_EQ(store[section[1]].supers, std::vector<uint32_t>{static_cast<uint32_t>(section[0])});
}

TEST(TypeStore, DeepChainsAreDecidedByDepth) {
  TypeStore store;
  Section section(store);
  section.Add({Struct({}, false)});
  for (uint32_t i = 0; i < 63; ++i) section.Add({Struct({}, false, {i})});
  for (uint32_t i = 0; i < 64; ++i) {
    EXPECT_TRUE(store.IsSubtype(section[63], section[i]));
    EXPECT_EQ(store.IsSubtype(section[i], section[63]), i == 63);
  }
}

TEST(TypeStore, AbstractHeapTypesFormFourHierarchies) {
  using enum AbstractHeap;
  const std::vector<std::pair<AbstractHeap, std::vector<AbstractHeap>>> supers = {
      {None, {None, I31, Struct, Array, Eq, Any}},
      {I31, {I31, Eq, Any}},
      {AbstractHeap::Struct, {AbstractHeap::Struct, Eq, Any}},
      {Array, {Array, Eq, Any}},
      {Eq, {Eq, Any}},
      {Any, {Any}},
      {NoFunc, {NoFunc, Func}},
      {Func, {Func}},
      {NoExtern, {NoExtern, Extern}},
      {Extern, {Extern}},
      {NoExn, {NoExn, Exn}},
      {Exn, {Exn}}};
  ASSERT_EQ(supers.size(), kAbstractHeapCount);
  const TypeStore store;
  for (const auto& [heap, above] : supers) {
    for (uint8_t i = 0; i < kAbstractHeapCount; ++i) {
      const auto other = static_cast<AbstractHeap>(i);
      EXPECT_EQ(store.IsSubtype(HeapType(heap), HeapType(other)),
                std::ranges::count(above, other) == 1)
          << TypeText(HeapType(heap)) << " " << TypeText(HeapType(other));
    }
    EXPECT_EQ(store.Top(heap), above.back());
  }
}

TEST(TypeStore, ConcreteTypesStandBetweenTheirKindAndItsBottom) {
  TypeStore store;
  Section section(store);
  section.Add({Struct({})});
  section.Add({SubType{true, {}, ArrayType{{ValType::I32, true}}}});
  section.Add({SubType{true, {}, FuncType{}}});
  const auto heap = [&](size_t i) { return HeapType::Index(static_cast<uint32_t>(section[i])); };
  using enum AbstractHeap;
  const std::vector<std::vector<AbstractHeap>> above = {
      {AbstractHeap::Struct, Eq, Any}, {Array, Eq, Any}, {Func}};
  const std::vector<AbstractHeap> below = {None, None, NoFunc};
  for (size_t i = 0; i < 3; ++i) {
    for (uint8_t k = 0; k < kAbstractHeapCount; ++k) {
      const auto other = static_cast<AbstractHeap>(k);
      EXPECT_EQ(store.IsSubtype(heap(i), HeapType(other)),
                std::ranges::count(above[i], other) == 1);
      EXPECT_EQ(store.IsSubtype(HeapType(other), heap(i)), other == below[i]);
    }
    EXPECT_EQ(store.Top(heap(i)), above[i].back());
  }
}

TEST(TypeStore, NullabilityIsOneWay) {
  const TypeStore store;
  const ValType null = ValType::Ref(AbstractHeap::Eq, true),
                other = ValType::Ref(AbstractHeap::Eq, false);
  EXPECT_TRUE(store.IsSubtype(other, null));
  EXPECT_FALSE(store.IsSubtype(null, other));
  EXPECT_TRUE(store.IsSubtype(ValType::Bottom, other));
  EXPECT_FALSE(store.IsSubtype(ValType::I32, ValType::I64));
  EXPECT_FALSE(store.IsSubtype(ValType::I32, null));
}

}  // namespace
}  // namespace slabhound::wasm
