// Goal: what the embedder sees: handles, identity, conversions at the border, instantiation that
// fails half-way.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using embed::RefKind;
using wasm::AbstractHeap;
using wasm::ExternKind;
using wasm::HeapType;
using wasm::ValType;
using Op = wasm::Opcode;

const ValType kAny = ValType::Ref(AbstractHeap::Any, true);
const ValType kExtern = ValType::Ref(AbstractHeap::Extern, true);

// struct { mut i8, mut anyref }, and functions that make and link it.
Assembly Nodes() {
  Assembly module;
  const uint32_t node =
      module.AddType(wasm::StructType{{{wasm::StorageType::I8, true}, {kAny, true}}});
  const uint32_t to_any = module.AddFuncType({}, {kAny});
  module.AddFunction(
      to_any, {},
      {Const(0x1ff), In(Op::RefNull, HeapType(AbstractHeap::Any).code()), In(Op::StructNew, node)},
      "new");
  const ValType local = ValType::Ref(HeapType::Index(node), true);
  module.AddFunction(to_any, {local},
                     {In(Op::StructNewDefault, node), In(Op::LocalTee, 0), In(Op::LocalGet, 0),
                      In(Op::StructSet, node, 1), In(Op::LocalGet, 0)},
                     "cycle");
  module.AddFunction(module.AddFuncType({kAny}, {kExtern}), {},
                     {In(Op::LocalGet, 0), In(Op::ExternConvertAny)}, "externalize");
  module.AddFunction(module.AddFuncType({kExtern}, {kAny}), {},
                     {In(Op::LocalGet, 0), In(Op::AnyConvertExtern)}, "internalize");
  module.AddFunction(module.AddFuncType({kAny}, {ValType::I32}), {},
                     {In(Op::LocalGet, 0), In(Op::RefTest, HeapType(AbstractHeap::Eq).code())},
                     "is_eq");
  return module;
}

embed::Value Only(const embed::Outcome& outcome) {
  return std::get<embed::Returned>(outcome).values.at(0);
}

TEST(Handles, NameObjectsUntilTheyAreReleased) {
  Rig rig;
  rig.Instantiate(Nodes());
  embed::Machine& machine = rig.machine();
  const embed::Ref kept = Only(rig.Call("new")).ref;
  const size_t mark = machine.HandleMark();
  const embed::Ref other = Only(rig.Call("new")).ref;
  EXPECT_NE(machine.Identity(kept), machine.Identity(other));
  machine.ReleaseHandles(mark);
  EXPECT_EQ(machine.HandleMark(), mark);
  EXPECT_EQ(machine.ReadField(kept, 0)->bits, 0xff);  // packed, zero-extended
  EXPECT_EQ(machine.ReadField(kept, 1)->ref.kind, RefKind::Null);
  EXPECT_EQ(machine.Inspect(kept)->field_count, 2);
  EXPECT_DEATH(static_cast<void>(machine.Inspect(other)), "broken invariant");
}

TEST(Handles, TwoOfOneObjectHaveOneIdentity) {
  Rig rig;
  rig.Instantiate(Nodes());
  const embed::Ref node = Only(rig.Call("cycle")).ref;
  const embed::Ref self = rig.machine().ReadField(node, 1)->ref;
  EXPECT_EQ(self.kind, RefKind::Struct);
  EXPECT_EQ(rig.machine().Identity(self), rig.machine().Identity(node));
}

TEST(Border, AnObjectGoesOutAsExternAndComesBack) {
  Rig rig;
  rig.Instantiate(Nodes());
  const embed::Value node = Only(rig.Call("new"));
  const embed::Value outside = Only(rig.Call("externalize", {node}));
  EXPECT_EQ(outside.type, kExtern);
  const embed::Value back = Only(rig.Call("internalize", {outside}));
  EXPECT_EQ(back.type, kAny);
  EXPECT_EQ(rig.machine().Identity(back.ref), rig.machine().Identity(node.ref));
  EXPECT_EQ(Text(rig.Call("is_eq", {back})), "1");
}

TEST(Border, AHostObjectIsAnyButNotEq) {
  Rig rig;
  rig.Instantiate(Nodes());
  const embed::Value host = embed::Value::Reference(kExtern, {RefKind::Host, 7});
  const embed::Value inside = Only(rig.Call("internalize", {host}));
  EXPECT_EQ(inside.ref, (embed::Ref{RefKind::Host, 7}));
  EXPECT_EQ(Text(rig.Call("is_eq", {inside})), "0");
  const embed::Value number = embed::Value::Reference(kAny, {RefKind::I31, 5});
  EXPECT_EQ(Text(rig.Call("is_eq", {number})), "1");
}

TEST(Border, TablesAreReadAndWrittenByTheirElementType) {
  Rig rig;
  rig.Instantiate(Nodes());
  embed::Machine& machine = rig.machine();
  const embed::TableAddr table = machine.AddTable({kExtern, {2, {}, false}}, {});
  const embed::Ref node = Only(rig.Call("new")).ref;
  machine.WriteTable(table, 1, node);
  const auto read = machine.ReadTable(table, 1);
  EXPECT_EQ(read->type, kExtern);
  EXPECT_EQ(machine.Identity(read->ref), machine.Identity(node));
  EXPECT_EQ(machine.ReadTable(table, 0)->ref.kind, RefKind::Null);
}

