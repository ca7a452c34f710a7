// Memory instructions (spec 4.6.6).
#include <optional>

#include "oracle/lanes.h"
#include "oracle/range.h"
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using machine::TrapKind;
using wasm::Instr;
using wasm::V128;

MemoryInst& Memory(Thread& thread, uint32_t index) {
  return thread.store.memories[thread.module().memories[index]];
}

// Where an access of sizeof(T) at the address operand plus the offset begins; nothing: out of
// bounds.
template <typename T>
std::optional<uint64_t> Access(Thread& thread, const Instr& instr, const MemoryInst& memory) {
  const uint64_t base = thread.PopAddress(memory.type.limits.is_64);
  if (!InBounds(instr.bits, sizeof(T), memory.bytes.size())) return std::nullopt;
  if (!InBounds(base, instr.bits + sizeof(T), memory.bytes.size())) return std::nullopt;
  return base + instr.bits;
}

// Its bytes, to read or to write; null: out of bounds.
template <typename T>
const uint8_t* Readable(Thread& thread, const Instr& instr) {
  const MemoryInst& memory = Memory(thread, instr.a);
  const auto start = Access<T>(thread, instr, memory);
  return start ? memory.bytes.data() + *start : nullptr;
}
template <typename T>
uint8_t* Writable(Thread& thread, const Instr& instr) {
  MemoryInst& memory = Memory(thread, instr.a);
  const auto start = Access<T>(thread, instr, memory);
  return start ? memory.bytes.Writable(*start, sizeof(T)) : nullptr;
}

// Reads a Stored and extends it to a T.
template <typename T, typename Stored>
Step Load(Thread& thread, const Instr& instr) {
  const uint8_t* from = Readable<Stored>(thread, instr);
  if (from == nullptr) return Step::Trap(TrapKind::MemoryOutOfBounds);
  return thread.PushNumber(static_cast<T>(LoadLittle<Stored>(from)));
}

// Wraps a T to a Stored and writes it.
template <typename T, typename Stored>
Step Store(Thread& thread, const Instr& instr) {
  const T value = thread.Pop<T>();
  uint8_t* to = Writable<Stored>(thread, instr);
  if (to == nullptr) return Step::Trap(TrapKind::MemoryOutOfBounds);
  StoreLittle(to, static_cast<Stored>(value));
  return Step::Next();
}

// The lanes of the accesses to vectors (spec 4.6.6).
template <typename T>
Step LoadSplat(Thread& thread, const Instr& instr) {
  const uint8_t* from = Readable<T>(thread, instr);
  if (from == nullptr) return Step::Trap(TrapKind::MemoryOutOfBounds);
  Lanes<T> lanes;
  lanes.fill(LoadLittle<T>(from));
  return thread.PushNumber(VectorOf<T>(lanes));
}

template <typename T>
Step LoadZero(Thread& thread, const Instr& instr) {
  const uint8_t* from = Readable<T>(thread, instr);
  if (from == nullptr) return Step::Trap(TrapKind::MemoryOutOfBounds);
  return thread.PushNumber(V128{LoadLittle<T>(from), 0});
}

template <typename T>
Step LoadLane(Thread& thread, const Instr& instr) {
  Lanes<T> lanes = LanesOf<T>(thread.Pop<V128>());
  const uint8_t* from = Readable<T>(thread, instr);
  if (from == nullptr) return Step::Trap(TrapKind::MemoryOutOfBounds);
  lanes[AccessLane(instr)] = LoadLittle<T>(from);
  return thread.PushNumber(VectorOf<T>(lanes));
}

template <typename T>
Step StoreLane(Thread& thread, const Instr& instr) {
  const Lanes<T> lanes = LanesOf<T>(thread.Pop<V128>());
  uint8_t* to = Writable<T>(thread, instr);
  if (to == nullptr) return Step::Trap(TrapKind::MemoryOutOfBounds);
  StoreLittle(to, lanes[AccessLane(instr)]);
  return Step::Next();
}

}  // namespace

Step I32Load(Thread& t, const Instr& i) { return Load<uint32_t, uint32_t>(t, i); }
Step I64Load(Thread& t, const Instr& i) { return Load<uint64_t, uint64_t>(t, i); }
Step F32Load(Thread& t, const Instr& i) { return Load<float, float>(t, i); }
Step F64Load(Thread& t, const Instr& i) { return Load<double, double>(t, i); }
Step I32Load8S(Thread& t, const Instr& i) { return Load<uint32_t, int8_t>(t, i); }
Step I32Load8U(Thread& t, const Instr& i) { return Load<uint32_t, uint8_t>(t, i); }
Step I32Load16S(Thread& t, const Instr& i) { return Load<uint32_t, int16_t>(t, i); }
Step I32Load16U(Thread& t, const Instr& i) { return Load<uint32_t, uint16_t>(t, i); }
Step I64Load8S(Thread& t, const Instr& i) { return Load<uint64_t, int8_t>(t, i); }
Step I64Load8U(Thread& t, const Instr& i) { return Load<uint64_t, uint8_t>(t, i); }
Step I64Load16S(Thread& t, const Instr& i) { return Load<uint64_t, int16_t>(t, i); }
Step I64Load16U(Thread& t, const Instr& i) { return Load<uint64_t, uint16_t>(t, i); }
Step I64Load32S(Thread& t, const Instr& i) { return Load<uint64_t, int32_t>(t, i); }
Step I64Load32U(Thread& t, const Instr& i) { return Load<uint64_t, uint32_t>(t, i); }
Step I32Store(Thread& t, const Instr& i) { return Store<uint32_t, uint32_t>(t, i); }
Step I64Store(Thread& t, const Instr& i) { return Store<uint64_t, uint64_t>(t, i); }
Step F32Store(Thread& t, const Instr& i) { return Store<float, float>(t, i); }
Step F64Store(Thread& t, const Instr& i) { return Store<double, double>(t, i); }
Step I32Store8(Thread& t, const Instr& i) { return Store<uint32_t, uint8_t>(t, i); }
Step I32Store16(Thread& t, const Instr& i) { return Store<uint32_t, uint16_t>(t, i); }
Step I64Store8(Thread& t, const Instr& i) { return Store<uint64_t, uint8_t>(t, i); }
Step I64Store16(Thread& t, const Instr& i) { return Store<uint64_t, uint16_t>(t, i); }
Step I64Store32(Thread& t, const Instr& i) { return Store<uint64_t, uint32_t>(t, i); }

