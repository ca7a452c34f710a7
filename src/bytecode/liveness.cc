#include "bytecode/liveness.h"

#include <algorithm>
#include <bit>
#include <span>

#include "heap/active_fault.h"

namespace slabhound::bytecode {
namespace {

constexpr uint32_t kUntracked = UINT32_MAX;

template <typename Visit>
void ForEachSlot(const Op& op, unsigned slots, Visit visit) {
  if ((slots & 1) != 0) visit(op.a);
  if ((slots & 2) != 0) visit(op.b);
  if ((slots & 4) != 0) visit(op.c);
  if ((slots & 8) != 0) visit(static_cast<uint32_t>(op.imm));
}

// Calls visit(register) for each definition of `op`.
template <typename Visit>
void ForEachDefinition(const Function& function, const Op& op, Visit visit) {
  ForEachSlot(op, Info(op.code).defs, visit);
  const uint32_t* definitions = function.operands.data() + op.list + op.uses;
  for (uint32_t i = 0; i < op.defs; ++i) visit(ListRegister(definitions[i]));
}

// The same for each traced use, which most ops do not have.
template <typename Visit>
void ForEachTracedUse(const Function& function, const Op& op, Visit visit) {
  const CodeInfo& info = Info(op.code);
  ForEachSlot(op, info.uses & info.traced, visit);
  const uint32_t* uses = function.operands.data() + op.list;
  for (uint32_t i = 0; i < op.uses; ++i) {
    if (ListTraced(uses[i])) visit(ListRegister(uses[i]));
  }
}

// Bits are tracked registers: those with a traced use. No others are ever live here.
class Liveness {
 public:
  Liveness(Function& function, heap::Fault fault, CompileBudget& budget)
      : function_(function), fault_(fault), budget_(budget) {}

  bool Run() {
    function_.maps.assign(1, {});
    Number();
    if (registers_.empty()) return true;
    FindBlocks();
    // A pass looks at each block once and at each way out of one.
    const uint64_t pass_steps = words_ * (4 * blocks_.size() + 2 * function_.regions.size() +
                                          function_.targets.size() + function_.handlers.size());
    if (!budget_.Spend(8 * pass_steps)) return false;  // the bitsets
    gen_.assign(blocks_.size() * words_, 0);
    kill_.assign(blocks_.size() * words_, 0);
    live_in_.assign(blocks_.size() * words_, 0);
    region_live_.assign(function_.regions.size() * words_, 0);
    current_.assign(words_, 0);
    for (size_t block = 0; block < blocks_.size(); ++block) Summarize(block);
    // Where nothing leads back the pass that records is enough. The fault: it is the only one, and
    // back edges see nothing yet behind them.
    const bool is_misled = heap::Injected(fault_, heap::Fault::RootLoopNoFixpoint);
    for (bool changed = leads_back_ && !is_misled; changed;) {
      if (!budget_.Spend(pass_steps)) return false;
      changed = Pass(/*record=*/false);
    }
    Pass(/*record=*/true);
    return !budget_.is_spent();
  }

 private:
  using Word = uint64_t;
  struct Block {
    uint32_t begin = 0, end = 0;
    bool has_safepoint = false;
    uint32_t thrown_to = TryRegion::kNone;  // where what its one op throws goes
  };

  void Number() {
    numbers_.assign(function_.register_count, kUntracked);
    for (const Op& op : function_.ops) {
      ForEachTracedUse(function_, op, [&](uint32_t reg) { numbers_[reg] = 0; });
    }
    for (uint32_t reg = 0; reg < numbers_.size(); ++reg) {
      if (numbers_[reg] == kUntracked) continue;
      numbers_[reg] = static_cast<uint32_t>(registers_.size());
      registers_.push_back(reg);
    }
    words_ = (registers_.size() + 63) / 64;
  }

