#include "join/identity.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::join {
namespace {

constexpr size_t kHashDigits = 12;  // at the end of a name (diff/signature.cc)

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string BaseOf(std::string_view slug) {
  const size_t dash = slug.rfind('-');
  if (dash == std::string_view::npos) return std::string(slug);
  const std::string_view number = slug.substr(dash + 1), base = slug.substr(0, dash);
  const bool is_number =
      !number.empty() && number.size() < kHashDigits && std::ranges::all_of(number, IsDigit);
  const size_t hash = base.size() < kHashDigits + 1 ? 0 : base.size() - kHashDigits;
  const bool has_hash =
      hash > 0 && base[hash - 1] == '-' && std::ranges::all_of(base.substr(hash), IsHex);
  return std::string(is_number && has_hash ? base : slug);
}

Names NamesOf(const std::set<Identity>& identities) {
  Names names;
  std::map<std::string, uint64_t> numbers;
  for (const Identity& each : identities) {
    const uint64_t number = ++numbers[each.base];
    names[each] = number == 1 ? each.base : fmt::format("{}-{}", each.base, number);
  }
  return names;
}

}  // namespace slabhound::join
