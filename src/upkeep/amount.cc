#include "upkeep/amount.h"

#include <charconv>
#include <span>

namespace slabhound::upkeep {
namespace {

struct Unit {
  char letter;
  uint64_t factor;
};

std::optional<uint64_t> Parse(std::string_view text, std::span<const Unit> units) {
  uint64_t factor = 1;
  for (const Unit& unit : units) {
    if (!text.ends_with(unit.letter)) continue;
    factor = unit.factor;
    text.remove_suffix(1);
    break;
  }
  uint64_t number = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last || number == 0) return std::nullopt;
  if (number > UINT64_MAX / factor) return std::nullopt;
  return number * factor;
}

}  // namespace

std::optional<uint64_t> ParseBytes(std::string_view text) {
  constexpr Unit kUnits[] = {{'K', uint64_t{1} << 10},
                             {'M', uint64_t{1} << 20},
                             {'G', uint64_t{1} << 30},
                             {'T', uint64_t{1} << 40}};
  return Parse(text, kUnits);
}

std::optional<uint64_t> ParseSeconds(std::string_view text) {
  constexpr Unit kUnits[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
  return Parse(text, kUnits);
}

}  // namespace slabhound::upkeep
