// Goal: a stack map lists exactly the registers that hold references still to be used.
// Method: shapes from published bugs, each with the map that must come out; then random control
// flow against a dataflow that keeps a set for every single op.
#include "bytecode/liveness.h"

#include <gmock/gmock.h>

#include <set>

#include "base/rng.h"
#include "bytecode/fixture.h"

namespace slabhound::bytecode {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;
using Body = wasm::Code;

std::vector<uint32_t> MapOf(const Function& function, const bytecode::Op& op) {
  const StackMap map = function.maps[op.map];
  const auto first = function.map_registers.begin() + map.first;
  return {first, first + map.count};
}

// The map of the nth op with this code.
std::vector<uint32_t> MapAt(const Function& function, Code code, size_t nth = 0) {
  for (const bytecode::Op& op : function.ops) {
    if (op.code == code && nth-- == 0) return MapOf(function, op);
  }
  ADD_FAILURE() << "no such op in\n" << Disassemble(function);
  return {};
}

// A module with $s = (struct (mut i32)), $holder = (struct (ref null $s)), an imported $gc and a
// tag with a $s.
struct Shapes {
  ModuleBuilder module;
  wasm::TypeIdx nothing = module.Func({});
  wasm::TypeIdx s = module.Struct({{ValType::I32, true}});
  ValType ref = ValType::Ref(wasm::HeapType::Index(s), true);
  wasm::TypeIdx holder = module.Struct({{ref, true}});
  wasm::TypeIdx array = module.Array({ref, true});
  wasm::TypeIdx takes_ref = module.Func({ref});
  uint32_t gc = module.Import(wasm::FuncRef{nothing});
  uint32_t tag = module.Tag(takes_ref);

  Function Make(Types params, Types locals, const Body& code,
                heap::Fault fault = heap::Fault::None) {
    module.Define(module.Func(std::move(params)), std::move(locals), code);
    return Compile(module, 0, fault);
  }
  Body Gc() const { return Body().Op(Op::Call, gc); }
  Body Fresh() const { return Body().I32(7).Op(Op::StructNew, s); }
  Body Get(uint32_t local) const { return Body().Op(Op::LocalGet, local); }
  Body Read() const { return Body().Op(Op::StructGet, s, 0).Op(Op::Drop); }
};

// loop { read o; gc; br_if }: the last use in the body comes before the call.
Body UseThenCollect(const Shapes& shapes) {
  return Body()
      .Loop()
      .Append(shapes.Get(0))
      .Append(shapes.Read())
      .Append(shapes.Gc())
      .Append(shapes.Get(1))
      .Op(Op::BrIf, 0)
      .End();
}

TEST(StackMaps, HoldWhatOnlyTheBackEdgeKeepsAlive) {
  Shapes shapes;
  const Function function = shapes.Make({shapes.ref, ValType::I32}, {}, UseThenCollect(shapes));
  EXPECT_THAT(MapAt(function, Code::Entry), ElementsAre(0));
  EXPECT_THAT(MapAt(function, Code::LoopHeader), ElementsAre(0));
  EXPECT_THAT(MapAt(function, Code::CallDirect), ElementsAre(0));
}

TEST(StackMaps, LoseExactlyTheBackEdgeUnderTheFault) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  Shapes shapes;
  const Function function = shapes.Make({shapes.ref, ValType::I32}, {}, UseThenCollect(shapes),
                                        heap::Fault::RootLoopNoFixpoint);
  EXPECT_THAT(MapAt(function, Code::LoopHeader), ElementsAre(0));
  EXPECT_THAT(MapAt(function, Code::CallDirect), IsEmpty());
}

TEST(StackMaps, ReachAFixpointThroughNestedLoops) {
  // Used at the head of the outermost of four loops, collected in the innermost.
  Shapes shapes;
  Body code;
  code.Loop().Append(shapes.Get(0)).Append(shapes.Read());
  for (int depth = 0; depth < 3; ++depth) code.Loop();
  code.Append(shapes.Gc());
  for (int depth = 0; depth < 4; ++depth) code.Append(shapes.Get(1)).Op(Op::BrIf, 0).End();
  const Function function = shapes.Make({shapes.ref, ValType::I32}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect), ElementsAre(0));
  for (size_t header = 0; header < 4; ++header) {
    EXPECT_THAT(MapAt(function, Code::LoopHeader, header), ElementsAre(0));
  }
}

TEST(StackMaps, DoNotHoldWhatIsDead) {
  Shapes shapes;
  const Function function = shapes.Make(
      {shapes.ref}, {}, Body().Append(shapes.Get(0)).Append(shapes.Read()).Append(shapes.Gc()));
  EXPECT_THAT(MapAt(function, Code::Entry), ElementsAre(0));
  EXPECT_THAT(MapAt(function, Code::CallDirect), IsEmpty());
}

