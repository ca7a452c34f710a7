// Goal: where several traps are possible, the one that machine/machine.h, F7 says; and segments
// that were dropped are empty.
#include "oracle/fixture.h"

namespace slabhound::oracle {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::HeapType;
using wasm::ModuleBuilder;
using wasm::ValType;
using Op = wasm::Opcode;

const ValType kAny = ValType::Ref(AbstractHeap::Any, true);
const ValType kFunc = ValType::Ref(AbstractHeap::Func, true);

// One function for each case; the arrays have 4 elements, the segments 8 bytes and 2 items.
struct Cases {
  ModuleBuilder module;
  const uint32_t bytes = module.Array({wasm::StorageType::I8, true});
  const uint32_t refs = module.Array({kAny, true});
  const uint32_t nothing = module.Func({});

  Cases() {
    module.Data("12345678");
    module.Elem(kAny, {Code().I32(1).Op(Op::RefI31), Code().I32(2).Op(Op::RefI31)});
  }

  Code NullOf(uint32_t type) { return Code().Heap(Op::RefNull, HeapType::Index(type)); }
  Code Bytes() { return Code().I32(4).Op(Op::ArrayNewDefault, bytes); }
  Code Refs() { return Code().I32(4).Op(Op::ArrayNewDefault, refs); }

  std::string Run(const Code& code) {
    module.Define(nothing, {}, code, "f");
    Rig rig;
    rig.Instantiate(module);
    const std::string text = Text(rig.Call("f"));
    module.module().functions.pop_back();
    module.module().exports.pop_back();
    return text;
  }
};

Code Ints(std::initializer_list<int32_t> values) {
  Code code;
  for (const int32_t value : values) code.I32(value);
  return code;
}

TEST(Traps, ANullArrayComesBeforeItsBounds) {
  Cases cases;
  const auto copy = [&](Code target, const Code& source) {
    target.I32(100).Append(source).Append(Ints({100, 1}));
    return cases.Run(target.Op(Op::ArrayCopy, cases.bytes, cases.bytes));
  };
  EXPECT_EQ(copy(cases.NullOf(cases.bytes), cases.Bytes()), "trap NullArrayReference");
  EXPECT_EQ(copy(cases.Bytes(), cases.NullOf(cases.bytes)), "trap NullArrayReference");
  EXPECT_EQ(copy(cases.Bytes(), cases.Bytes()), "trap ArrayOutOfBounds");
  EXPECT_EQ(cases.Run(cases.NullOf(cases.bytes).Append(Ints({9, 9})).Op(Op::ArraySet, cases.bytes)),
            "trap NullArrayReference");
}

TEST(Traps, TheArrayComesBeforeTheSegment) {
  Cases cases;
  const auto data = [&](Code array, std::initializer_list<int32_t> operands) {
    return cases.Run(array.Append(Ints(operands)).Op(Op::ArrayInitData, cases.bytes, 0));
  };
  EXPECT_EQ(data(cases.NullOf(cases.bytes), {9, 9, 9}), "trap NullArrayReference");
  EXPECT_EQ(data(cases.Bytes(), {9, 9, 9}), "trap ArrayOutOfBounds");
  EXPECT_EQ(data(cases.Bytes(), {0, 9, 4}), "trap MemoryOutOfBounds");
  EXPECT_EQ(data(cases.Bytes(), {0, 4, 4}), "");
  const auto items = [&](Code array, std::initializer_list<int32_t> operands) {
    return cases.Run(array.Append(Ints(operands)).Op(Op::ArrayInitElem, cases.refs, 0));
  };
  EXPECT_EQ(items(cases.NullOf(cases.refs), {9, 9, 9}), "trap NullArrayReference");
  EXPECT_EQ(items(cases.Refs(), {4, 9, 1}), "trap ArrayOutOfBounds");
  EXPECT_EQ(items(cases.Refs(), {0, 1, 2}), "trap TableOutOfBounds");
  EXPECT_EQ(items(cases.Refs(), {0, 0, 2}), "");
}

TEST(Traps, BoundsHoldForNothingToo) {
  Cases cases;
  const auto fill = [&](int32_t at) {
    return cases.Run(cases.Bytes().Append(Ints({at, 7, 0})).Op(Op::ArrayFill, cases.bytes));
  };
  EXPECT_EQ(fill(4), "");
  EXPECT_EQ(fill(5), "trap ArrayOutOfBounds");
  EXPECT_EQ(fill(-1), "trap ArrayOutOfBounds");
}

TEST(Traps, ADroppedSegmentIsEmpty) {
  Cases cases;
  const auto data = [&](int32_t count) {
    return cases.Run(Code()
                         .Op(Op::DataDrop, 0)
                         .I32(0)
                         .I32(count)
                         .Op(Op::ArrayNewData, cases.bytes, 0)
                         .Op(Op::Drop));
  };
  EXPECT_EQ(data(0), "");
  EXPECT_EQ(data(1), "trap MemoryOutOfBounds");
  const auto items = [&](int32_t count) {
    return cases.Run(Code()
                         .Op(Op::ElemDrop, 0)
                         .I32(0)
                         .I32(count)
                         .Op(Op::ArrayNewElem, cases.refs, 0)
                         .Op(Op::Drop));
  };
  EXPECT_EQ(items(0), "");
  EXPECT_EQ(items(1), "trap TableOutOfBounds");
}

TEST(Traps, TheSegmentComesBeforeTheObjectLimit) {
  Cases cases;
  EXPECT_EQ(cases.Run(Ints({0, -1}).Op(Op::ArrayNewData, cases.bytes, 0).Op(Op::Drop)),
            "trap MemoryOutOfBounds");
  EXPECT_EQ(cases.Run(Code().I32(-1).Op(Op::ArrayNewDefault, cases.bytes).Op(Op::Drop)),
            "exhausted huge-object");
}

TEST(Traps, AnIndirectCallChecksIndexThenNullThenType) {
  ModuleBuilder module;
  const uint32_t wanted = module.Func({}), other = module.Func({ValType::I32});
  const uint32_t table = module.Table(kFunc, {3, {}, false});
  const uint32_t right = module.Define(wanted, {}, Code());
  const uint32_t wrong = module.Define(other, {}, Code());
  const auto ref = [](uint32_t function) { return Code().Op(Op::RefFunc, function); };
  module.ElemAt(table, Code().I32(1), kFunc, {ref(right), ref(wrong)});
  module.Define(other, {}, Code().Op(Op::LocalGet, 0).Op(Op::CallIndirect, wanted, table), "call");
  Rig rig;
  rig.Instantiate(module);
  EXPECT_EQ(Text(rig.Call("call", {machine::Value::I32(3)})), "trap UndefinedElement");
  EXPECT_EQ(Text(rig.Call("call", {machine::Value::I32(0)})), "trap UninitializedElement");
  EXPECT_EQ(Text(rig.Call("call", {machine::Value::I32(2)})), "trap IndirectCallTypeMismatch");
  EXPECT_EQ(Text(rig.Call("call", {machine::Value::I32(1)})), "");
}

}  // namespace
}  // namespace slabhound::oracle
