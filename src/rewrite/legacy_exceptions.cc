#include "rewrite/legacy_exceptions.h"

#include <algorithm>
#include <map>

namespace slabhound::rewrite {
namespace {

using wasm::BlockType;
using wasm::CatchKind;
using wasm::Instr;
using wasm::Opcode;
using wasm::ValType;

constexpr ValType kExnRef = ValType::Ref(wasm::AbstractHeap::Exn, /*nullable=*/true);
constexpr uint32_t kNone = UINT32_MAX;

bool IsLegacy(const Instr& instr) {
  return wasm::Info(instr.op).feature == wasm::Feature::LegacyExceptions;
}

bool OpensBlock(Opcode op) {
  return op == Opcode::Block || op == Opcode::Loop || op == Opcode::If || op == Opcode::TryTable ||
         op == Opcode::LegacyTry;
}

// What a legacy `try` is, by the place of its instruction.
struct Try {
  std::vector<uint32_t> clauses;  // places of catch and catch_all
  bool delegates = false;
  bool is_target = false;  // of a `delegate`
};

// The shape of one body: first where each clause belongs, then who delegates to whom.
struct Shape {
  std::map<uint32_t, Try> tries;
  std::map<uint32_t, uint32_t> targets;  // of each `delegate`: a try, or kNone for the function
  bool function_is_target = false;
};

void FindClauses(const wasm::Body& body, Shape& shape) {
  std::vector<uint32_t> open;
  for (uint32_t at = 0; at < body.code.size(); ++at) {
    const Opcode op = body.code[at].op;
    if (OpensBlock(op)) open.push_back(at);
    if (op == Opcode::LegacyTry) shape.tries[at];
    if (op == Opcode::LegacyCatch || op == Opcode::LegacyCatchAll) {
      shape.tries[open.back()].clauses.push_back(at);
    }
    if (op == Opcode::Delegate) shape.tries[open.back()].delegates = true;
    if ((op == Opcode::End || op == Opcode::Delegate) && !open.empty()) open.pop_back();
  }
}

// A delegated exception looks for its handler from the label outwards, as if it were thrown there:
// a try in whose clauses that is does not see it.
void FindTargets(const wasm::Body& body, Shape& shape) {
  struct Open {
    uint32_t at;
    bool catches;
  };
  std::vector<Open> open;
  for (uint32_t at = 0; at < body.code.size(); ++at) {
    const Instr& instr = body.code[at];
    if (OpensBlock(instr.op)) {
      const auto found = shape.tries.find(at);
      const bool catches =
          found != shape.tries.end() && (found->second.delegates || !found->second.clauses.empty());
      open.push_back({at, catches});
    } else if (instr.op == Opcode::LegacyCatch || instr.op == Opcode::LegacyCatchAll) {
      open.back().catches = false;
    } else if (instr.op == Opcode::End) {
      if (!open.empty()) open.pop_back();
    } else if (instr.op == Opcode::Delegate) {
      open.pop_back();
      // The label behind the last block is the function's.
      const auto first = open.rbegin() + std::min<ptrdiff_t>(instr.a, std::ssize(open));
      const auto target = std::find_if(first, open.rend(), [](const Open& o) { return o.catches; });
      shape.targets[at] = target == open.rend() ? kNone : target->at;
      if (target == open.rend()) {
        shape.function_is_target = true;
      } else {
        shape.tries[target->at].is_target = true;
      }
    }
  }
}

// Types of blocks that were added, by the bits of their parameters and results.
using AddedTypes = std::map<std::vector<uint32_t>, wasm::TypeIdx>;

class Lowering {
 public:
  Lowering(wasm::Module& module, wasm::Function& function, AddedTypes& added)
      : module_(module), function_(function), from_(function.body), added_(added) {
    FindClauses(from_, shape_);
    FindTargets(from_, shape_);
    const auto& type = std::get<wasm::FuncType>(module.types[function.type].composite);
    first_local_ = static_cast<uint32_t>(type.params.size() + function.locals.size());
  }

  void Run() {
    frames_.push_back({.label = open_++});
    if (shape_.function_is_target) function_landing_ = Open(Opcode::Block, BlockType(kExnRef));
    for (at_ = 0; at_ < from_.code.size(); ++at_) Step(from_.code[at_]);
    function_.locals.insert(function_.locals.end(), locals_, kExnRef);
    function_.body = std::move(to_);
  }