Step V128Load(Thread& t, const Instr& i) { return Load<V128, V128>(t, i); }
Step V128Store(Thread& t, const Instr& i) { return Store<V128, V128>(t, i); }
Step V128Load8Splat(Thread& t, const Instr& i) { return LoadSplat<uint8_t>(t, i); }
Step V128Load16Splat(Thread& t, const Instr& i) { return LoadSplat<uint16_t>(t, i); }
Step V128Load32Splat(Thread& t, const Instr& i) { return LoadSplat<uint32_t>(t, i); }
Step V128Load64Splat(Thread& t, const Instr& i) { return LoadSplat<uint64_t>(t, i); }
Step V128Load32Zero(Thread& t, const Instr& i) { return LoadZero<uint32_t>(t, i); }
Step V128Load64Zero(Thread& t, const Instr& i) { return LoadZero<uint64_t>(t, i); }
Step V128Load8Lane(Thread& t, const Instr& i) { return LoadLane<uint8_t>(t, i); }
Step V128Load16Lane(Thread& t, const Instr& i) { return LoadLane<uint16_t>(t, i); }
Step V128Load32Lane(Thread& t, const Instr& i) { return LoadLane<uint32_t>(t, i); }
Step V128Load64Lane(Thread& t, const Instr& i) { return LoadLane<uint64_t>(t, i); }
Step V128Store8Lane(Thread& t, const Instr& i) { return StoreLane<uint8_t>(t, i); }
Step V128Store16Lane(Thread& t, const Instr& i) { return StoreLane<uint16_t>(t, i); }
Step V128Store32Lane(Thread& t, const Instr& i) { return StoreLane<uint32_t>(t, i); }
Step V128Store64Lane(Thread& t, const Instr& i) { return StoreLane<uint64_t>(t, i); }

Step MemorySize(Thread& thread, const Instr& instr) {
  const MemoryInst& memory = Memory(thread, instr.a);
  return thread.PushAddress(memory.type.limits.is_64, memory.Pages());
}

Step MemoryGrow(Thread& thread, const Instr& instr) {
  MemoryInst& memory = Memory(thread, instr.a);
  const wasm::Limits& limits = memory.type.limits;
  const uint64_t pages = memory.Pages();
  const uint64_t more = thread.PopAddress(limits.is_64);
  const bool declared = !limits.max || (pages <= *limits.max && more <= *limits.max - pages);
  if (!declared || !thread.store.MayGrowMemory(pages, more)) {
    return thread.PushAddress(limits.is_64, ~uint64_t{0});
  }
  STEP(thread.TakeBulkFuel(more * kPageBytes));
  thread.store.memory_pages += more;
  memory.bytes.Grow((pages + more) * kPageBytes);
  return thread.PushAddress(limits.is_64, pages);
}

Step MemoryFill(Thread& thread, const Instr& instr) {
  MemoryInst& memory = Memory(thread, instr.a);
  const bool is_64 = memory.type.limits.is_64;
  const uint64_t count = thread.PopAddress(is_64);
  const auto value = static_cast<uint8_t>(thread.Pop<uint32_t>());
  const uint64_t to = thread.PopAddress(is_64);
  if (!InBounds(to, count, memory.bytes.size())) return Step::Trap(TrapKind::MemoryOutOfBounds);
  STEP(thread.TakeBulkFuel(count));
  if (count > 0) std::memset(memory.bytes.Writable(to, count), value, count);
  return Step::Next();
}

Step MemoryCopy(Thread& thread, const Instr& instr) {
  MemoryInst& target = Memory(thread, instr.a);
  const MemoryInst& source = Memory(thread, instr.b);
  const auto [to, from, count] =
      thread.PopCopying(target.type.limits.is_64, source.type.limits.is_64);
  if (!InBounds(to, count, target.bytes.size()) || !InBounds(from, count, source.bytes.size())) {
    return Step::Trap(TrapKind::MemoryOutOfBounds);
  }
  STEP(thread.TakeBulkFuel(count));
  if (count > 0) std::memmove(target.bytes.Writable(to, count), source.bytes.data() + from, count);
  return Step::Next();
}

Step MemoryInit(Thread& thread, const Instr& instr) {
  const ByteSpan data = thread.module().datas[instr.a].bytes;
  MemoryInst& memory = Memory(thread, instr.b);
  const auto [to, from, count] = thread.PopCopying(memory.type.limits.is_64, false);
  if (!InBounds(to, count, memory.bytes.size()) || !InBounds(from, count, data.size())) {
    return Step::Trap(TrapKind::MemoryOutOfBounds);
  }
  STEP(thread.TakeBulkFuel(count));
  if (count > 0) std::memcpy(memory.bytes.Writable(to, count), data.data() + from, count);
  return Step::Next();
}

Step DataDrop(Thread& thread, const Instr& instr) {
  thread.module().datas[instr.a].bytes = {};
  return Step::Next();
}

}  // namespace slabhound::oracle::rules
