// Table instructions (spec 4.6.5).
#include <algorithm>

#include "oracle/range.h"
#include "oracle/rules.h"

namespace slabhound::oracle::rules {
namespace {

using machine::TrapKind;
using wasm::Instr;

TableInst& Table(Thread& thread, uint32_t index) {
  return thread.store.tables[thread.module().tables[index]];
}

// A reference operand that fits the table.
Value PopElement(Thread& thread, const TableInst& table) {
  const Value value = thread.PopRef();
  CHECK(HasType(thread.store, value, table.type.element));
  return value;
}

}  // namespace

Step TableGet(Thread& thread, const Instr& instr) {
  const TableInst& table = Table(thread, instr.a);
  const uint64_t index = thread.PopAddress(table.type.limits.is_64);
  if (index >= table.elements.size()) return Step::Trap(TrapKind::TableOutOfBounds);
  thread.Push(table.elements[index]);
  return Step::Next();
}

Step TableSet(Thread& thread, const Instr& instr) {
  TableInst& table = Table(thread, instr.a);
  const Value value = PopElement(thread, table);
  const uint64_t index = thread.PopAddress(table.type.limits.is_64);
  if (index >= table.elements.size()) return Step::Trap(TrapKind::TableOutOfBounds);
  table.elements[index] = value;
  return Step::Next();
}

Step TableSize(Thread& thread, const Instr& instr) {
  const TableInst& table = Table(thread, instr.a);
  return thread.PushAddress(table.type.limits.is_64, table.elements.size());
}

Step TableGrow(Thread& thread, const Instr& instr) {
  TableInst& table = Table(thread, instr.a);
  const wasm::Limits& limits = table.type.limits;
  const uint64_t size = table.elements.size();
  const uint64_t more = thread.PopAddress(limits.is_64);
  const Value value = PopElement(thread, table);
  const bool declared = !limits.max || (size <= *limits.max && more <= *limits.max - size);
  if (!declared || !thread.store.MayGrowTable(size, more)) {
    return thread.PushAddress(limits.is_64, ~uint64_t{0});
  }
  STEP(thread.TakeBulkFuel(more));
  thread.store.table_elements += more;
  table.elements.resize(size + more, value);
  return thread.PushAddress(limits.is_64, size);
}

Step TableFill(Thread& thread, const Instr& instr) {
  TableInst& table = Table(thread, instr.a);
  const bool is_64 = table.type.limits.is_64;
  const uint64_t count = thread.PopAddress(is_64);
  const Value value = PopElement(thread, table);
  const uint64_t to = thread.PopAddress(is_64);
  if (!InBounds(to, count, table.elements.size())) return Step::Trap(TrapKind::TableOutOfBounds);
  STEP(thread.TakeBulkFuel(count));
  std::fill_n(table.elements.begin() + static_cast<ptrdiff_t>(to), count, value);
  return Step::Next();
}

Step TableCopy(Thread& thread, const Instr& instr) {
  TableInst& target = Table(thread, instr.a);
  const TableInst& source = Table(thread, instr.b);
  const auto [to, from, count] =
      thread.PopCopying(target.type.limits.is_64, source.type.limits.is_64);
  if (!InBounds(to, count, target.elements.size()) ||
      !InBounds(from, count, source.elements.size())) {
    return Step::Trap(TrapKind::TableOutOfBounds);
  }
  STEP(thread.TakeBulkFuel(count));
  const auto first = source.elements.begin() + static_cast<ptrdiff_t>(from);
  const auto last = first + static_cast<ptrdiff_t>(count);
  const auto out = target.elements.begin() + static_cast<ptrdiff_t>(to);
  if (to <= from) {
    std::copy(first, last, out);
  } else {  // the ranges may overlap
    std::copy_backward(first, last, out + static_cast<ptrdiff_t>(count));
  }
  return Step::Next();
}

Step TableInit(Thread& thread, const Instr& instr) {
  const std::vector<Value>& items = thread.module().elems[instr.a].values;
  TableInst& table = Table(thread, instr.b);
  const auto [to, from, count] = thread.PopCopying(table.type.limits.is_64, false);
  if (!InBounds(to, count, table.elements.size()) || !InBounds(from, count, items.size())) {
    return Step::Trap(TrapKind::TableOutOfBounds);
  }
  STEP(thread.TakeBulkFuel(count));
  for (uint64_t i = 0; i < count; ++i) {
    CHECK(HasType(thread.store, items[from + i], table.type.element));
    table.elements[to + i] = items[from + i];
  }
  return Step::Next();
}

Step ElemDrop(Thread& thread, const Instr& instr) {
  thread.module().elems[instr.a].values = {};
  return Step::Next();
}

}  // namespace slabhound::oracle::rules
