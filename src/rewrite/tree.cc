#include "rewrite/tree.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "rewrite/operands.h"

namespace slabhound::rewrite {
namespace {

using wasm::Opcode;

// One value on the stack, and the node that made it.
struct Entry {
  uint32_t node = kNone;
  uint32_t first = 0;  // where the code begins that made it
};

struct Block {
  uint32_t node;    // under construction; kNone: the function
  uint32_t height;  // of the stack below its parameters
  std::vector<uint32_t> statements;
  bool dead = false;
  uint32_t dead_from = 0;
  bool in_dead_code = false;  // it stands there: then it is no node
};

class Parser {
 public:
  Parser(const wasm::Module& module, const wasm::Function& function,
         const valid::FunctionNotes& notes)
      : module_(module), body_(function.body), notes_(notes) {
    const auto& type = std::get<wasm::FuncType>(module.types[function.type].composite);
    labels_.push_back(static_cast<uint32_t>(type.results.size()));
    blocks_.push_back({.node = kNone, .height = 0, .statements = {}});
  }

  Tree Parse() {
    for (uint32_t i = 0; i < body_.code.size(); ++i) Step(i);
    Level();
    return std::move(tree_);
  }

 private:
  void Step(uint32_t i) {
    const wasm::Instr& instr = body_.code[i];
    switch (instr.op) {
      case Opcode::Else:
      case Opcode::LegacyCatch:
      case Opcode::LegacyCatchAll:
        return NextArm(i);
      case Opcode::End:
      case Opcode::Delegate:
        return End(i);
      case Opcode::Block:
      case Opcode::Loop:
      case Opcode::If:
      case Opcode::TryTable:
      case Opcode::LegacyTry:
        return Begin(i);
      default:
        break;
    }
    if (blocks_.back().dead) return;
    Node node;
    node.at = i;
    node.last = i;
    const uint32_t height = Height(i);
    const uint32_t count = OperandCount(module_, body_, instr, labels_);
    TakeOperands(node, count);
    if (notes_[i].unreachable) {
      node.diverges = true;
      Finish(std::move(node));
      MarkDead(i + 1);
      return;
    }
    node.result_count = notes_[i].height + count - height;
    node.type = notes_[i].top;
    Finish(std::move(node));
  }

  uint32_t Height(uint32_t i) const { return i == 0 ? 0 : notes_[i - 1].height; }

  void TakeOperands(Node& node, uint32_t count) {
    node.first = node.at;
    CHECK(stack_.size() >= count);
    for (size_t k = stack_.size() - count; k < stack_.size(); ++k) {
      const Entry& entry = stack_[k];
      node.operands.push_back(entry.node);
      node.first = std::min(node.first, entry.first);
      if (entry.node == kNone) {
        node.closed = false;
      } else {
        const auto taken = std::ranges::count(node.operands, entry.node);
        const Node& operand = tree_.nodes[entry.node];
        if (!operand.closed) node.closed = false;
        const auto all = static_cast<ptrdiff_t>(operand.result_count);
        if (k + 1 == stack_.size() && taken != all) node.closed = false;
        if (k + 1 < stack_.size() && stack_[k + 1].node != entry.node && taken != all) {
          node.closed = false;
        }
      }
    }
    stack_.resize(stack_.size() - count);
  }

  // Pushes the node's results, or lists it as a statement.
  void Finish(Node node) {
    const auto index = static_cast<uint32_t>(tree_.nodes.size());
    for (const uint32_t operand : node.operands) {
      if (operand != kNone) tree_.nodes[operand].parent = index;
    }
    // Statements between the operands are inside the range, and so children as well.
    std::vector<uint32_t>& statements = blocks_.back().statements;
    while (!statements.empty() && tree_.nodes[statements.back()].first >= node.first) {
      tree_.nodes[statements.back()].parent = index;
      statements.pop_back();
    }
    for (uint32_t k = 0; k < node.result_count; ++k) stack_.push_back({index, node.first});
    if (node.result_count == 0) blocks_.back().statements.push_back(index);
    tree_.nodes.push_back(std::move(node));
  }

  void MarkDead(uint32_t from) {
    Block& block = blocks_.back();
    block.dead = true;
    block.dead_from = from;
    // What is left on the stack belongs to the block.
    for (size_t k = block.height; k < stack_.size(); ++k) {
      const uint32_t left = stack_[k].node;
      if (left == kNone) continue;
      block.statements.push_back(left);
      const auto all = std::count_if(stack_.begin() + block.height, stack_.end(),
                                     [&](const Entry& entry) { return entry.node == left; });
      tree_.nodes[left].is_left = std::cmp_equal(all, tree_.nodes[left].result_count);
    }
    stack_.resize(std::min<size_t>(stack_.size(), block.height));
  }

