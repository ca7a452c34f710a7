#include "trace/state.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"
#include "trace/digest.h"

namespace slabhound::trace {
namespace {

constexpr uint32_t kInsideObjectsMax = 20'000;

using wasm::ExternKind;

constexpr std::array kKinds = {ExternKind::Global, ExternKind::Table, ExternKind::Memory};

std::string_view KindName(ExternKind kind) {
  return kind == ExternKind::Global ? "global" : kind == ExternKind::Table ? "table" : "memory";
}

class StateTeller {
 public:
  StateTeller(machine::Machine& machine, std::vector<uint64_t>* words)
      : machine_(machine), budget_{kStateFieldsMax, words} {
    constexpr size_t kUsualEvents = 24;
    events_.reserve(kUsualEvents);
    for (const ExternKind kind : kKinds) {
      told_[static_cast<size_t>(kind)].resize(machine.AddressCount(kind));
    }
  }

  Result<std::vector<Event>, machine::Panic> Tell(std::optional<machine::InstanceId> instance,
                                                  std::span<const wasm::Export> exports) {
    for (const wasm::Export& exported : exports) {
      if (exported.kind == ExternKind::Func || exported.kind == ExternKind::Tag) continue;
      const auto found = machine_.FindExport(*instance, exported.name);
      CHECK(found.has_value());
      TRY(TellOne(EventKind::State, exported.name, *found));
    }
    TRY(TellObjects(EventKind::State));
    digest_.Extend(kInsideObjectsMax);
    for (const ExternKind kind : kKinds) {
      for (uint32_t address = 0; address < machine_.AddressCount(kind); ++address) {
        if (told_[static_cast<size_t>(kind)][address]) continue;
        TRY(TellOne(EventKind::Inside, fmt::format("{} {}", KindName(kind), address),
                    {kind, address}));
      }
    }
    TRY(TellObjects(EventKind::Inside));
    return std::move(events_);
  }

 private:
  // Each global, table and memory is told once, under its first name.
  Result<void, machine::Panic> TellOne(EventKind event, std::string name, machine::Extern which) {
    std::vector<bool>& told = told_[static_cast<size_t>(which.kind)];
    if (told[which.address]) return {};
    told[which.address] = true;
    Happening what;
    switch (which.kind) {
      case ExternKind::Global: {
        TRY_ASSIGN(const machine::Value value, machine_.ReadGlobal(which.address));
        what = GlobalState{TellRoot(machine_, value, digest_.Add(value))};
        break;
      }
      case ExternKind::Table: {
        TRY_ASSIGN(what, Table(which.address));
        break;
      }
      default: {
        const machine::LinearMemory& memory = machine_.MemoryOf(which.address);
        uint64_t hash = 0;
        memory.ForEachWritten(
            [&hash](uint64_t start, ByteSpan chunk) { hash = MemoryHash(chunk, start, hash); });
        digest_.Add(machine::Value::I64(memory.size()));
        digest_.Add(machine::Value::I64(hash));
        what = MemoryState{memory.size(), hash};
        break;
      }
    }
    if (++count_ <= kStateEventsMax) events_.push_back({event, std::move(name), std::move(what)});
    return {};
  }

  Result<TableState, machine::Panic> Table(machine::TableAddr table) {
    const uint64_t size = machine_.TableTypeOf(table).limits.min;
    digest_.Add(machine::Value::I64(size));
    for (uint64_t i = 0; i < size; ++i) {
      TRY_ASSIGN(const machine::Value value, machine_.ReadTable(table, i));
      digest_.Add(value);
    }
    return TableState{size, digest_.hash()};
  }

  Result<void, machine::Panic> TellObjects(EventKind event) {
    TRY(digest_.Walk());
    events_.push_back({event, "objects", ObjectsState{digest_.object_count(), digest_.hash()}});
    return {};
  }

  machine::Machine& machine_;
  WalkBudget budget_;
  Digest digest_{machine_, kStateObjectsMax, budget_};
  std::array<std::vector<bool>, 5> told_;  // by kind and address
  std::vector<Event> events_;
  size_t count_ = 0;
};

}  // namespace

Result<std::vector<Event>, machine::Panic> FinalState(machine::Machine& machine,
                                                      std::optional<machine::InstanceId> instance,
                                                      std::span<const wasm::Export> exports,
                                                      std::vector<uint64_t>* words) {
  const size_t mark = machine.HandleMark();
  auto events = StateTeller(machine, words).Tell(instance, exports);
  // After a panic a machine can only be destroyed.
  if (events) machine.ReleaseHandles(mark);
  return events;
}

}  // namespace slabhound::trace
