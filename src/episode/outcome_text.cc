#include "episode/outcome_text.h"

#include <charconv>
#include <optional>

namespace slabhound::episode {
namespace {

using machine::RefKind;
using machine::Value;
using wasm::AbstractHeap;
using wasm::ValType;

class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  bool AtEnd() const { return text_.empty(); }
  std::string_view Next() {
    const size_t space = text_.find(' ');
    const std::string_view word = text_.substr(0, space);
    text_ = space == std::string_view::npos ? std::string_view() : text_.substr(space + 1);
    return word;
  }
  bool Take(std::string_view word) {
    Words rest = *this;
    if (rest.Next() != word) return false;
    *this = rest;
    return true;
  }

 private:
  std::string_view text_;
};

// Decimal with a sign, or hexadecimal behind 0x.
std::optional<uint64_t> Number(std::string_view word) {
  const bool hex = word.starts_with("0x");
  const bool negative = word.starts_with("-");
  if (hex || negative) word.remove_prefix(hex ? 2 : 1);
  uint64_t number = 0;
  const char* end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, number, hex ? 16 : 10);
  if (error != std::errc() || at != end) return std::nullopt;
  return negative ? 0 - number : number;
}

std::optional<Value> ReadNumber(Words& words, ValType type) {
  const bool is_32 = type == ValType::I32 || type == ValType::F32;
  if (!words.Take(wasm::TypeText(type))) return std::nullopt;
  const auto bits = Number(words.Next());
  if (!bits) return std::nullopt;
  return Value{type, is_32 ? static_cast<uint32_t>(*bits) : *bits, {}};
}

std::optional<Value> ReadReference(Words& words, ValType type) {
  const auto value = [type](RefKind kind, uint64_t payload) {
    return Value::Reference(type, {kind, static_cast<uint32_t>(payload)});
  };
  if (words.Take("null")) return value(RefKind::Null, 0);
  if (words.Take("object")) {
    words.Next();  // its hash
    return value(type.heap().Is(AbstractHeap::Exn) ? RefKind::Exn : RefKind::Struct, 0);
  }
  RefKind kind = RefKind::Func;
  if (words.Take("i31")) {
    kind = RefKind::I31;
  } else if (words.Take("host")) {
    kind = RefKind::Host;
  } else if (!words.Take("func")) {
    return std::nullopt;
  } else if (words.Take("of")) {
    words.Take("type");
  }
  const auto payload = Number(words.Next());
  if (!payload) return std::nullopt;
  return value(kind, *payload);
}

std::optional<machine::Returned> ReadResults(Words words, const std::vector<ValType>& types) {
  machine::Returned returned;
  for (const ValType type : types) {
    auto value = type.is_ref() ? ReadReference(words, type) : ReadNumber(words, type);
    if (!value) return std::nullopt;
    returned.values.push_back(*value);
  }
  for (Value& value : returned.values) {
    if (value.type != ValType::Ref(AbstractHeap::Any, true)) continue;
    const auto kind = ReadNumber(words, ValType::I32);
    const bool is_object = value.ref.kind == RefKind::Struct;
    if (!kind || is_object != (kind->bits != 0) || kind->bits > 2) return std::nullopt;
    if (kind->bits == 2) value.ref.kind = RefKind::Array;
  }
  if (!words.AtEnd()) return std::nullopt;
  return returned;
}

std::vector<machine::Outcome> ReadTraps(std::string_view names) {
  std::vector<machine::Outcome> traps;
  while (!names.empty()) {
    const size_t bar = names.find('|');
    const std::string_view name = names.substr(0, bar);
#define SLABHOUND_TRAP(trap, ...) \
  if (name == #trap) traps.push_back(machine::Trap{machine::TrapKind::trap});
#include "machine/traps.def"
    names = bar == std::string_view::npos ? std::string_view() : names.substr(bar + 1);
  }
  return traps;
}

}  // namespace

std::vector<machine::Outcome> ReadOutcome(std::string_view text,
                                          const std::vector<ValType>& results) {
  Words words(text);
  if (words.Take("returns")) {
    const auto returned = ReadResults(words, results);
    if (!returned) return {};
    return {*returned};
  }
  if (words.Take("trap")) return ReadTraps(words.Next());
  if (words.Take("throws")) return {machine::Thrown{{RefKind::Exn, 0}}};
  if (text == "exhausted call-depth" || text == "exhausted host limit (stack)") {
    return {machine::Exhausted{machine::Resource::CallDepth}};
  }
  if (text == "exhausted fuel") return {machine::Exhausted{machine::Resource::Fuel}};
  return {};
}

}  // namespace slabhound::episode
