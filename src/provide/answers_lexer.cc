#include "provide/answers_lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text/number.h"

namespace slabhound::provide {
namespace {

constexpr std::array<std::string_view, 10> kPrefixes = {"i32:", "i64:", "f32:",  "f64:", "null",
                                                        "i31:", "str:", "host:", "ref:", "export:"};

std::optional<uint32_t> HexDigits(std::string_view digits) {
  uint32_t value = 0;
  for (const char c : digits) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  return value;
}

void AppendUtf8(std::string& text, uint32_t unit) {
  if (unit < 0x80) {
    text += static_cast<char>(unit);
  } else if (unit < 0x800) {
    text += static_cast<char>(0xc0 | (unit >> 6));
    text += static_cast<char>(0x80 | (unit & 0x3f));
  } else {
    text += static_cast<char>(0xe0 | (unit >> 12));
    text += static_cast<char>(0x80 | ((unit >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (unit & 0x3f));
  }
}

text::Number ReadNumber(ValueKind kind, std::string_view word) {
  switch (kind) {
    case ValueKind::I32:
      return text::ReadInteger(word, 32);
    case ValueKind::I64:
      return text::ReadInteger(word, 64);
    case ValueKind::F32:
      return text::ReadF32(word);
    case ValueKind::F64:
      return text::ReadF64(word);
    case ValueKind::I31:
      return text::ReadInteger(word, 31);
    default:
      return text::ReadUnsigned(word, 32);
  }
}

}  // namespace

std::string Shown(std::string_view text) {
  constexpr size_t kShownMax = 40;
  std::string shown(text.substr(0, kShownMax));
  std::ranges::replace_if(shown, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return shown;
}

void AnswersLine::SkipBlanks() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size()));
}

std::string_view AnswersLine::Word() {
  const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t\r"));
  rest_.remove_prefix(word.size());
  SkipBlanks();
  return word;
}

bool AnswersLine::Take(std::string_view word) {
  if (!rest_.starts_with(word)) return false;
  if (rest_.size() > word.size() && rest_[word.size()] != ' ') return false;
  rest_.remove_prefix(word.size());
  SkipBlanks();
  return true;
}

AnswersLine::Text AnswersLine::Units() {
  if (!rest_.starts_with('"')) return Fail(fmt::format("no string at '{}'", Rest()));
  std::string units;
  const auto add = [&](uint32_t unit) {
    units += static_cast<char>(unit & 0xff);
    units += static_cast<char>(unit >> 8);
  };
  for (size_t at = 1; at < rest_.size(); ++at) {
    const char c = rest_[at];
    if (c == '"') {
      rest_.remove_prefix(at + 1);
      SkipBlanks();
      return units;
    }
    if (c != '\\') {
      if (c < 0x20 || c > 0x7e) break;
      add(static_cast<uint8_t>(c));
      continue;
    }
    const auto unit = HexDigits(rest_.substr(at + 1, 4));
    if (!unit || at + 5 > rest_.size())
      return Fail(std::string("four hexadecimal digits follow \\"));
    add(*unit);
    at += 4;
  }
  return Fail(std::string("a string without its end"));
}

AnswersLine::Text AnswersLine::QuotedName() {
  TRY_ASSIGN(const std::string units, Units());
  // Names of modules are UTF-8: a pair of surrogates is one character.
  std::string name;
  for (size_t i = 0; i < units.size(); i += 2) {
    const auto unit = [&](size_t at) -> uint32_t {
      return at + 1 < units.size() ? static_cast<uint8_t>(units[at]) |
                                         (uint32_t{static_cast<uint8_t>(units[at + 1])} << 8)
                                   : 0;
    };
    const uint32_t high = unit(i), low = unit(i + 2);
    if ((high & 0xfc00) != 0xd800 || (low & 0xfc00) != 0xdc00) {
      AppendUtf8(name, high);
      continue;
    }
    const uint32_t point = 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
    name += static_cast<char>(0xf0 | (point >> 18));
    name += static_cast<char>(0x80 | ((point >> 12) & 0x3f));
    name += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    name += static_cast<char>(0x80 | (point & 0x3f));
    i += 2;
  }
  return name;
}

Result<uint64_t, std::string> AnswersLine::Number() {
  const std::string_view word = Word();
  const text::Number number = text::ReadUnsigned(word, 64);
  if (number.status != text::NumberStatus::Ok)
    return Fail(fmt::format("'{}' is no number", Shown(word)));
  return number.bits;
}

AnswersLine::Text AnswersLine::Hex() {
  const std::string_view word = Word();
  std::string bytes;
  for (size_t i = 0; i < word.size(); i += 2) {
    const auto byte = HexDigits(word.substr(i, 2));
    if (!byte || i + 2 > word.size())
      return Fail(std::string("bytes are pairs of hexadecimal digits"));
    bytes += static_cast<char>(*byte);
  }
  return bytes;
}

Result<Value, std::string> AnswersLine::ReadValue() {
  const auto prefix =
      std::ranges::find_if(kPrefixes, [&](std::string_view p) { return rest_.starts_with(p); });
  if (prefix == kPrefixes.end()) return Fail(fmt::format("no value at '{}'", Rest()));
  Value value{static_cast<ValueKind>(prefix - kPrefixes.begin()), 0, {}};
  rest_.remove_prefix(prefix->size());
  if (value.kind == ValueKind::String) {
    TRY_ASSIGN(value.text, Units());
  } else if (value.kind == ValueKind::Export) {
    TRY_ASSIGN(value.text, QuotedName());
  } else if (value.kind != ValueKind::Null) {
    const std::string_view word = Word();
    const text::Number number = ReadNumber(value.kind, word);
    if (number.status != text::NumberStatus::Ok) {
      return Fail(fmt::format("'{}' is no number of {}", Shown(word),
                              prefix->substr(0, prefix->size() - 1)));
    }
    value.bits = number.bits;
    const bool is_object = value.kind == ValueKind::Host || value.kind == ValueKind::Ref;
    if (is_object && value.bits >= kReferencesMax) return Fail(std::string("too many objects"));
  } else {
    SkipBlanks();
  }
  return value;
}

Result<Target, std::string> AnswersLine::ReadTarget() {
  Target target;
  if (Take("import")) {
    target.kind = TargetKind::Import;
    TRY_ASSIGN(target.module, QuotedName());
    TRY_ASSIGN(target.name, QuotedName());
  } else if (Take("export")) {
    TRY_ASSIGN(target.name, QuotedName());
  } else {
    TRY_ASSIGN(const Value value, ReadValue());
    if (value.kind != ValueKind::Ref) return Fail(std::string("only ref:N can be called"));
    target.kind = TargetKind::Ref;
    target.number = value.bits;
  }
  return target;
}

}  // namespace slabhound::provide
