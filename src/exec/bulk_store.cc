// Bulk instructions on tables and memories.
#include <algorithm>
#include <cstring>

#include "exec/bulk.h"

namespace slabhound::exec::bulk {
namespace {

// What a grow gives that did not.
uint64_t MinusOne(bool is_64) { return is_64 ? ~uint64_t{0} : uint64_t{UINT32_MAX}; }

}  // namespace

bool TableFill(Store& store, RunState& run, const Op& op, const uint64_t* regs) {
  TableInstance& table = store.table(static_cast<uint32_t>(op.imm));
  const uint64_t to = regs[op.a], count = regs[op.c];
  if (!InBounds(to, count, table.words.size()))
    return run.StopTrap(machine::TrapKind::TableOutOfBounds);
  if (!run.TakeBulkFuel(count)) return false;
  std::fill_n(table.words.begin() + static_cast<ptrdiff_t>(to), count, regs[op.b]);
  return true;
}

bool TableCopy(Store& store, RunState& run, const Op& op, const uint64_t* regs) {
  TableInstance& target = store.table(static_cast<uint32_t>(op.imm >> 32));
  const TableInstance& source = store.table(static_cast<uint32_t>(op.imm));
  const uint64_t to = regs[op.a], from = regs[op.b], count = regs[op.c];
  if (!InBounds(to, count, target.words.size()) || !InBounds(from, count, source.words.size())) {
    return run.StopTrap(machine::TrapKind::TableOutOfBounds);
  }
  if (!run.TakeBulkFuel(count)) return false;
  if (count > 0)
    std::memmove(target.words.data() + to, source.words.data() + from, count * sizeof(uint64_t));
  return true;
}

bool TableInit(Store& store, RunState& run, uint32_t elem, machine::TableAddr address, uint64_t to,
               uint64_t from, uint64_t count) {
  TableInstance& table = store.table(address);
  const std::vector<uint64_t>& words = store.elem(elem).words;
  if (!InBounds(to, count, table.words.size()) || !InBounds(from, count, words.size())) {
    return run.StopTrap(machine::TrapKind::TableOutOfBounds);
  }
  if (!run.TakeBulkFuel(count)) return false;
  std::copy_n(words.begin() + static_cast<ptrdiff_t>(from), count,
              table.words.begin() + static_cast<ptrdiff_t>(to));
  return true;
}

bool TableGrow(Store& store, RunState& run, const Op& op, const uint64_t* regs, uint64_t& result) {
  TableInstance& table = store.table(static_cast<uint32_t>(op.imm));
  const uint64_t size = table.words.size(), more = regs[op.c];
  if (!store.MayGrow(table, more)) {
    result = MinusOne(table.type.limits.is_64);
    return true;
  }
  if (!run.TakeBulkFuel(more)) return false;
  table.words.resize(size + more, regs[op.b]);
  result = size;
  return true;
}

bool MemoryFill(Store& store, RunState& run, const Op& op, const uint64_t* regs) {
  machine::LinearMemory& bytes = store.memory(static_cast<uint32_t>(op.imm)).bytes;
  const uint64_t to = regs[op.a], count = regs[op.c];
  if (!InBounds(to, count, bytes.size())) return run.StopTrap(machine::TrapKind::MemoryOutOfBounds);
  if (!run.TakeBulkFuel(count)) return false;
  if (count > 0) std::memset(bytes.Writable(to, count), static_cast<uint8_t>(regs[op.b]), count);
  return true;
}

bool MemoryCopy(Store& store, RunState& run, const Op& op, const uint64_t* regs) {
  machine::LinearMemory& target = store.memory(static_cast<uint32_t>(op.imm >> 32)).bytes;
  const machine::LinearMemory& source = store.memory(static_cast<uint32_t>(op.imm)).bytes;
  const uint64_t to = regs[op.a], from = regs[op.b], count = regs[op.c];
  if (!InBounds(to, count, target.size()) || !InBounds(from, count, source.size())) {
    return run.StopTrap(machine::TrapKind::MemoryOutOfBounds);
  }
  if (!run.TakeBulkFuel(count)) return false;
  if (count > 0) std::memmove(target.Writable(to, count), source.data() + from, count);
  return true;
}

bool MemoryInit(Store& store, RunState& run, uint32_t data, machine::MemoryAddr memory, uint64_t to,
                uint64_t from, uint64_t count) {
  machine::LinearMemory& target = store.memory(memory).bytes;
  const DataInstance& source = store.data(data);
  if (!InBounds(to, count, target.size()) || !InBounds(from, count, source.size())) {
    return run.StopTrap(machine::TrapKind::MemoryOutOfBounds);
  }
  if (!run.TakeBulkFuel(count)) return false;
  if (count > 0) std::memcpy(target.Writable(to, count), source.bytes->data() + from, count);
  return true;
}

bool MemoryGrow(Store& store, RunState& run, const Op& op, const uint64_t* regs, uint64_t& result) {
  MemoryInstance& memory = store.memory(static_cast<uint32_t>(op.imm));
  const uint64_t pages = memory.pages(), more = regs[op.b];
  if (!store.MayGrow(memory, more)) {
    result = MinusOne(memory.type.limits.is_64);
    return true;
  }
  if (!run.TakeBulkFuel(more * kPageBytes)) return false;
  memory.bytes.Grow((pages + more) * kPageBytes);
  result = pages;
  return true;
}

}  // namespace slabhound::exec::bulk
