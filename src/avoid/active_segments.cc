// For engines that do not drop active and declarative segments (spec 4.7.2, instantiation), so that
// instructions can take their contents: these take an empty segment instead, which is what there is
// left of them when code runs.
#include <map>
#include <optional>

#include "avoid/avoid.h"

namespace slabhound::avoid {
namespace {

using wasm::Instr;
using wasm::Opcode;
using wasm::SegmentMode;

class Rewriter {
 public:
  explicit Rewriter(wasm::Module& module) : module_(module) {}

  bool Rewrite() {
    bool any = false;
    for (wasm::Function& function : module_.functions) {
      for (Instr& instr : function.body.code) any |= Rewrite(instr);
    }
    return any;
  }

 private:
  bool Rewrite(Instr& instr) {
    switch (instr.op) {
      case Opcode::MemoryInit:
        return Replace(instr.a, module_.datas, empty_data_);
      case Opcode::ArrayNewData:
      case Opcode::ArrayInitData:
        return Replace(instr.b, module_.datas, empty_data_);
      case Opcode::ArrayNewElem:
      case Opcode::ArrayInitElem:
        return Replace(instr.b, module_.elems, empty_elems_[module_.elems[instr.b].type.bits()]);
      default:
        return false;
    }
  }

  template <typename Segment>
  bool Replace(uint32_t& index, std::vector<Segment>& segments, std::optional<uint32_t>& empty) {
    if (segments[index].mode == SegmentMode::Passive) return false;
    if (!empty) {
      Segment segment;
      if constexpr (requires { segment.items; }) segment.type = segments[index].type;
      empty = static_cast<uint32_t>(segments.size());
      segments.push_back(std::move(segment));
      if (module_.data_count) module_.data_count = static_cast<uint32_t>(module_.datas.size());
    }
    index = *empty;
    return true;
  }

  wasm::Module& module_;
  std::optional<uint32_t> empty_data_;
  std::map<uint32_t, std::optional<uint32_t>> empty_elems_;  // of each type
};

}  // namespace

bool AvoidActiveSegments(wasm::Module& module) { return Rewriter(module).Rewrite(); }

}  // namespace slabhound::avoid