TEST(StackMaps, DoNotHoldWhatIsWrittenBeforeItIsRead) {
  Shapes shapes;
  Body code;
  code.Append(shapes.Gc()).Append(shapes.Fresh()).Op(Op::LocalSet, 0);
  code.Append(shapes.Gc()).Append(shapes.Get(0)).Append(shapes.Read());
  const Function function = shapes.Make({shapes.ref}, {}, code);
  EXPECT_THAT(MapAt(function, Code::Entry), IsEmpty());
  EXPECT_THAT(MapAt(function, Code::CallDirect, 0), IsEmpty());
  EXPECT_THAT(MapAt(function, Code::CallDirect, 1), ElementsAre(0));
}

TEST(StackMaps, HoldOperandsUnderACall) {
  Shapes shapes;
  const Function function =
      shapes.Make({}, {}, shapes.Fresh().Append(shapes.Gc()).Append(shapes.Read()));
  EXPECT_THAT(MapAt(function, Code::NewStruct), IsEmpty());
  EXPECT_THAT(MapAt(function, Code::CallDirect), ElementsAre(0));
}

TEST(StackMaps, OfAllocationsHoldTheirOwnOperands) {
  Shapes shapes;
  Body code;
  code.Append(shapes.Get(0)).Op(Op::StructNew, shapes.holder).Op(Op::Drop);
  code.Append(shapes.Get(1)).Append(shapes.Get(0)).Op(Op::ArrayNewFixed, shapes.array, 2);
  code.Op(Op::Drop).Append(shapes.Get(1)).I32(3).Op(Op::ArrayNew, shapes.array).Op(Op::Drop);
  code.Append(shapes.Get(2)).Op(Op::Throw, shapes.tag);
  const Function function = shapes.Make({shapes.ref, shapes.ref, shapes.ref}, {}, code);
  EXPECT_THAT(MapAt(function, Code::NewStruct), ElementsAre(0, 1, 2));
  EXPECT_THAT(MapAt(function, Code::NewArrayFixed), ElementsAre(0, 1, 2));
  EXPECT_THAT(MapAt(function, Code::NewArrayRef), ElementsAre(1, 2));
  EXPECT_THAT(MapAt(function, Code::ThrowTag), ElementsAre(2));
}

TEST(StackMaps, OfCallsDoNotHoldArgumentsThatDieThere) {
  Shapes shapes;
  const uint32_t callee = shapes.module.Import(wasm::FuncRef{shapes.takes_ref});
  const Function function = shapes.Make({shapes.ref}, {}, shapes.Get(0).Op(Op::Call, callee));
  EXPECT_THAT(MapAt(function, Code::CallDirect), IsEmpty());
}

TEST(StackMaps, HoldTheResultOfASelect) {
  Shapes shapes;
  Body code;
  code.Append(shapes.Get(0)).Append(shapes.Get(1)).Append(shapes.Get(2));
  code.SelectTyped({shapes.ref}).Append(shapes.Gc()).Append(shapes.Read());
  const Function function = shapes.Make({shapes.ref, shapes.ref, ValType::I32}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect), ElementsAre(3));
}

TEST(StackMaps, HoldParametersAndResultsOfBlocks) {
  Shapes shapes;
  const wasm::TypeIdx through = shapes.module.Func({shapes.ref}, {shapes.ref});
  Body code;
  code.Append(shapes.Get(0)).Block(wasm::BlockType::Index(through)).Append(shapes.Gc());
  code.Append(shapes.Get(1)).Op(Op::BrIf, 0).Append(shapes.Gc()).End();
  code.Append(shapes.Gc()).Append(shapes.Read());
  const Function function = shapes.Make({shapes.ref, ValType::I32}, {}, code);
  for (size_t call = 0; call < 3; ++call) {
    EXPECT_THAT(MapAt(function, Code::CallDirect, call), ElementsAre(2));
  }
}

TEST(StackMaps, HoldTheParametersOfALoopAtItsHeader) {
  Shapes shapes;
  const wasm::TypeIdx in = shapes.module.Func({shapes.ref});
  Body code;
  code.Append(shapes.Get(0)).Loop(wasm::BlockType::Index(in)).Append(shapes.Read());
  code.Append(shapes.Fresh()).Append(shapes.Get(1)).Op(Op::BrIf, 0).Op(Op::Drop).End();
  const Function function = shapes.Make({shapes.ref, ValType::I32}, {}, code);
  EXPECT_THAT(MapAt(function, Code::LoopHeader), ElementsAre(2));
  EXPECT_THAT(MapAt(function, Code::NewStruct), IsEmpty());
}