  // An op that throws into a region is a block of its own: its definitions do not happen then.
  // No block reaches over the end of a segment.
  void FindBlocks() {
    const auto size = static_cast<uint32_t>(function_.ops.size());
    std::vector<uint8_t> starts(size + 1, 0);
    const auto start = [&](uint32_t pc, uint32_t target) {
      starts[target] = 1;
      leads_back_ |= target <= pc;
    };
    starts[0] = 1;
    leads_back_ = !function_.regions.empty();
    for (const Segment& segment : function_.segments) starts[segment.begin] = 1;
    const std::vector<Segment>& segments = function_.segments;
    size_t next = 0;
    uint32_t region = TryRegion::kNone;
    for (uint32_t pc = 0; pc < size; ++pc) {
      const Op& op = function_.ops[pc];
      const CodeInfo& info = Info(op.code);
      for (; next < segments.size() && segments[next].begin <= pc; ++next) {
        region = segments[next].region;
      }
      if (info.may_jump()) start(pc, TargetOf(op, pc));
      if (info.effect == 'T') {
        for (uint32_t i = 0; i <= op.b; ++i) start(pc, TableTarget(op, pc, i));
      }
      if (info.may_jump() || info.never_goes_on()) starts[pc + 1] = 1;
      if (region != TryRegion::kNone && info.may_throw()) {
        starts[pc] = starts[pc + 1] = 1;
      }
    }
    for (const Handler& handler : function_.handlers) starts[handler.landing] = 1;
    block_of_.resize(size);
    for (uint32_t pc = 0; pc < size; ++pc) {
      if (starts[pc] != 0) blocks_.push_back({.begin = pc, .end = pc});
      blocks_.back().end = pc + 1;
      block_of_[pc] = static_cast<uint32_t>(blocks_.size() - 1);
    }
  }

  uint32_t TableTarget(const Op& op, uint32_t pc, uint32_t entry) const {
    return static_cast<uint32_t>(static_cast<int64_t>(pc) + function_.targets[op.imm + entry]);
  }

  void Set(std::vector<Word>& bits, size_t at, uint32_t number) {
    bits[at * words_ + number / 64] |= Word{1} << (number % 64);
  }
  void Clear(std::vector<Word>& bits, size_t at, uint32_t number) {
    bits[at * words_ + number / 64] &= ~(Word{1} << (number % 64));
  }

  // Calls visit(number) for each register that an op's uses make live. The fault: of numbers too,
  // in a register of references.
  template <typename Visit>
  void ForEachFollowed(const Op& op, Visit visit) const {
    if (!heap::Injected(fault_, heap::Fault::StaleRefTag)) {
      return ForEachTracedUse(function_, op, [&](uint32_t reg) { visit(numbers_[reg]); });
    }
    ForEachOperand(function_, op, [&](uint32_t reg, bool is_use, bool) {
      if (is_use && numbers_[reg] != kUntracked) visit(numbers_[reg]);
    });
  }

  void Summarize(size_t index) {
    Block& block = blocks_[index];
    for (uint32_t pc = block.end; pc-- > block.begin;) {
      const Op& op = function_.ops[pc];
      ForEachDefinition(function_, op, [&](uint32_t reg) {
        if (numbers_[reg] == kUntracked) return;
        Set(kill_, index, numbers_[reg]);
        Clear(gen_, index, numbers_[reg]);
      });
      ForEachFollowed(op, [&](uint32_t number) { Set(gen_, index, number); });
      block.has_safepoint |= Info(op.code).is_safepoint();
    }
    if (!function_.regions.empty() && Info(function_.ops[block.begin].code).may_throw()) {
      block.thrown_to = RegionAt(function_, block.begin);
    }
  }

  void MergeInto(Word* to, const std::vector<Word>& from, size_t at) const {
    for (size_t i = 0; i < words_; ++i) to[i] |= from[at * words_ + i];
  }
  void MergeBlockAt(uint32_t pc) { MergeInto(current_.data(), live_in_, block_of_[pc]); }

  // What is needed if a region's body throws: what its handlers need, and the region around.
  void UpdateRegion(uint32_t index) {
    const TryRegion& region = function_.regions[index];
    Word* live = &region_live_[index * words_];
    for (uint32_t i = 0; i < region.count; ++i) {
      MergeInto(live, live_in_, block_of_[function_.handlers[region.first + i].landing]);
    }
    if (region.parent != TryRegion::kNone) MergeInto(live, region_live_, region.parent);
  }

