#include "minimizer/drop_bytes.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

// The first bytes of an active segment, whose others keep their addresses.
void DropFirstBytes(Reduction& reduction) {
  for (size_t d = 0; d < reduction.module().datas.size() && !reduction.Stopped(); ++d) {
    size_t bytes = reduction.module().datas[d].bytes.size();
    while (bytes > 0 && bytes >= reduction.round().bytes_min && !reduction.Stopped()) {
      const wasm::DataSegment& data = reduction.module().datas[d];
      const auto& offset = data.memory_offset.code;
      if (data.mode != wasm::SegmentMode::Active || offset.size() != 2 ||
          offset[0].op != wasm::Opcode::I32Const) {
        break;
      }
      if (bytes <= data.bytes.size()) {
        testcase::TestCase candidate = reduction.current();
        wasm::DataSegment& shorter = candidate.module.datas[d];
        shorter.bytes.erase(shorter.bytes.begin(),
                            shorter.bytes.begin() + static_cast<ptrdiff_t>(bytes));
        auto& address = shorter.memory_offset.code[0].bits;
        address = static_cast<uint32_t>(address + bytes);
        if (reduction.Try(std::move(candidate))) continue;
      }
      bytes /= 2;
    }
  }
}

}  // namespace

void ReduceBytes(Reduction& reduction) {
  DropFirstBytes(reduction);
  DropBytes(reduction, [](wasm::Module& module) {
    std::vector<Bytes*> strings;
    for (wasm::DataSegment& data : module.datas) strings.push_back(&data.bytes);
    return strings;
  });
}

}  // namespace slabhound::minimizer
