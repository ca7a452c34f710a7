// Numeric instructions (spec 4.6.1): each row names its instruction, its operand type, and its
// meaning in terms of the operands a and b. Integer rows exist for both widths.
#include "oracle/numeric.h"

#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using wasm::Instr;

template <typename T>
Step PushOrTrap(Thread& thread, const Trapping<T>& result) {
  if (!result) return Step::Trap(result.error());
  return thread.PushNumber(*result);
}

template <std::unsigned_integral To, typename Signed>
Step PushTruncated(Thread& thread, const Trapping<Signed>& result) {
  if (!result) return Step::Trap(result.error());
  return thread.PushNumber(static_cast<To>(*result));
}

}  // namespace

#define CONSTANT(name, T)                                                           \
  Step name(Thread& thread, const Instr& instr) {                                   \
    return thread.PushNumber(std::bit_cast<T>(static_cast<BitsOf<T>>(instr.bits))); \
  }
#define UNARY(name, T, meaning)             \
  Step name(Thread& thread, const Instr&) { \
    const T a = thread.Pop<T>();            \
    return thread.PushNumber(meaning);      \
  }
#define BINARY(name, T, meaning)            \
  Step name(Thread& thread, const Instr&) { \
    const T b = thread.Pop<T>();            \
    const T a = thread.Pop<T>();            \
    return thread.PushNumber(meaning);      \
  }
#define PARTIAL(name, T, meaning)           \
  Step name(Thread& thread, const Instr&) { \
    const T b = thread.Pop<T>();            \
    const T a = thread.Pop<T>();            \
    return PushOrTrap<T>(thread, meaning);  \
  }
#define COMPARE(name, T, meaning) BINARY(name, T, uint32_t{meaning})

CONSTANT(I32Const, uint32_t)
CONSTANT(I64Const, uint64_t)
CONSTANT(F32Const, float)
CONSTANT(F64Const, double)