std::array<uint32_t, 5> Counts(embed::Machine& machine) {
  std::array<uint32_t, 5> counts{};
  for (size_t i = 0; i < counts.size(); ++i) {
    counts[i] = machine.AddressCount(static_cast<ExternKind>(i));
  }
  return counts;
}

TEST(Instantiation, ElementExpressionsAreEvaluatedOnce) {
  Assembly module;
  const uint32_t node = module.AddType(wasm::StructType{});
  const uint32_t array = module.AddType(wasm::ArrayType{{kAny, true}});
  wasm::ElemSegment segment;
  segment.type = kAny;
  segment.items.push_back(Assembly::MakeBody({In(Op::StructNew, node)}));
  module.module.elems.push_back(segment);
  module.AddFunction(module.AddFuncType({}, {kAny}), {},
                     {Const(0), Const(1), In(Op::ArrayNewElem, array, 0)}, "take");
  Rig rig;
  rig.Instantiate(module);
  const embed::Ref first = rig.machine().ReadField(Only(rig.Call("take")).ref, 0)->ref;
  const embed::Ref second = rig.machine().ReadField(Only(rig.Call("take")).ref, 0)->ref;
  EXPECT_EQ(first.kind, RefKind::Struct);
  EXPECT_EQ(rig.machine().Identity(first), rig.machine().Identity(second));
}

TEST(Instantiation, WhatFailsInAnInitializerLeavesNoAddress) {
  embed::Limits limits;
  limits.object_bytes_max = 100;
  Assembly module;
  const uint32_t bytes = module.AddType(wasm::ArrayType{{wasm::StorageType::I8, true}});
  module.AddGlobal(ValType::I32, {Const(1)});
  module.AddGlobal(kAny, {Const(101), In(Op::ArrayNewDefault, bytes)});
  module.AddFunction(module.AddFuncType({}, {}), {}, {});
  module.AddMemory(1);
  module.AddTable(kAny, 1);
  Rig rig(limits);
  const auto failed = rig.TryInstantiate(module);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(Text(failed.error()), "exhausted heap");
  EXPECT_EQ(Counts(rig.machine()), (std::array<uint32_t, 5>{}));
  module.module.globals.pop_back();
  rig.Instantiate(module);
  EXPECT_EQ(Counts(rig.machine()), (std::array<uint32_t, 5>{1, 1, 1, 1, 0}));
}

TEST(Instantiation, WhatFailsInASegmentLeavesItsEffects) {
  Assembly module;
  module.AddImport(wasm::MemoryType{{1, {}, false}});
  for (const uint32_t offset : {uint32_t{0}, uint32_t{65535}}) {
    wasm::DataSegment segment;
    segment.mode = wasm::SegmentMode::Active;
    segment.memory_offset = Assembly::MakeBody({Const(offset)});
    segment.bytes = {1, 2};
    module.module.datas.push_back(segment);
  }
  Rig rig;
  const embed::MemoryAddr memory = rig.machine().AddMemory({{1, {}, false}});
  const auto failed = rig.TryInstantiate(module, {{ExternKind::Memory, memory}});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(Text(failed.error()), "trap MemoryOutOfBounds");
  EXPECT_EQ(rig.machine().MemoryBytes(memory)[1], 2);
  EXPECT_EQ(rig.machine().MemoryBytes(memory)[65535], 0);
}

TEST(Instantiation, ATrapInTheStartFunctionIsItsFailure) {
  Assembly module;
  module.module.start =
      module.AddFunction(module.AddFuncType({}, {}), {}, {In(Op::Unreachable)}, "start");
  Rig rig;
  const auto failed = rig.TryInstantiate(module);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(Text(failed.error()), "trap Unreachable");
}

TEST(Instantiation, MinimaBeyondTheLimitsExhaustTheHeap) {
  embed::Limits limits;
  limits.memory_pages_max = 3;
  limits.memory_pages_total_max = 4;
  limits.table_elements_max = 10;
  limits.table_elements_total_max = 15;
  const auto result = [&](std::vector<uint64_t> memories, std::vector<uint64_t> tables) {
    Assembly module;
    for (const uint64_t pages : memories) module.AddMemory(pages);
    for (const uint64_t size : tables) module.AddTable(kAny, size);
    Rig rig(limits);
    const auto instance = rig.TryInstantiate(module);
    return instance ? std::string("fits") : Text(instance.error());
  };
  EXPECT_EQ(result({3, 1}, {10, 5}), "fits");
  EXPECT_EQ(result({4}, {}), "exhausted heap");
  EXPECT_EQ(result({3, 2}, {}), "exhausted heap");
  EXPECT_EQ(result({}, {11}), "exhausted heap");
  EXPECT_EQ(result({}, {10, 6}), "exhausted heap");
  EXPECT_EQ(result({}, {0xffff'ffff}), "exhausted heap");
}

}  // namespace
}  // namespace slabhound::oracle
