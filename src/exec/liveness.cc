#include "exec/liveness.h"

#include <algorithm>

namespace slabhound::exec {
namespace {

class Liveness {
 public:
  Liveness(Function& function, heap::Fault fault)
      : function_(function), fault_(fault), words_((function.register_count + 63) / 64) {}

  void Run() {
    FindBlocks();
    live_in_.assign(starts_.size() * words_, 0);
    current_.assign(words_, 0);
    // The fault: recording is then the only pass, and back edges see nothing yet behind them.
    for (bool changed = !heap::Active(fault_, heap::Fault::RootLoopNoFixpoint); changed;) {
      changed = false;
      for (size_t block = starts_.size(); block-- > 0;)
        changed |= ScanBlock(block, /*record=*/false);
    }
    function_.maps.assign(1, {});
    for (size_t block = starts_.size(); block-- > 0;) ScanBlock(block, /*record=*/true);
  }

 private:
  using Word = uint64_t;

  bool EndsBlock(const Op& op) const {
    const char effect = Info(op.code).effect;
    return effect == 'B' || NeverGoesOn(effect);
  }
  static bool NeverGoesOn(char effect) {
    return effect == 'J' || effect == 'T' || effect == 'R' || effect == 'X' || effect == 'W';
  }

  void FindBlocks() {
    const size_t size = function_.ops.size();
    std::vector<bool> starts(size + 1, false);
    starts[0] = true;
    for (size_t pc = 0; pc < size; ++pc) {
      const Op& op = function_.ops[pc];
      const char effect = Info(op.code).effect;
      if (effect == 'J' || effect == 'B') starts[op.imm] = true;
      if (EndsBlock(op)) starts[pc + 1] = true;
    }
    for (const uint32_t target : function_.targets) starts[target] = true;
    for (const Handler& handler : function_.handlers) starts[handler.landing] = true;
    block_of_.resize(size);
    for (uint32_t pc = 0; pc < size; ++pc) {
      if (starts[pc]) starts_.push_back(pc);
      block_of_[pc] = static_cast<uint32_t>(starts_.size() - 1);
    }
  }

  void Merge(size_t target_pc) {
    const Word* from = &live_in_[block_of_[target_pc] * words_];
    for (size_t i = 0; i < words_; ++i) current_[i] |= from[i];
  }
  void Set(uint32_t reg) { current_[reg / 64] |= Word{1} << (reg % 64); }
  void Clear(uint32_t reg) { current_[reg / 64] &= ~(Word{1} << (reg % 64)); }

  // Goes backward through a block; whether what is live at its start changed.
  bool ScanBlock(size_t block, bool record) {
    const size_t end = block + 1 < starts_.size() ? starts_[block + 1] : function_.ops.size();
    std::ranges::fill(current_, 0);
    const char last = Info(function_.ops[end - 1].code).effect;
    if (!NeverGoesOn(last)) Merge(end);
    for (size_t pc = end; pc-- > starts_[block];) ScanOp(pc, record);
    if (std::equal(current_.begin(), current_.end(),
                   live_in_.begin() + static_cast<ptrdiff_t>(block * words_))) {
      return false;
    }
    std::ranges::copy(current_, live_in_.begin() + static_cast<ptrdiff_t>(block * words_));
    return true;
  }

  void ScanOp(size_t pc, bool record) {
    Op& op = function_.ops[pc];
    const char effect = Info(op.code).effect;
    if (effect == 'J' || effect == 'B') Merge(op.imm);
    if (effect == 'T') {
      for (uint32_t i = 0; i <= op.b; ++i) Merge(function_.targets[op.imm + i]);
    }
    ForEachOperand(function_, op, [&](uint32_t reg, bool is_use, bool) {
      if (!is_use) Clear(reg);
    });
    // Behind the definitions: an op that throws has not written its results.
    if (effect == 'C' || effect == 'X' || effect == 'W') {
      for (const Handler& handler : function_.handlers) {
        if (pc >= handler.begin && pc < handler.end) Merge(handler.landing);
      }
    }
    if (record && effect == 'C') Record(op);
    ForEachOperand(function_, op, [&](uint32_t reg, bool is_use, bool traced) {
      if (is_use && traced) Set(reg);
    });
    if (record && (effect == 'A' || effect == 'S' || effect == 'W')) Record(op);
  }

  void Record(Op& op) {
    StackMap map{static_cast<uint32_t>(function_.map_registers.size()), 0};
    for (size_t i = 0; i < words_; ++i) {
      for (Word word = current_[i]; word != 0; word &= word - 1) {
        function_.map_registers.push_back(
            static_cast<uint32_t>(i * 64 + static_cast<size_t>(__builtin_ctzll(word))));
      }
    }
    map.count = static_cast<uint32_t>(function_.map_registers.size()) - map.first;
    if (map.count == 0) return;  // op.map stays 0, the empty map
    op.map = static_cast<uint32_t>(function_.maps.size());
    function_.maps.push_back(map);
  }

  Function& function_;
  heap::Fault fault_;
  size_t words_;
  std::vector<uint32_t> starts_;    // first pc of each block
  std::vector<uint32_t> block_of_;  // by pc
  std::vector<Word> live_in_;       // words_ for each block
  std::vector<Word> current_;
};

}  // namespace

void ComputeStackMaps(Function& function, heap::Fault fault) { Liveness(function, fault).Run(); }

}  // namespace slabhound::exec