#define INTEGER(I, T)                                   \
  UNARY(I##Eqz, T, uint32_t{a == 0})                    \
  COMPARE(I##Eq, T, a == b)                             \
  COMPARE(I##Ne, T, a != b)                             \
  COMPARE(I##LtS, T, AsSigned(a) < AsSigned(b))         \
  COMPARE(I##LtU, T, a < b)                             \
  COMPARE(I##GtS, T, AsSigned(a) > AsSigned(b))         \
  COMPARE(I##GtU, T, a > b)                             \
  COMPARE(I##LeS, T, AsSigned(a) <= AsSigned(b))        \
  COMPARE(I##LeU, T, a <= b)                            \
  COMPARE(I##GeS, T, AsSigned(a) >= AsSigned(b))        \
  COMPARE(I##GeU, T, a >= b)                            \
  UNARY(I##Clz, T, static_cast<T>(std::countl_zero(a))) \
  UNARY(I##Ctz, T, static_cast<T>(std::countr_zero(a))) \
  UNARY(I##Popcnt, T, static_cast<T>(std::popcount(a))) \
  UNARY(I##Extend8S, T, ExtendSigned<int8_t>(a))        \
  UNARY(I##Extend16S, T, ExtendSigned<int16_t>(a))      \
  BINARY(I##Add, T, a + b)                              \
  BINARY(I##Sub, T, a - b)                              \
  BINARY(I##Mul, T, a* b)                               \
  PARTIAL(I##DivS, T, DivideSigned(a, b))               \
  PARTIAL(I##DivU, T, DivideUnsigned(a, b))             \
  PARTIAL(I##RemS, T, RemainderSigned(a, b))            \
  PARTIAL(I##RemU, T, RemainderUnsigned(a, b))          \
  BINARY(I##And, T, a& b)                               \
  BINARY(I##Or, T, a | b)                               \
  BINARY(I##Xor, T, a ^ b)                              \
  BINARY(I##Shl, T, ShiftLeft(a, b))                    \
  BINARY(I##ShrS, T, ShiftRightSigned(a, b))            \
  BINARY(I##ShrU, T, ShiftRightUnsigned(a, b))          \
  BINARY(I##Rotl, T, RotateLeft(a, b))                  \
  BINARY(I##Rotr, T, RotateRight(a, b))

INTEGER(I32, uint32_t)
INTEGER(I64, uint64_t)
UNARY(I64Extend32S, uint64_t, ExtendSigned<int32_t>(a))

#define FLOAT(F, T)                                                                      \
  COMPARE(F##Eq, T, a == b)                                                              \
  COMPARE(F##Ne, T, a != b)                                                              \
  COMPARE(F##Lt, T, a < b)                                                               \
  COMPARE(F##Gt, T, a > b)                                                               \
  COMPARE(F##Le, T, a <= b)                                                              \
  COMPARE(F##Ge, T, a >= b)                                                              \
  UNARY(F##Abs, T, std::bit_cast<T>(std::bit_cast<BitsOf<T>>(a) & ~kSignBit<BitsOf<T>>)) \
  UNARY(F##Neg, T, std::bit_cast<T>(std::bit_cast<BitsOf<T>>(a) ^ kSignBit<BitsOf<T>>))  \
  UNARY(F##Ceil, T, Canonical(std::ceil(a)))                                             \
  UNARY(F##Floor, T, Canonical(std::floor(a)))                                           \
  UNARY(F##Trunc, T, Canonical(std::trunc(a)))                                           \
  UNARY(F##Nearest, T, Nearest(a))                                                       \
  UNARY(F##Sqrt, T, Canonical(std::sqrt(a)))                                             \
  BINARY(F##Add, T, Canonical(a + b))                                                    \
  BINARY(F##Sub, T, Canonical(a - b))                                                    \
  BINARY(F##Mul, T, Canonical(a* b))                                                     \
  BINARY(F##Div, T, Canonical(a / b))                                                    \
  BINARY(F##Min, T, Minimum(a, b))                                                       \
  BINARY(F##Max, T, Maximum(a, b))                                                       \
  BINARY(F##Copysign, T,                                                                 \
         std::bit_cast<T>(CopySign(std::bit_cast<BitsOf<T>>(a), std::bit_cast<BitsOf<T>>(b))))

FLOAT(F32, float)
FLOAT(F64, double)

// Conversions: NAME(From) to T.
UNARY(I32WrapI64, uint64_t, static_cast<uint32_t>(a))
UNARY(I64ExtendI32S, uint32_t, static_cast<uint64_t>(AsSigned(a)))
UNARY(I64ExtendI32U, uint32_t, uint64_t{a})
UNARY(F32ConvertI32S, uint32_t, static_cast<float>(AsSigned(a)))
UNARY(F32ConvertI32U, uint32_t, static_cast<float>(a))
UNARY(F32ConvertI64S, uint64_t, static_cast<float>(AsSigned(a)))
UNARY(F32ConvertI64U, uint64_t, static_cast<float>(a))
UNARY(F64ConvertI32S, uint32_t, static_cast<double>(AsSigned(a)))
UNARY(F64ConvertI32U, uint32_t, static_cast<double>(a))
UNARY(F64ConvertI64S, uint64_t, static_cast<double>(AsSigned(a)))
UNARY(F64ConvertI64U, uint64_t, static_cast<double>(a))
UNARY(F32DemoteF64, double, Canonical(static_cast<float>(a)))
UNARY(F64PromoteF32, float, Canonical(static_cast<double>(a)))
UNARY(I32ReinterpretF32, float, std::bit_cast<uint32_t>(a))
UNARY(I64ReinterpretF64, double, std::bit_cast<uint64_t>(a))
UNARY(F32ReinterpretI32, uint32_t, std::bit_cast<float>(a))
UNARY(F64ReinterpretI64, uint64_t, std::bit_cast<double>(a))

// Each row makes the trapping and the saturating instruction.
#define TRUNCATE(trapping, saturating, To, Wide, From)                        \
  Step trapping(Thread& thread, const Instr&) {                               \
    return PushTruncated<Wide, To>(thread, Truncate<To>(thread.Pop<From>())); \
  }                                                                           \
  UNARY(saturating, From, static_cast<Wide>(TruncateSaturating<To>(a)))

TRUNCATE(I32TruncF32S, I32TruncSatF32S, int32_t, uint32_t, float)
TRUNCATE(I32TruncF32U, I32TruncSatF32U, uint32_t, uint32_t, float)
TRUNCATE(I32TruncF64S, I32TruncSatF64S, int32_t, uint32_t, double)
TRUNCATE(I32TruncF64U, I32TruncSatF64U, uint32_t, uint32_t, double)
TRUNCATE(I64TruncF32S, I64TruncSatF32S, int64_t, uint64_t, float)
TRUNCATE(I64TruncF32U, I64TruncSatF32U, uint64_t, uint64_t, float)
TRUNCATE(I64TruncF64S, I64TruncSatF64S, int64_t, uint64_t, double)
TRUNCATE(I64TruncF64U, I64TruncSatF64U, uint64_t, uint64_t, double)

}  // namespace slabhound::oracle::rules