 private:
  // An open block of the old code. Labels of the new code are numbered from the outermost.
  struct Frame {
    uint32_t label = 0;  // what a branch to the block's label means now
    const Try* legacy = nullptr;
    uint32_t clauses_seen = 0;
    uint32_t landing = kNone;  // where delegated exceptions come, within the body
    uint32_t local = kNone;    // holds what the clause at hand has caught
    uint32_t at = 0;
  };

  void Emit(Opcode op, uint32_t a = 0, uint32_t b = 0, uint64_t bits = 0) {
    to_.code.push_back({.op = op, .offset = from_.code[at_].offset, .a = a, .b = b, .bits = bits});
  }
  uint32_t Open(Opcode op, BlockType type) {
    Emit(op, type.bits());
    return open_++;
  }
  void End() {
    Emit(Opcode::End);
    --open_;
  }
  void Branch(uint32_t label) { Emit(Opcode::Br, open_ - 1 - label); }
  // The new depth of an old one.
  uint32_t Depth(uint32_t depth) const {
    return open_ - 1 - frames_[frames_.size() - 1 - depth].label;
  }

  std::vector<ValType> ParamsOf(BlockType type) const {
    if (!type.is_index()) return {};
    return std::get<wasm::FuncType>(module_.types[type.index()].composite).params;
  }
  std::vector<ValType> TagParams(uint32_t tag) const {
    uint32_t index = tag;
    for (const wasm::Import& import : module_.imports) {
      const auto* type = std::get_if<wasm::TagType>(&import.type);
      if (type != nullptr && index-- == 0) return ParamsOf(BlockType::Index(type->type));
    }
    return ParamsOf(BlockType::Index(module_.tags[index].type.type));
  }

  // From a block's parameters to a caught payload and its exception.
  BlockType CaughtType(const std::vector<ValType>& params, std::vector<ValType> payload) {
    payload.push_back(kExnRef);
    if (params.empty() && payload.size() == 1) return kExnRef;
    std::vector<uint32_t> key;
    for (const ValType type : params) key.push_back(type.bits());
    key.push_back(kNone);
    for (const ValType type : payload) key.push_back(type.bits());
    const auto [found, is_new] =
        added_.emplace(std::move(key), static_cast<uint32_t>(module_.types.size()));
    if (!is_new) return BlockType::Index(found->second);
    module_.types.push_back(
        {.is_final = true, .supers = {}, .composite = wasm::FuncType{params, std::move(payload)}});
    module_.rec_groups.push_back({found->second, 1, false});
    if (!module_.type_offsets.empty()) module_.type_offsets.push_back(0);
    return BlockType::Index(found->second);
  }

  void Step(const Instr& instr) {
    switch (instr.op) {
      case Opcode::LegacyTry:
        return BeginTry(BlockType::FromBits(instr.a));
      case Opcode::LegacyCatch:
      case Opcode::LegacyCatchAll:
        return Clause();
      case Opcode::Delegate:
        return EndDelegate();
      case Opcode::Rethrow:
        Emit(Opcode::LocalGet, first_local_ + frames_[frames_.size() - 1 - instr.a].local);
        return Emit(Opcode::ThrowRef);
      case Opcode::End:
        return EndBlock();
      default:
        break;
    }
    Copy(instr);
    if (OpensBlock(instr.op)) frames_.push_back({.label = open_++});
  }

  // With the labels that it names, and what it has in the pools.
  void Copy(Instr instr) {
    switch (wasm::Info(instr.op).immediates) {
      case wasm::Immediates::Label:
      case wasm::Immediates::BrCast:
        instr.a = Depth(instr.a);
        break;
      case wasm::Immediates::BrTable: {
        const auto first = static_cast<uint32_t>(to_.labels.size());
        for (uint32_t i = 0; i <= instr.b; ++i) {
          to_.labels.push_back(Depth(from_.labels[instr.a + i]));
        }
        instr.a = first;
        break;
      }
      case wasm::Immediates::TryTable: {
        const auto first = static_cast<uint32_t>(to_.catches.size());
        for (uint64_t i = 0; i < instr.bits; ++i) {
          to_.catches.push_back(from_.catches[instr.b + i]);
          to_.catches.back().label = Depth(to_.catches.back().label);
        }
        instr.b = first;
        break;
      }
      case wasm::Immediates::SelectTypes: {
        const auto first = static_cast<uint32_t>(to_.types.size());
        const auto begin = from_.types.begin() + instr.a;
        to_.types.insert(to_.types.end(), begin, begin + instr.b);
        instr.a = first;
        break;
      }
      default:
        break;
    }
    to_.code.push_back(instr);
  }