TEST(StackMaps, HoldWhatHandlersNeed) {
  // A call is a safepoint and a branch at once: locals 0 and 1 are used in handlers only.
  Shapes shapes;
  Body code;
  code.Block();
  code.TryTable({}, {{wasm::CatchKind::CatchAll, 0, 0}}).Append(shapes.Gc());
  code.TryTable({}, {{wasm::CatchKind::CatchAll, 0, 0}}).Append(shapes.Gc()).End();
  code.Op(Op::Return).End().End();
  code.Append(shapes.Get(0)).Append(shapes.Read());
  const Function function = shapes.Make({shapes.ref}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect, 0), ElementsAre(0));
  EXPECT_THAT(MapAt(function, Code::CallDirect, 1), ElementsAre(0)) << Disassemble(function);
}

TEST(StackMaps, HoldNothingForAHandlerBehindTheTry) {
  Shapes shapes;
  Body code;
  code.Block().TryTable({}, {{wasm::CatchKind::CatchAll, 0, 0}}).Append(shapes.Gc()).End();
  code.Op(Op::Return).End().Append(shapes.Get(0)).Append(shapes.Read()).Append(shapes.Gc());
  const Function function = shapes.Make({shapes.ref}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect, 0), ElementsAre(0));
  EXPECT_THAT(MapAt(function, Code::CallDirect, 1), IsEmpty());
}

TEST(StackMaps, HoldCaughtValues) {
  Shapes shapes;
  Body code;
  code.Block(shapes.ref).TryTable({}, {{wasm::CatchKind::Catch, shapes.tag, 0}});
  code.Append(shapes.Gc()).End().Op(Op::Return).End();
  code.Append(shapes.Gc()).Append(shapes.Read());
  const Function function = shapes.Make({}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect, 0), IsEmpty());
  EXPECT_THAT(MapAt(function, Code::CallDirect, 1), ElementsAre(0));
}

TEST(StackMaps, HoldNoFunctionReferencesAndNoNumbers) {
  Shapes shapes;
  Body code;
  code.Append(shapes.Gc()).Append(shapes.Get(0)).Op(Op::RefIsNull).Op(Op::Drop);
  code.Append(shapes.Get(1)).Append(shapes.Gc()).Op(Op::Drop);
  const Function function =
      shapes.Make({ValType::Ref(wasm::AbstractHeap::Func, true), ValType::I64}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect, 0), IsEmpty());
  EXPECT_THAT(MapAt(function, Code::CallDirect, 1), IsEmpty());
}

TEST(StackMaps, FollowBothWaysOfACastBranch) {
  Shapes shapes;
  const ValType any = ValType::Ref(wasm::AbstractHeap::Any, true);
  Body code;
  code.Block(shapes.ref).Append(shapes.Get(0)).BrOnCast(Op::BrOnCast, 0, any, shapes.ref);
  code.Append(shapes.Gc()).Op(Op::RefIsNull).Op(Op::Drop).Append(shapes.Get(1)).End();
  code.Append(shapes.Gc()).Append(shapes.Read());
  const Function function = shapes.Make({any, shapes.ref}, {}, code);
  EXPECT_THAT(MapAt(function, Code::CallDirect, 0), ElementsAre(1, 2));
  EXPECT_THAT(MapAt(function, Code::CallDirect, 1), ElementsAre(2));
}

