#include <algorithm>
#include <iterator>
#include <string_view>

#include "cause/shape.h"
#include "wasm/opcode.h"

namespace slabhound::cause {
namespace {

// How much an instruction tells of a cause.
constexpr double kArithmetic = 0.3;  // numbers, and branches: they only lead somewhere
constexpr double kPlain = 1;    // what nearly every case has, to make objects and to look at them
constexpr double kMerge = 2;    // where code meets
constexpr double kTelling = 5;  // anything else
// Two cases alike in having nothing that tells are alike, the more where memory goes wrong.
constexpr double kEveryMemoryCase = 2, kEveryCase = 1;

struct Weighed {
  std::string_view op;
  double weight;
};
constexpr Weighed kWeights[] = {
#define SLABHOUND_WEIGHT(op, weight) {op, weight},
#include "cause/weights.def"
};

double WeightOfOp(std::string_view text) {
  const auto* known = std::ranges::find(kWeights, text, &Weighed::op);
  if (known != std::end(kWeights)) return known->weight;
  const auto op = wasm::FindMnemonic(text);
  const bool is_number =
      op && wasm::Info(*op).feature == wasm::Feature::Mvp && wasm::Info(*op).has_types();
  return is_number ? kArithmetic : kTelling;
}

// "op", "op types", "op in op".
double WeightOf(std::string_view gram) {
  constexpr double kDetail = 0.3;
  const std::string_view op = gram.substr(0, gram.find(' '));
  if (op.size() == gram.size()) return WeightOfOp(op);
  constexpr std::string_view kIn = " in ";
  const size_t in = gram.find(kIn);
  if (in != op.size()) return kDetail * WeightOfOp(op);
  const std::string_view around = gram.substr(in + kIn.size());
  if (around == "global") return kTelling;
  return kDetail * std::min(WeightOfOp(op), WeightOfOp(around));
}

double WeightOf(const std::vector<std::string>& grams) {
  double weight = 0;
  for (const std::string& gram : grams) weight += WeightOf(gram);
  return weight;
}

}  // namespace

double Distance(const Shape& a, const Shape& b, Broken broken) {
  std::vector<std::string> both;
  std::ranges::set_intersection(a.grams, b.grams, std::back_inserter(both));
  const double shared = WeightOf(both);
  const double all = WeightOf(a.grams) + WeightOf(b.grams) - shared;
  return (all - shared) / (all + (broken == Broken::Memory ? kEveryMemoryCase : kEveryCase));
}

}  // namespace slabhound::cause
