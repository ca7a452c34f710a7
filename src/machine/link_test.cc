// Goal: import matching says yes and no as the specification does (4.5.3, 3.3.11 to 3.3.16).
// Method: a machine that knows nothing but the types of one function, table, memory, global, tag.
#include "machine/link.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace slabhound::machine {
namespace {

using wasm::AbstractHeap;
using wasm::ExternKind;
using wasm::TypeId;
using wasm::ValType;

const ValType kFuncRef = ValType::Ref(AbstractHeap::Func, true);

class TypesOnly : public Machine {
 public:
  explicit TypesOnly(wasm::TypeStore& types) : types_(types) {}

  TypeId function{}, tag{};
  wasm::TableType table{kFuncRef, {}};
  wasm::MemoryType memory;
  wasm::GlobalType global;

  const Limits& limits() const override { return limits_; }
  wasm::TypeStore& types() override { return types_; }
  const wasm::TypeStore& types() const override { return types_; }
  TypeId FunctionType(FuncAddr) const override { return function; }
  wasm::TableType TableTypeOf(TableAddr) const override { return table; }
  wasm::MemoryType MemoryTypeOf(MemoryAddr) const override { return memory; }
  wasm::GlobalType GlobalTypeOf(GlobalAddr) const override { return global; }
  TypeId TagType(TagAddr) const override { return tag; }
  uint32_t AddressCount(ExternKind) const override { return 1; }

  uint64_t fuel() const override { UNREACHABLE(); }
  void SetFuel(uint64_t) override { UNREACHABLE(); }
  FuncAddr AddHostFunction(TypeId, HostFunction, bool) override { UNREACHABLE(); }
  TableAddr AddTable(const wasm::TableType&, Ref) override { UNREACHABLE(); }
  MemoryAddr AddMemory(const wasm::MemoryType&) override { UNREACHABLE(); }
  GlobalAddr AddGlobal(const wasm::GlobalType&, const Value&) override { UNREACHABLE(); }
  TagAddr AddTag(TypeId) override { UNREACHABLE(); }
  Result<InstanceId, InstantiationFailure> Instantiate(const valid::ValidModule&,
                                                       std::span<const Extern>) override {
    UNREACHABLE();
  }
  std::optional<Extern> FindExport(InstanceId, std::string_view) const override { UNREACHABLE(); }
  Outcome Call(FuncAddr, std::span<const Value>) override { UNREACHABLE(); }
  Result<Value, Panic> ReadGlobal(GlobalAddr) override { UNREACHABLE(); }
  Result<Value, Panic> ReadTable(TableAddr, uint64_t) override { UNREACHABLE(); }
  void WriteTable(TableAddr, uint64_t, Ref) override { UNREACHABLE(); }
  const LinearMemory& MemoryOf(MemoryAddr) const override { UNREACHABLE(); }
  Result<ObjectInfo, Panic> Inspect(Ref) override { UNREACHABLE(); }
  Result<Value, Panic> ReadField(Ref, uint32_t) override { UNREACHABLE(); }
  uint64_t Identity(Ref) const override { UNREACHABLE(); }
  Result<Ref, Failure> NewException(TagAddr, std::span<const Value>) override { UNREACHABLE(); }
  size_t HandleMark() const override { UNREACHABLE(); }
  void ReleaseHandles(size_t) override { UNREACHABLE(); }
  Result<void, Panic> CollectGarbage() override { UNREACHABLE(); }

 private:
  wasm::TypeStore& types_;
  Limits limits_;
};

class Link : public testing::Test {
 protected:
  TypeId AddType(wasm::SubType type) {
    std::vector<TypeId> known;
    std::vector<wasm::SubType> group = {std::move(type)};
    for (const uint32_t super : group[0].supers) known.resize(super + 1, TypeId{super});
    for (size_t i = 0; i < known.size(); ++i) known[i] = static_cast<TypeId>(i);
    const auto first = static_cast<uint32_t>(known.size());
    std::vector<wasm::SubType> all(first);
    all.push_back(group[0]);
    return types_.AddGroup(all, first, 1, known);
  }

  bool Matches(const wasm::ImportType& wanted, ExternKind given) {
    auto module = std::make_shared<wasm::Module>();
    module->imports.push_back({"m", "n", wanted, 0});
    valid::ValidModule valid;
    valid.types = &types_;
    switch (module->imports[0].kind()) {
      case ExternKind::Func:
        valid.functions.push_back(static_cast<TypeId>(std::get<wasm::FuncRef>(wanted).type));
        break;
      case ExternKind::Table:
        valid.tables.push_back(std::get<wasm::TableType>(wanted));
        break;
      case ExternKind::Memory:
        valid.memories.push_back(std::get<wasm::MemoryType>(wanted));
        break;
      case ExternKind::Global:
        valid.globals.push_back(std::get<wasm::GlobalType>(wanted));
        break;
      case ExternKind::Tag:
        valid.tags.push_back(static_cast<TypeId>(std::get<wasm::TagType>(wanted).type));
        break;
    }
    valid.module = module;
    const Extern import{given, 0};
    const auto failure = CheckImports(machine_, valid, {&import, 1});
    EXPECT_EQ(failure ? failure->message : "", failure ? "incompatible import type: m.n" : "");
    return !failure;
  }

