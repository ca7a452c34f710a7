#include "cause/shape.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "wasm/opcode.h"

namespace slabhound::cause {

Shape ShapeOf(const wasm::Module& module) {
  std::set<std::string> grams;
  for (const wasm::Function& function : module.functions) {
    for (const wasm::Instr& instr : function.body.code) {
      if (instr.op != wasm::Opcode::Drop && instr.op != wasm::Opcode::End) {
        grams.emplace(wasm::Info(instr.op).text);
      }
    }
  }
  Shape shape;
  for (const std::string& gram : grams) {
    if (shape.grams.size() < kGramsMax) shape.grams.push_back(gram);
  }
  return shape;
}

double Distance(const Shape& a, const Shape& b) {
  std::vector<std::string> both;
  std::ranges::set_intersection(a.grams, b.grams, std::back_inserter(both));
  const size_t all = a.grams.size() + b.grams.size() - both.size();
  return all == 0 ? 0 : 1 - static_cast<double>(both.size()) / static_cast<double>(all);
}

}  // namespace slabhound::cause