  // All blocks backward, in layout order; whether what is live changed. Handlers stand behind
  // their body and in the region around, so that both are known when the body comes.
  bool Pass(bool record) {
    bool changed = false;
    size_t segment = function_.segments.size();
    std::vector<bool> is_updated(function_.regions.size(), false);
    for (size_t index = blocks_.size(); index-- > 0;) {
      const Block& block = blocks_[index];
      while (segment > 0 && function_.segments[segment - 1].begin >= block.end) --segment;
      if (segment > 0) {
        const uint32_t region = function_.segments[segment - 1].region;
        if (region != TryRegion::kNone && !is_updated[region]) {
          UpdateRegion(region);
          is_updated[region] = true;
        }
      }
      std::ranges::fill(current_, 0);
      const uint32_t last = block.end - 1;
      const Op& op = function_.ops[last];
      const CodeInfo& info = Info(op.code);
      if (!info.never_goes_on()) MergeBlockAt(block.end);
      if (info.may_jump()) MergeBlockAt(TargetOf(op, last));
      if (info.effect == 'T') {
        for (uint32_t i = 0; i <= op.b; ++i) MergeBlockAt(TableTarget(op, last, i));
      }
      if (record && block.has_safepoint) RecordBlock(block);
      Word* live = &live_in_[index * words_];
      for (size_t i = 0; i < words_; ++i) {
        Word now = gen_[index * words_ + i] | (current_[i] & ~kill_[index * words_ + i]);
        if (block.thrown_to != TryRegion::kNone) {
          now |= region_live_[block.thrown_to * words_ + i];
        }
        changed |= now != live[i];
        live[i] = now;
      }
    }
    return changed;
  }

  // Goes back through a block from what is live behind it, in a copy.
  void RecordBlock(const Block& block) {
    scratch_ = current_;
    for (uint32_t pc = block.end; pc-- > block.begin;) {
      Op& op = function_.ops[pc];
      const CodeInfo& info = Info(op.code);
      ForEachDefinition(function_, op, [&](uint32_t reg) {
        if (numbers_[reg] != kUntracked) Clear(scratch_, 0, numbers_[reg]);
      });
      if (block.thrown_to != TryRegion::kNone) {
        MergeInto(scratch_.data(), region_live_, block.thrown_to);
      }
      if (info.effect == 'C') Record(op);
      ForEachFollowed(op, [&](uint32_t number) { Set(scratch_, 0, number); });
      if (info.is_safepoint() && info.effect != 'C') Record(op);
    }
  }

  void Record(Op& op) {
    if (budget_.is_spent()) return;
    const auto first = static_cast<uint32_t>(function_.map_registers.size());
    for (size_t i = 0; i < words_; ++i) {
      for (Word word = scratch_[i]; word != 0; word &= word - 1) {
        const size_t number = i * 64 + static_cast<size_t>(std::countr_zero(word));
        function_.map_registers.push_back(registers_[number]);
      }
    }
    const StackMap map{first, static_cast<uint32_t>(function_.map_registers.size()) - first};
    op.map = 0;
    if (!budget_.Spend(words_ + 8 * map.count) || map.count == 0) return;  // the empty map
    // Neighbouring safepoints often share theirs.
    const StackMap& before = function_.maps.back();
    const auto registers = function_.map_registers.begin();
    if (before.count == map.count &&
        std::equal(registers + before.first, registers + before.first + before.count,
                   registers + map.first)) {
      function_.map_registers.resize(first);
    } else {
      function_.maps.push_back(map);
    }
    op.map = static_cast<uint32_t>(function_.maps.size() - 1);
  }

  Function& function_;
  heap::Fault fault_;
  CompileBudget& budget_;
  std::vector<uint32_t> numbers_;    // by register
  std::vector<uint32_t> registers_;  // by number, ascending
  size_t words_ = 0;                 // of one bitset
  std::vector<Block> blocks_;
  bool leads_back_ = false;                 // a jump; or what is thrown may
  std::vector<uint32_t> block_of_;          // by pc
  std::vector<Word> gen_, kill_, live_in_;  // by block
  std::vector<Word> region_live_;           // by region
  std::vector<Word> current_, scratch_;
};

// The registers that an op's stack map lists.
std::span<const uint32_t> MapOf(const Function& function, const Op& op) {
  const StackMap& map = function.maps[op.map];
  return std::span(function.map_registers).subspan(map.first, map.count);
}

}  // namespace

bool ComputeStackMaps(Function& function, heap::Fault fault, CompileBudget& budget) {
  if (!heap::Injected(fault, heap::Fault::RootLoopNoFixpoint) &&
      !heap::Injected(fault, heap::Fault::StaleRefTag)) {
    return Liveness(function, heap::Fault::None, budget).Run();
  }
  // These two act where their maps are not the right ones.
  Function right = function;
  if (!Liveness(right, heap::Fault::None, budget).Run()) return false;
  if (!Liveness(function, fault, budget).Run()) return false;
  for (size_t pc = 0; pc < function.ops.size(); ++pc) {
    if (!Info(function.ops[pc].code).is_safepoint()) continue;
    const bool is_right =
        std::ranges::equal(MapOf(function, function.ops[pc]), MapOf(right, right.ops[pc]));
    heap::Active(fault, fault, !is_right);
  }
  return true;
}

}  // namespace slabhound::bytecode