  void EndDead(uint32_t end) {
    Block& block = blocks_.back();
    if (block.dead && block.dead_from < end) tree_.dead.push_back({block.dead_from, end});
  }

  void Begin(uint32_t i) {
    const wasm::Instr& instr = body_.code[i];
    const BlockArity arity = ArityOf(module_, wasm::BlockType::FromBits(instr.a));
    const bool outer_dead = blocks_.back().dead;
    Node node;
    node.at = i;
    node.first = i;
    if (!outer_dead) {
      TakeOperands(node, arity.params + (instr.op == Opcode::If ? 1 : 0));
    }
    node.result_count = arity.results;
    open_.push_back(std::move(node));
    blocks_.push_back({.node = static_cast<uint32_t>(open_.size() - 1),
                       .height = static_cast<uint32_t>(stack_.size()),
                       .statements = {},
                       .dead = false,
                       .dead_from = kNone,
                       .in_dead_code = outer_dead});
    stack_.resize(stack_.size() + arity.params, {kNone, i});
    labels_.push_back(instr.op == Opcode::Loop ? arity.params : arity.results);
  }

  // Ends an arm: what it leaves on the stack are its last statements.
  void CloseArm() {
    Block& block = blocks_.back();
    if (block.dead) return;
    for (size_t k = block.height; k < stack_.size(); ++k) {
      if (stack_[k].node != kNone) block.statements.push_back(stack_[k].node);
    }
    stack_.resize(block.height);
  }

  // What an `else` or a clause of a legacy `try` finds on the stack.
  uint32_t ArmParams(const Node& node, uint32_t i) const {
    wasm::Instr instr = body_.code[i];
    if (instr.op == Opcode::LegacyCatchAll) return 0;
    if (instr.op == Opcode::LegacyCatch) {
      instr.op = Opcode::Throw;  // takes what a clause of this tag gives
      return OperandCount(module_, body_, instr, labels_);
    }
    return ArityOf(module_, wasm::BlockType::FromBits(body_.code[node.at].a)).params;
  }

  void NextArm(uint32_t i) {
    EndDead(i);
    CloseArm();
    Block& block = blocks_.back();
    Node& node = open_[block.node];
    if (node.else_at == kNone) node.else_at = i;
    block.dead = false;
    stack_.resize(stack_.size() + ArmParams(node, i), {kNone, i});
  }

  void End(uint32_t i) {
    EndDead(i);
    CloseArm();
    Block block = std::move(blocks_.back());
    blocks_.pop_back();
    labels_.pop_back();
    if (block.node == kNone) return;
    Node node = std::move(open_.back());
    open_.pop_back();
    if (block.in_dead_code) {
      std::vector<uint32_t>& outer = blocks_.back().statements;
      outer.insert(outer.end(), block.statements.begin(), block.statements.end());
      return;
    }
    const auto index = static_cast<uint32_t>(tree_.nodes.size());
    for (const uint32_t statement : block.statements) tree_.nodes[statement].parent = index;
    node.last = i;
    node.type = notes_[i].top;
    Finish(std::move(node));
  }

  void Level() {
    for (size_t i = tree_.nodes.size(); i-- > 0;) {
      Node& node = tree_.nodes[i];
      if (node.parent != kNone) node.level = tree_.nodes[node.parent].level + 1;
      tree_.levels = std::max(tree_.levels, node.level + 1);
    }
  }

  const wasm::Module& module_;
  const wasm::Body& body_;
  const valid::FunctionNotes& notes_;
  Tree tree_;
  std::vector<Entry> stack_;
  std::vector<Block> blocks_;
  std::vector<Node> open_;  // blocks not yet ended
  std::vector<uint32_t> labels_;
};

}  // namespace

std::vector<uint32_t> OpenersAround(const std::vector<wasm::Instr>& code, uint32_t at) {
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < at; ++i) {
    if (OpensBlock(code[i].op)) open.push_back(i);
    if (code[i].op == wasm::Opcode::End || code[i].op == wasm::Opcode::Delegate) open.pop_back();
  }
  return open;
}

Tree ParseTree(const wasm::Module& module, const wasm::Function& function,
               const valid::FunctionNotes& notes) {
  return Parser(module, function, notes).Parse();
}

}  // namespace slabhound::rewrite
