// Goal: what the embedder sees: handles, identity, conversions at the border, instantiation that
// fails half-way.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using machine::RefKind;
using wasm::AbstractHeap;
using wasm::Code;
using wasm::ExternKind;
using wasm::HeapType;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

const ValType kAny = ValType::Ref(AbstractHeap::Any, true);
const ValType kExtern = ValType::Ref(AbstractHeap::Extern, true);

// struct { mut i8, mut anyref }, and functions that make and link it.
ModuleBuilder Nodes() {
  ModuleBuilder module;
  const uint32_t node = module.Struct({{wasm::StorageType::I8, true}, {kAny, true}});
  const uint32_t to_any = module.Func({}, {kAny});
  module.Define(to_any, {},
                Code().I32(0x1ff).Heap(Op::RefNull, AbstractHeap::Any).Op(Op::StructNew, node),
                "new");
  Code cycle;
  cycle.Op(Op::StructNewDefault, node).Op(Op::LocalTee, 0);
  cycle.Op(Op::LocalGet, 0).Op(Op::StructSet, node, 1).Op(Op::LocalGet, 0);
  module.Define(to_any, {ValType::Ref(HeapType::Index(node), true)}, cycle, "cycle");
  const Code get = Code().Op(Op::LocalGet, 0);
  module.Define(module.Func({kAny}, {kExtern}), {}, Code(get).Op(Op::ExternConvertAny),
                "externalize");
  module.Define(module.Func({kExtern}, {kAny}), {}, Code(get).Op(Op::AnyConvertExtern),
                "internalize");
  module.Define(module.Func({kAny}, {ValType::I32}), {},
                Code(get).Heap(Op::RefTest, AbstractHeap::Eq), "is_eq");
  return module;
}

machine::Value Only(const machine::Outcome& outcome) {
  return std::get<machine::Returned>(outcome).values.at(0);
}

TEST(Handles, NameObjectsUntilTheyAreReleased) {
  Rig rig;
  rig.Instantiate(Nodes());
  machine::Machine& machine = rig.machine();
  const machine::Ref kept = Only(rig.Call("new")).ref;
  const size_t mark = machine.HandleMark();
  const machine::Ref other = Only(rig.Call("new")).ref;
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
  const machine::Ref node = Only(rig.Call("cycle")).ref;
  const machine::Ref self = rig.machine().ReadField(node, 1)->ref;
  EXPECT_EQ(self.kind, RefKind::Struct);
  EXPECT_EQ(rig.machine().Identity(self), rig.machine().Identity(node));
}

TEST(Handles, ThoseOfAHostCallEndWithItAndItsResultsStay) {
  ModuleBuilder caller;
  const uint32_t host = caller.Import(wasm::FuncRef{caller.Func({}, {kAny})});
  caller.Define(0, {}, Code().Op(Op::Call, host), "call");
  Rig rig;
  rig.Instantiate(Nodes());
  const uint32_t make = rig.Export("new");
  const uint32_t address = rig.machine().AddHostFunction(rig.FuncType({}, {kAny}),
                                                         [make](machine::Machine& machine, auto) {
                                                           for (int i = 0; i < 10; ++i)
                                                             machine.Call(make, {});
                                                           return machine.Call(make, {});
                                                         });
  rig.Instantiate(caller, {{ExternKind::Func, address}});
  const size_t mark = rig.machine().HandleMark();
  const machine::Value result = Only(rig.Call("call"));
  EXPECT_EQ(rig.machine().HandleMark(), mark + 1);
  EXPECT_EQ(rig.machine().ReadField(result.ref, 0)->bits, 0xff);
}

TEST(Border, AnObjectGoesOutAsExternAndComesBack) {
  Rig rig;
  rig.Instantiate(Nodes());
  const machine::Value node = Only(rig.Call("new"));
  const machine::Value outside = Only(rig.Call("externalize", {node}));
  EXPECT_EQ(outside.type, kExtern);
  const machine::Value back = Only(rig.Call("internalize", {outside}));
  EXPECT_EQ(back.type, kAny);
  EXPECT_EQ(rig.machine().Identity(back.ref), rig.machine().Identity(node.ref));
  EXPECT_EQ(Text(rig.Call("is_eq", {back})), "1");
}

TEST(Border, AHostObjectIsAnyButNotEq) {
  Rig rig;
  rig.Instantiate(Nodes());
  const machine::Value host = machine::Value::Reference(kExtern, {RefKind::Host, 7});
  const machine::Value inside = Only(rig.Call("internalize", {host}));
  EXPECT_EQ(inside.ref, (machine::Ref{RefKind::Host, 7}));
  EXPECT_EQ(Text(rig.Call("is_eq", {inside})), "0");
  const machine::Value number = machine::Value::Reference(kAny, {RefKind::I31, 5});
  EXPECT_EQ(Text(rig.Call("is_eq", {number})), "1");
}

