#include "provide/answers_lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "provide/utf16.h"
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
  for (size_t at = 1; at < rest_.size(); ++at) {
    const char c = rest_[at];
    if (c == '"') {
      rest_.remove_prefix(at + 1);
      SkipBlanks();
      return units;
    }
    if (c != '\\') {
      if (c < 0x20 || c > 0x7e) break;
      AppendUnit(units, static_cast<uint8_t>(c));
      continue;
    }
    const auto unit = HexDigits(rest_.substr(at + 1, 4));
    if (!unit || at + 5 > rest_.size())
      return Fail(std::string("four hexadecimal digits follow \\"));
    AppendUnit(units, *unit);
    at += 4;
  }
  return Fail(std::string("a string without its end"));
}

AnswersLine::Text AnswersLine::QuotedName() {
  TRY_ASSIGN(const std::string units, Units());
  return Utf8Of(units);
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