// Random bytecode: forward and backward branches, definitions, uses, calls, throws, handlers.
Function RandomFunction(Rng& rng) {
  const auto distance = [](uint64_t to, uint32_t from) { return to - from; };
  Function function;
  function.register_count = 1 + static_cast<uint32_t>(rng.Below(90));
  const auto size = 3 + static_cast<uint32_t>(rng.Below(40));
  const auto reg = [&] { return static_cast<uint32_t>(rng.Below(function.register_count)); };
  for (uint32_t pc = 0; pc + 1 < size; ++pc) {
    switch (rng.Below(9)) {
      case 0:
        function.ops.push_back({.code = Code::CopyRef, .a = reg(), .b = reg()});
        break;
      case 1:
        function.ops.push_back({.code = Code::NullRef, .a = reg()});
        break;
      case 2:
        function.ops.push_back({.code = Code::Constant, .a = reg()});
        break;
      case 3:
        function.ops.push_back({.code = Code::IsNull, .a = reg(), .b = reg()});
        break;
      case 4:
        function.ops.push_back({.code = Code::LoopHeader});
        break;
      case 5:
        function.ops.push_back({.code = Code::Jump, .imm = distance(rng.Below(size), pc)});
        break;
      case 6:
        function.ops.push_back(
            {.code = Code::BranchIfNull, .a = reg(), .imm = distance(rng.Below(size), pc)});
        break;
      case 7: {
        bytecode::Op op{.code = rng.Below(2) == 0 ? Code::CallDirect : Code::ThrowTag};
        op.list = static_cast<uint32_t>(function.operands.size());
        op.uses = static_cast<uint32_t>(rng.Below(3));
        op.defs = op.code == Code::CallDirect ? static_cast<uint32_t>(rng.Below(2)) : 0;
        for (uint32_t i = 0; i < op.uses + op.defs; ++i) {
          function.operands.push_back(ListEntry(reg(), rng.Below(3) != 0));
        }
        function.ops.push_back(op);
        break;
      }
      default: {
        bytecode::Op op{
            .code = Code::BranchTable, .a = reg(), .b = 2, .imm = function.targets.size()};
        for (int i = 0; i < 3; ++i) {
          function.targets.push_back(static_cast<int32_t>(distance(rng.Below(size), pc)));
        }
        function.ops.push_back(op);
      }
    }
  }
  function.ops.push_back({.code = Code::ReturnValues});
  // Regions open and close at random, all of them before the end.
  uint32_t open = TryRegion::kNone, depth = 0;
  for (uint32_t pc = 0; pc < size; ++pc) {
    const bool must_close = pc + depth + 1 >= size;
    if (depth > 0 && (must_close || rng.Below(5) == 0)) {
      open = function.regions[open].parent;
      --depth;
    } else if (!must_close && rng.Below(8) == 0) {
      function.regions.push_back({.first = static_cast<uint32_t>(function.handlers.size()),
                                  .count = 1 + static_cast<uint32_t>(rng.Below(2)),
                                  .parent = open});
      for (uint32_t i = 0; i < function.regions.back().count; ++i) {
        function.handlers.push_back({.landing = static_cast<uint32_t>(rng.Below(size))});
      }
      open = static_cast<uint32_t>(function.regions.size() - 1);
      ++depth;
    } else {
      continue;
    }
    function.segments.push_back({pc, open});
  }
  return function;
}

using Registers = std::set<uint32_t>;

// Live before each op and, in `maps`, at each safepoint: one set an op, iterated until nothing
// changes.
std::vector<Registers> MapsOneByOne(const Function& function) {
  const size_t size = function.ops.size();
  std::vector<Registers> live(size), maps(size);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t pc = 0; pc < size; ++pc) {
      const bytecode::Op& op = function.ops[pc];
      Registers now, thrown;
      const auto merge = [&](Registers& to, uint64_t target) {
        to.insert(live[target].begin(), live[target].end());
      };
      const bool ends = op.code == Code::Jump || op.code == Code::BranchTable ||
                        op.code == Code::ThrowTag || op.code == Code::ReturnValues;
      if (!ends) merge(now, pc + 1);
      if (op.code == Code::Jump || op.code == Code::BranchIfNull) merge(now, pc + op.imm);
      if (op.code == Code::BranchTable) {
        for (uint32_t i = 0; i <= op.b; ++i) {
          merge(now, pc + static_cast<uint64_t>(int64_t{function.targets[op.imm + i]}));
        }
      }
      const bool throws = op.code == Code::CallDirect || op.code == Code::ThrowTag;
      uint32_t region = RegionAt(function, static_cast<uint32_t>(pc));
      for (; throws && region != TryRegion::kNone; region = function.regions[region].parent) {
        for (uint32_t i = 0; i < function.regions[region].count; ++i) {
          merge(thrown, function.handlers[function.regions[region].first + i].landing);
        }
      }
      ForEachOperand(function, op, [&](uint32_t reg, bool is_use, bool) {
        if (!is_use) now.erase(reg);
      });
      now.insert(thrown.begin(), thrown.end());
      if (op.code == Code::CallDirect) maps[pc] = now;
      ForEachOperand(function, op, [&](uint32_t reg, bool is_use, bool traced) {
        if (is_use && traced) now.insert(reg);
      });
      if (op.code == Code::LoopHeader || op.code == Code::ThrowTag) maps[pc] = now;
      if (now != live[pc]) {
        live[pc] = std::move(now);
        changed = true;
      }
    }
  }
  return maps;
}

TEST(StackMaps, AgreeWithASetForEveryOpOnRandomControlFlow) {
  Rng rng(1);
  for (int round = 0; round < 2000; ++round) {
    Function function = RandomFunction(rng);
    CompileBudget budget;
    ASSERT_TRUE(ComputeStackMaps(function, heap::Fault::None, budget));
    const std::vector<Registers> expected = MapsOneByOne(function);
    for (size_t pc = 0; pc < function.ops.size(); ++pc) {
      const std::vector<uint32_t> map = MapOf(function, function.ops[pc]);
      ASSERT_EQ(Registers(map.begin(), map.end()), expected[pc]) << "op " << pc << " of\n"
                                                                 << Disassemble(function);
    }
  }
}

}  // namespace
}  // namespace slabhound::bytecode
