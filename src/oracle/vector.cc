// Vector instructions (spec 4.6.4), those of opcodes.def that are run.
#include <algorithm>
#include <concepts>

#include "oracle/lanes.h"
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using wasm::Instr;
using wasm::V128;

// The type of a lane as a value on the stack.
template <typename T>
using Scalar = std::conditional_t<(sizeof(T) < 4), uint32_t, T>;

template <typename T>
Step Splat(Thread& thread) {
  Lanes<T> lanes;
  lanes.fill(static_cast<T>(thread.Pop<Scalar<T>>()));
  return thread.PushNumber(VectorOf<T>(lanes));
}

// Sign-extended when T is signed, which only narrow lanes are.
template <typename T>
Step ExtractLane(Thread& thread, const Instr& instr) {
  const Lanes<T> lanes = LanesOf<T>(thread.Pop<V128>());
  using Result = std::conditional_t<std::signed_integral<T>, uint32_t, Scalar<T>>;
  return thread.PushNumber(static_cast<Result>(lanes[instr.a]));
}

template <typename T>
Step ReplaceLane(Thread& thread, const Instr& instr) {
  const auto value = static_cast<T>(thread.Pop<Scalar<T>>());
  Lanes<T> lanes = LanesOf<T>(thread.Pop<V128>());
  lanes[instr.a] = value;
  return thread.PushNumber(VectorOf<T>(lanes));
}

// All bits of a lane where the comparison holds.
template <typename T, typename Compare>
Step CompareLanes(Thread& thread, Compare compare) {
  const Lanes<T> b = LanesOf<T>(thread.Pop<V128>()), a = LanesOf<T>(thread.Pop<V128>());
  using Mask = std::conditional_t<
      sizeof(T) == 1, uint8_t,
      std::conditional_t<sizeof(T) == 2, uint16_t,
                         std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  Lanes<Mask> result;
  for (size_t i = 0; i < a.size(); ++i) {
    result[i] = compare(a[i], b[i]) ? static_cast<Mask>(~Mask{0}) : Mask{0};
  }
  return thread.PushNumber(VectorOf<Mask>(result));
}

template <typename T>
Step AllTrue(Thread& thread) {
  const Lanes<T> lanes = LanesOf<T>(thread.Pop<V128>());
  return thread.PushNumber(uint32_t{std::ranges::all_of(lanes, [](T lane) { return lane != 0; })});
}

template <typename T>
Step Bitmask(Thread& thread) {
  const Lanes<T> lanes = LanesOf<T>(thread.Pop<V128>());
  uint32_t mask = 0;
  for (size_t i = 0; i < lanes.size(); ++i) mask |= uint32_t{lanes[i] < 0} << i;
  return thread.PushNumber(mask);
}

// Bit by bit, on either half.
template <typename Meaning>
Step Bits(Thread& thread, Meaning meaning) {
  const V128 b = thread.Pop<V128>(), a = thread.Pop<V128>();
  return thread.PushNumber(V128{meaning(a.low, b.low), meaning(a.high, b.high)});
}

}  // namespace

Step V128Const(Thread& thread, const Instr& instr) {
  return thread.PushNumber(wasm::VectorOf(instr));
}

#define SHAPE(Name, T)                                                               \
  Step Name##Splat(Thread& t, const Instr&) { return Splat<T>(t); }                  \
  Step Name##ReplaceLane(Thread& t, const Instr& i) { return ReplaceLane<T>(t, i); } \
  Step Name##Eq(Thread& t, const Instr&) {                                           \
    return CompareLanes<T>(t, [](T a, T b) { return a == b; });                      \
  }                                                                                  \
  Step Name##Ne(Thread& t, const Instr&) {                                           \
    return CompareLanes<T>(t, [](T a, T b) { return a != b; });                      \
  }
#define INTEGER_SHAPE(Name, Unsigned, Signed)                                  \
  SHAPE(Name, Unsigned)                                                        \
  Step Name##AllTrue(Thread& t, const Instr&) { return AllTrue<Unsigned>(t); } \
  Step Name##Bitmask(Thread& t, const Instr&) { return Bitmask<Signed>(t); }

INTEGER_SHAPE(I8x16, uint8_t, int8_t)
INTEGER_SHAPE(I16x8, uint16_t, int16_t)
INTEGER_SHAPE(I32x4, uint32_t, int32_t)
INTEGER_SHAPE(I64x2, uint64_t, int64_t)
SHAPE(F32x4, float)
SHAPE(F64x2, double)

Step I8x16ExtractLaneS(Thread& t, const Instr& i) { return ExtractLane<int8_t>(t, i); }
Step I8x16ExtractLaneU(Thread& t, const Instr& i) { return ExtractLane<uint8_t>(t, i); }
Step I16x8ExtractLaneS(Thread& t, const Instr& i) { return ExtractLane<int16_t>(t, i); }
Step I16x8ExtractLaneU(Thread& t, const Instr& i) { return ExtractLane<uint16_t>(t, i); }
Step I32x4ExtractLane(Thread& t, const Instr& i) { return ExtractLane<uint32_t>(t, i); }
Step I64x2ExtractLane(Thread& t, const Instr& i) { return ExtractLane<uint64_t>(t, i); }
Step F32x4ExtractLane(Thread& t, const Instr& i) { return ExtractLane<float>(t, i); }
Step F64x2ExtractLane(Thread& t, const Instr& i) { return ExtractLane<double>(t, i); }

Step V128Not(Thread& thread, const Instr&) {
  const V128 a = thread.Pop<V128>();
  return thread.PushNumber(V128{~a.low, ~a.high});
}
Step V128And(Thread& thread, const Instr&) {
  return Bits(thread, [](uint64_t a, uint64_t b) { return a & b; });
}
Step V128Andnot(Thread& thread, const Instr&) {
  return Bits(thread, [](uint64_t a, uint64_t b) { return a & ~b; });
}
Step V128Or(Thread& thread, const Instr&) {
  return Bits(thread, [](uint64_t a, uint64_t b) { return a | b; });
}
Step V128Xor(Thread& thread, const Instr&) {
  return Bits(thread, [](uint64_t a, uint64_t b) { return a ^ b; });
}
Step V128Bitselect(Thread& thread, const Instr&) {
  const V128 mask = thread.Pop<V128>();
  const V128 b = thread.Pop<V128>(), a = thread.Pop<V128>();
  return thread.PushNumber(
      V128{(a.low & mask.low) | (b.low & ~mask.low), (a.high & mask.high) | (b.high & ~mask.high)});
}
Step V128AnyTrue(Thread& thread, const Instr&) {
  const V128 a = thread.Pop<V128>();
  return thread.PushNumber(uint32_t{(a.low | a.high) != 0});
}

}  // namespace slabhound::oracle::rules