TEST(Border, TablesAreReadAndWrittenByTheirElementType) {
  Rig rig;
  rig.Instantiate(Nodes());
  machine::Machine& machine = rig.machine();
  const machine::TableAddr table = machine.AddTable({kExtern, {2, {}, false}}, {});
  const machine::Ref node = Only(rig.Call("new")).ref;
  machine.WriteTable(table, 1, node);
  const auto read = machine.ReadTable(table, 1);
  EXPECT_EQ(read->type, kExtern);
  EXPECT_EQ(machine.Identity(read->ref), machine.Identity(node));
  EXPECT_EQ(machine.ReadTable(table, 0)->ref.kind, RefKind::Null);
}

std::array<uint32_t, 5> Counts(machine::Machine& machine) {
  std::array<uint32_t, 5> counts{};
  for (size_t i = 0; i < counts.size(); ++i) {
    counts[i] = machine.AddressCount(static_cast<ExternKind>(i));
  }
  return counts;
}

TEST(Instantiation, ElementExpressionsAreEvaluatedOnce) {
  ModuleBuilder module;
  const uint32_t node = module.Struct({}), array = module.Array({kAny, true});
  module.Elem(kAny, {Code().Op(Op::StructNew, node)});
  module.Define(module.Func({}, {kAny}), {}, Code().I32(0).I32(1).Op(Op::ArrayNewElem, array, 0),
                "take");
  Rig rig;
  rig.Instantiate(module);
  const machine::Ref first = rig.machine().ReadField(Only(rig.Call("take")).ref, 0)->ref;
  const machine::Ref second = rig.machine().ReadField(Only(rig.Call("take")).ref, 0)->ref;
  EXPECT_EQ(first.kind, RefKind::Struct);
  EXPECT_EQ(rig.machine().Identity(first), rig.machine().Identity(second));
}

TEST(Instantiation, WhatFailsInAnInitializerLeavesNoAddress) {
  machine::Limits limits;
  limits.object_bytes_max = 100;
  ModuleBuilder module;
  const uint32_t bytes = module.Array({wasm::StorageType::I8, true});
  module.Global(ValType::I32, true, Code().I32(1));
  module.Global(kAny, true, Code().I32(101).Op(Op::ArrayNewDefault, bytes));
  module.Define(module.Func({}), {}, Code());
  module.Memory({1, {}, false});
  module.Table(kAny, {1, {}, false});
  Rig rig(limits);
  const auto failed = rig.TryInstantiate(module);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(Text(failed.error()), "exhausted object-size");
  EXPECT_EQ(Counts(rig.machine()), (std::array<uint32_t, 5>{}));
  module.module().globals.pop_back();
  rig.Instantiate(module);
  EXPECT_EQ(Counts(rig.machine()), (std::array<uint32_t, 5>{1, 1, 1, 1, 0}));
}

TEST(Instantiation, WhatFailsInASegmentLeavesItsEffects) {
  ModuleBuilder module;
  const uint32_t imported = module.Import(wasm::MemoryType{{1, {}, false}});
  module.DataAt(imported, Code().I32(0), "\1\2");
  module.DataAt(imported, Code().I32(65535), "\1\2");
  Rig rig;
  const machine::MemoryAddr memory = rig.machine().AddMemory({{1, {}, false}});
  const auto failed = rig.TryInstantiate(module, {{ExternKind::Memory, memory}});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(Text(failed.error()), "trap MemoryOutOfBounds");
  EXPECT_EQ(rig.machine().MemoryBytes(memory)[1], 2);
  EXPECT_EQ(rig.machine().MemoryBytes(memory)[65535], 0);
}

TEST(Instantiation, ATrapInTheStartFunctionIsItsFailure) {
  ModuleBuilder module;
  module.Start(module.Define(module.Func({}), {}, Code().Op(Op::Unreachable)));
  Rig rig;
  const auto failed = rig.TryInstantiate(module);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(Text(failed.error()), "trap Unreachable");
}

TEST(Instantiation, MinimaBeyondTheLimitsExhaustTheHeap) {
  machine::Limits limits;
  limits.memory_pages_max = 3;
  limits.memory_pages_total_max = 4;
  limits.table_elements_max = 10;
  limits.table_elements_total_max = 15;
  const auto result = [&](std::vector<uint64_t> memories, std::vector<uint64_t> tables) {
    ModuleBuilder module;
    for (const uint64_t pages : memories) module.Memory({pages, {}, false});
    for (const uint64_t size : tables) module.Table(kAny, {size, {}, false});
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
