// Bulk instructions on tables and memories.
#include <algorithm>
#include <cstring>

#include "exec/bulk.h"

namespace slabhound::exec::bulk {
namespace {

constexpr uint64_t kPageBytes = 65536;

bool InBounds(uint64_t start, uint64_t count, uint64_t size) {
  return start <= size && count <= size - start;
}

bool Trap(Vm& vm, machine::TrapKind kind) {
  vm.StopTrap(kind);
  return false;
}

uint64_t MinusOne(bool is_64) { return is_64 ? ~uint64_t{0} : uint64_t{UINT32_MAX}; }

template <typename Items, typename Count>
uint64_t Total(const Items& items, Count count) {
  uint64_t total = 0;
  for (const auto& item : items) total += count(item);
  return total;
}

}  // namespace

bool TableFill(Vm& vm, const Op& op, const uint64_t* regs) {
  TableInstance& table = vm.tables_[op.imm];
  const uint64_t to = regs[op.a], count = regs[op.c];
  if (!InBounds(to, count, table.words.size()))
    return Trap(vm, machine::TrapKind::TableOutOfBounds);
  if (!vm.TakeBulkFuel(count)) return false;
  std::fill_n(table.words.begin() + static_cast<ptrdiff_t>(to), count, regs[op.b]);
  return true;
}

bool TableCopy(Vm& vm, const Op& op, const uint64_t* regs) {
  TableInstance& target = vm.tables_[op.imm >> 32];
  const TableInstance& source = vm.tables_[static_cast<uint32_t>(op.imm)];
  const uint64_t to = regs[op.a], from = regs[op.b], count = regs[op.c];
  if (!InBounds(to, count, target.words.size()) || !InBounds(from, count, source.words.size())) {
    return Trap(vm, machine::TrapKind::TableOutOfBounds);
  }
  if (!vm.TakeBulkFuel(count)) return false;
  if (count > 0)
    std::memmove(target.words.data() + to, source.words.data() + from, count * sizeof(uint64_t));
  return true;
}

bool TableInit(Vm& vm, uint32_t elem, machine::TableAddr address, uint64_t to, uint64_t from,
               uint64_t count) {
  TableInstance& table = vm.tables_[address];
  const std::vector<uint64_t>& words = vm.elems_[elem].words;
  if (!InBounds(to, count, table.words.size()) || !InBounds(from, count, words.size())) {
    return Trap(vm, machine::TrapKind::TableOutOfBounds);
  }
  if (!vm.TakeBulkFuel(count)) return false;
  std::copy_n(words.begin() + static_cast<ptrdiff_t>(from), count,
              table.words.begin() + static_cast<ptrdiff_t>(to));
  return true;
}

bool TableGrow(Vm& vm, const Op& op, const uint64_t* regs, uint64_t& result) {
  TableInstance& table = vm.tables_[op.imm];
  const wasm::Limits& limits = table.type.limits;
  const uint64_t size = table.words.size(), more = regs[op.c];
  const uint64_t total =
      Total(vm.tables_, [](const TableInstance& each) { return each.words.size(); });
  const uint64_t size_max = std::min(vm.limits_.table_elements_max,
                                     limits.max.value_or(limits.is_64 ? UINT64_MAX : UINT32_MAX));
  if (size > size_max || more > size_max - size || total > vm.limits_.table_elements_total_max ||
      more > vm.limits_.table_elements_total_max - total) {
    result = MinusOne(limits.is_64);
    return true;
  }
  if (!vm.TakeBulkFuel(more)) return false;
  table.words.resize(size + more, regs[op.b]);
  result = size;
  return true;
}

bool MemoryFill(Vm& vm, const Op& op, const uint64_t* regs) {
  std::vector<uint8_t>& bytes = vm.memories_[op.imm].bytes;
  const uint64_t to = regs[op.a], count = regs[op.c];
  if (!InBounds(to, count, bytes.size())) return Trap(vm, machine::TrapKind::MemoryOutOfBounds);
  if (!vm.TakeBulkFuel(count)) return false;
  if (count > 0) std::memset(bytes.data() + to, static_cast<uint8_t>(regs[op.b]), count);
  return true;
}

bool MemoryCopy(Vm& vm, const Op& op, const uint64_t* regs) {
  std::vector<uint8_t>& target = vm.memories_[op.imm >> 32].bytes;
  const std::vector<uint8_t>& source = vm.memories_[static_cast<uint32_t>(op.imm)].bytes;
  const uint64_t to = regs[op.a], from = regs[op.b], count = regs[op.c];
  if (!InBounds(to, count, target.size()) || !InBounds(from, count, source.size())) {
    return Trap(vm, machine::TrapKind::MemoryOutOfBounds);
  }
  if (!vm.TakeBulkFuel(count)) return false;
  if (count > 0) std::memmove(target.data() + to, source.data() + from, count);
  return true;
}

bool MemoryInit(Vm& vm, uint32_t data, machine::MemoryAddr memory, uint64_t to, uint64_t from,
                uint64_t count) {
  std::vector<uint8_t>& target = vm.memories_[memory].bytes;
  const Bytes* source = vm.datas_[data].bytes;
  const uint64_t source_bytes = source == nullptr ? 0 : source->size();
  if (!InBounds(to, count, target.size()) || !InBounds(from, count, source_bytes)) {
    return Trap(vm, machine::TrapKind::MemoryOutOfBounds);
  }
  if (!vm.TakeBulkFuel(count)) return false;
  if (count > 0) std::memcpy(target.data() + to, source->data() + from, count);
  return true;
}

bool MemoryGrow(Vm& vm, const Op& op, const uint64_t* regs, uint64_t& result) {
  MemoryInstance& memory = vm.memories_[op.imm];
  const wasm::Limits& limits = memory.type.limits;
  const uint64_t pages = memory.bytes.size() / kPageBytes, more = regs[op.b];
  const uint64_t total = Total(
      vm.memories_, [](const MemoryInstance& each) { return each.bytes.size() / kPageBytes; });
  const uint64_t pages_max = std::min(vm.limits_.memory_pages_max, limits.max.value_or(UINT64_MAX));
  if (pages > pages_max || more > pages_max - pages || total > vm.limits_.memory_pages_total_max ||
      more > vm.limits_.memory_pages_total_max - total) {
    result = MinusOne(limits.is_64);
    return true;
  }
  if (!vm.TakeBulkFuel(more * kPageBytes)) return false;
  memory.bytes.resize((pages + more) * kPageBytes);
  result = pages;
  return true;
}

}  // namespace slabhound::exec::bulk