  // A block that stands for the label, one for each clause with the first innermost, and the body:
  //   block $label  block $last … block $first  try_table … body end  br $label  end
  void BeginTry(BlockType type) {
    const Try& legacy = shape_.tries[at_];
    Frame frame{.label = Open(Opcode::Block, type), .legacy = &legacy, .at = at_};
    if (legacy.clauses.empty() && !legacy.delegates) {
      frames_.push_back(frame);
      return;
    }
    const std::vector<ValType> params = ParamsOf(type);
    const auto first = static_cast<uint32_t>(to_.catches.size());
    if (legacy.delegates) {
      Open(Opcode::Block, CaughtType(params, {}));
      to_.catches.push_back({CatchKind::CatchAllRef, 0, 0});
    }
    for (size_t i = legacy.clauses.size(); i-- > 0;) {
      const Instr& clause = from_.code[legacy.clauses[i]];
      const bool all = clause.op == Opcode::LegacyCatchAll;
      Open(Opcode::Block, CaughtType(params, all ? std::vector<ValType>{} : TagParams(clause.a)));
    }
    for (uint32_t i = 0; i < legacy.clauses.size(); ++i) {
      const Instr& clause = from_.code[legacy.clauses[i]];
      const bool all = clause.op == Opcode::LegacyCatchAll;
      to_.catches.push_back(
          {all ? CatchKind::CatchAllRef : CatchKind::CatchRef, all ? 0 : clause.a, i});
    }
    Emit(Opcode::TryTable, type.bits(), first, to_.catches.size() - first);
    ++open_;
    if (legacy.is_target) frame.landing = Open(Opcode::Block, CaughtType(params, {}));
    if (!legacy.clauses.empty()) {
      frame.local = static_cast<uint32_t>(
          std::ranges::count_if(frames_, [](const Frame& each) { return each.local != kNone; }));
      locals_ = std::max(locals_, frame.local + 1);
    }
    frames_.push_back(frame);
  }

  // The body's end: what is delegated here is thrown in the try_table, but in no block of it.
  void EndBody(const Frame& frame) {
    if (frame.landing != kNone) {
      Branch(frame.label);
      End();
      Emit(Opcode::ThrowRef);
    }
    End();
  }

  // Ends the body or the clause before, and begins the next one.
  void Clause() {
    Frame& frame = frames_.back();
    if (frame.clauses_seen++ == 0) EndBody(frame);
    Branch(frame.label);
    End();
    Emit(Opcode::LocalSet, first_local_ + frame.local);
  }

  void EndDelegate() {
    const Frame frame = frames_.back();
    EndBody(frame);
    Branch(frame.label);
    End();
    const uint32_t target = shape_.targets[at_];
    const auto found = std::ranges::find_if(frames_, [target](const Frame& each) {
      return each.legacy != nullptr && each.at == target;
    });
    Branch(found == frames_.end() ? function_landing_ : found->landing);
    End();
    frames_.pop_back();
  }

  void EndBlock() {
    if (frames_.size() == 1 && shape_.function_is_target) {
      Emit(Opcode::Return);
      End();
      Emit(Opcode::ThrowRef);
    }
    End();
    frames_.pop_back();
  }

  wasm::Module& module_;
  wasm::Function& function_;
  const wasm::Body& from_;
  AddedTypes& added_;
  Shape shape_;
  wasm::Body to_;
  std::vector<Frame> frames_;
  uint32_t at_ = 0;
  uint32_t open_ = 0;  // labels of the new code
  uint32_t function_landing_ = kNone;
  uint32_t first_local_ = 0, locals_ = 0;  // of those that are added
};

}  // namespace

bool HasLegacyExceptions(const wasm::Module& module) {
  return std::ranges::any_of(module.functions, [](const wasm::Function& function) {
    return std::ranges::any_of(function.body.code, IsLegacy);
  });
}

void LowerLegacyExceptions(wasm::Module& module) {
  AddedTypes added;
  for (wasm::Function& function : module.functions) {
    if (std::ranges::any_of(function.body.code, IsLegacy)) Lowering(module, function, added).Run();
  }
}

}  // namespace slabhound::rewrite