  wasm::TypeStore types_;
  TypesOnly machine_{types_};
};

TEST_F(Link, KindsMustBeEqual) {
  machine_.memory.limits.min = 1;
  EXPECT_TRUE(Matches(wasm::MemoryType{{1, {}, false}}, ExternKind::Memory));
  EXPECT_FALSE(Matches(wasm::MemoryType{{1, {}, false}}, ExternKind::Table));
}

TEST_F(Link, FunctionsMatchBySubtyping) {
  const TypeId super = AddType({false, {}, wasm::FuncType{}});
  const TypeId sub = AddType({true, {static_cast<uint32_t>(super)}, wasm::FuncType{}});
  machine_.function = sub;
  EXPECT_TRUE(Matches(wasm::FuncRef{static_cast<uint32_t>(super)}, ExternKind::Func));
  machine_.function = super;
  EXPECT_FALSE(Matches(wasm::FuncRef{static_cast<uint32_t>(sub)}, ExternKind::Func));
}

TEST_F(Link, LimitsMatchWhenTheGivenOnesLieWithin) {
  const auto matches = [&](wasm::Limits given, wasm::Limits wanted) {
    machine_.memory.limits = given;
    return Matches(wasm::MemoryType{wanted}, ExternKind::Memory);
  };
  EXPECT_TRUE(matches({2, 3, false}, {1, 4, false}));
  EXPECT_TRUE(matches({2, 3, false}, {2, {}, false}));
  EXPECT_FALSE(matches({1, 3, false}, {2, 4, false}));
  EXPECT_FALSE(matches({2, {}, false}, {1, 4, false}));
  EXPECT_FALSE(matches({2, 5, false}, {1, 4, false}));
  EXPECT_FALSE(matches({2, 3, true}, {1, 4, false}));
}

TEST_F(Link, TablesNeedEqualElements) {
  machine_.table = {kFuncRef, {1, {}, false}};
  EXPECT_TRUE(Matches(wasm::TableType{kFuncRef, {1, {}, false}}, ExternKind::Table));
  EXPECT_FALSE(
      Matches(wasm::TableType{kFuncRef.WithNullable(false), {1, {}, false}}, ExternKind::Table));
}

TEST_F(Link, ConstantGlobalsMatchBySubtypingAndMutableOnesByEquality) {
  const ValType narrow = kFuncRef.WithNullable(false);
  machine_.global = {narrow, false};
  EXPECT_TRUE(Matches(wasm::GlobalType{kFuncRef, false}, ExternKind::Global));
  EXPECT_FALSE(Matches(wasm::GlobalType{kFuncRef, true}, ExternKind::Global));
  machine_.global = {narrow, true};
  EXPECT_FALSE(Matches(wasm::GlobalType{kFuncRef, true}, ExternKind::Global));
  EXPECT_TRUE(Matches(wasm::GlobalType{narrow, true}, ExternKind::Global));
}

TEST_F(Link, TagsNeedEqualTypes) {
  const TypeId a = AddType({false, {}, wasm::FuncType{}});
  const TypeId b = AddType({true, {static_cast<uint32_t>(a)}, wasm::FuncType{}});
  machine_.tag = b;
  EXPECT_TRUE(Matches(wasm::TagType{static_cast<uint32_t>(b)}, ExternKind::Tag));
  EXPECT_FALSE(Matches(wasm::TagType{static_cast<uint32_t>(a)}, ExternKind::Tag));
}

TEST(Resolve, NamesTheFirstUnknownImport) {
  wasm::Module module;
  module.imports.push_back({"a", "b", wasm::FuncRef{0}, 0});
  module.imports.push_back({"a", "c", wasm::FuncRef{0}, 0});
  const auto resolved = ResolveImports(module, [](const wasm::Import& import) {
    return import.name == "b" ? std::optional(Extern{ExternKind::Func, 3}) : std::nullopt;
  });
  ASSERT_FALSE(resolved.has_value());
  EXPECT_EQ(resolved.error().message, "unknown import: a.c");
}

TEST(Resolve, ItsMessageIsOneShortLineWhateverTheName) {
  wasm::Module module;
  module.imports.push_back({"a\nb", std::string(1000, 'x'), wasm::FuncRef{0}, 0});
  const auto resolved = ResolveImports(module, [](const wasm::Import&) { return std::nullopt; });
  ASSERT_FALSE(resolved.has_value());
  EXPECT_EQ(resolved.error().message, "unknown import: a\\0ab." + std::string(60, 'x') + "…");
}

}  // namespace
}  // namespace slabhound::machine
