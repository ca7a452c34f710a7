#include "text/lexer.h"

#include <fmt/format.h>

#include "text/wat.h"
#include "wasm/byte_reader.h"
#include "wasm/limits.h"
#include "wasm/names.h"

namespace slabhound::text {
namespace {

using wasm::ErrorCode;
using wasm::IsIdChar;

bool IsReservedChar(char c) {
  return IsIdChar(c) || c == ',' || c == ';' || c == '[' || c == ']' || c == '{' || c == '}';
}
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(std::string& out, uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) { tokens_.source = source; }

  Result<Tokens, wasm::Error> Run() {
    if (!wasm::IsUtf8(AsBytes(source_))) return Fail(At(0, ErrorCode::MalformedUtf8, {}));
    for (;;) {
      TRY(SkipBlanks());
      if (at_ == source_.size()) break;
      TRY(LexToken());
    }
    if (annotations_ > 0) return Fail(At(at_, ErrorCode::Syntax, "unclosed annotation"));
    tokens_.list.push_back({TokenKind::End, static_cast<uint32_t>(at_), {}, 0});
    // The strings do not move any more: quoted identifiers can name theirs.
    for (Token& token : tokens_.list) {
      if (token.kind == TokenKind::Id && token.text.empty())
        token.text = tokens_.strings[token.string];
    }
    return std::move(tokens_);
  }

 private:
  using Status = Result<void, wasm::Error>;

  wasm::Error At(size_t offset, ErrorCode code, std::string detail) const {
    return ErrorAt(source_, static_cast<uint32_t>(offset), code, std::move(detail));
  }
  std::unexpected<wasm::Error> Syntax(size_t offset, std::string detail) const {
    return Fail(At(offset, ErrorCode::Syntax, std::move(detail)));
  }
  bool LooksAt(std::string_view text) const { return source_.substr(at_).starts_with(text); }

  Status SkipBlanks() {
    while (at_ < source_.size()) {
      if (IsSpace(source_[at_])) {
        ++at_;
      } else if (LooksAt(";;")) {
        while (at_ < source_.size() && source_[at_] != '\n' && source_[at_] != '\r') ++at_;
      } else if (LooksAt("(;")) {
        TRY(SkipBlockComment());
      } else {
        break;
      }
    }
    return {};
  }

  Status SkipBlockComment() {
    const size_t start = at_;
    size_t depth = 0;
    do {
      if (at_ >= source_.size()) return Syntax(start, "unclosed comment");
      if (LooksAt("(;")) {
        ++depth;
        at_ += 2;
      } else if (LooksAt(";)")) {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0);
    return {};
  }

  void Push(TokenKind kind, size_t start, std::string_view text, uint32_t string = 0) {
    // What stands inside another annotation is skipped, but its parentheses and tokens must be well
    // formed.
    const Token token{kind, static_cast<uint32_t>(start), text, string};
    if (annotations_ == 0) {
      tokens_.list.push_back(token);
    } else if (in_custom_) {
      tokens_.customs.back().list.push_back(token);
    }
  }

  Status LexToken() {
    const size_t start = at_;
    const char c = source_[at_];
    if (c == '(') {
      ++at_;
      if (annotations_ > 0) {
        ++annotations_;
      } else if (at_ < source_.size() && source_[at_] == '@') {
        return LexAnnotation(start);
      }
      Push(TokenKind::Open, start, "(");
      return {};
    }
    if (c == ')') {
      ++at_;
      if (annotations_ == 1) {
        annotations_ = 0;
        in_custom_ = false;
        return {};
      }
      Push(TokenKind::Close, start, ")");
      if (annotations_ > 0) --annotations_;
      return {};
    }
    if (c == '"') {
      TRY_ASSIGN(std::string content, LexString());
      tokens_.strings.push_back(std::move(content));
      Push(TokenKind::String, start, source_.substr(start, at_ - start),
           static_cast<uint32_t>(tokens_.strings.size() - 1));
      return Separated();
    }
    if (c == '$' && at_ + 1 < source_.size() && source_[at_ + 1] == '"') {
      ++at_;
      TRY_ASSIGN(std::string content, LexString());
      if (content.empty()) return Syntax(start, "empty identifier");
      if (!wasm::IsUtf8(AsBytes(content))) return Fail(At(start, ErrorCode::MalformedUtf8, {}));
      tokens_.strings.push_back(std::move(content));
      Push(TokenKind::Id, start, {}, static_cast<uint32_t>(tokens_.strings.size() - 1));
      return Separated();
    }
    if (!IsReservedChar(c)) {
      return Syntax(start, fmt::format("illegal character 0x{:02x}", static_cast<uint8_t>(c)));
    }
    bool plain = true;
    while (at_ < source_.size() && IsReservedChar(source_[at_]) && !LooksAt(";;")) {
      plain &= IsIdChar(source_[at_]);
      ++at_;
    }
    const std::string_view text = source_.substr(start, at_ - start);
    if (annotations_ > 0) {  // reserved tokens are fine there
      Push(TokenKind::Word, start, text);
      return {};
    }
    if (at_ < source_.size() && source_[at_] == '"') {
      // A word that runs into a string is one reserved token: never valid.
      return Syntax(start, fmt::format("unknown operator {}\"", text));
    }
    if (!plain) {
      return Syntax(start, fmt::format("unknown operator {}", text));
    }
    if (text[0] == '$') {
      if (text.size() == 1) return Syntax(start, "empty identifier");
      Push(TokenKind::Id, start, text.substr(1));
    } else if ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= '0' && text[0] <= '9') ||
               text[0] == '+' || text[0] == '-') {
      Push(TokenKind::Word, start, text);
    } else {
      Push(TokenKind::Reserved, start, text);
    }
    return {};
  }

  // A string is a token of its own: nothing but a parenthesis, blank or comment may follow.
  Status Separated() {
    if (annotations_ > 0) return {};
    if (at_ < source_.size() && (IsReservedChar(source_[at_]) || source_[at_] == '"') &&
        !LooksAt(";;")) {
      return Syntax(at_, "unknown operator: a string runs into another token");
    }
    return {};
  }

  Status LexAnnotation(size_t start) {
    ++at_;
    if (at_ < source_.size() && source_[at_] == '"') {
      TRY_ASSIGN(const std::string id, LexString());
      if (id.empty()) return Syntax(start, "empty annotation id");
      if (!wasm::IsUtf8(AsBytes(id))) return Fail(At(start, ErrorCode::MalformedUtf8, {}));
    } else {
      const size_t first = at_;
      while (at_ < source_.size() && IsIdChar(source_[at_])) ++at_;
      if (at_ == first) return Syntax(start, "empty annotation id");
      in_custom_ = source_.substr(first, at_ - first) == "custom";
    }
    if (in_custom_) {
      tokens_.customs.push_back({static_cast<uint32_t>(start), tokens_.list.size(), {}});
    }
    annotations_ = 1;
    return {};
  }

  Result<std::string, wasm::Error> LexString() {
    const size_t start = at_++;
    std::string content;
    for (;;) {
      if (at_ >= source_.size() || source_[at_] == '\n') return Syntax(start, "unclosed string");
      const char c = source_[at_++];
      if (c == '"') return content;
      if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f)
        return Syntax(at_ - 1, "illegal character in a string");
      if (c != '\\') {
        content += c;
        continue;
      }
      TRY(LexEscape(start, content));
    }
  }

  Status LexEscape(size_t start, std::string& content) {
    if (at_ >= source_.size()) return Syntax(start, "unclosed string");
    const char c = source_[at_++];
    switch (c) {
      case 't':
        content += '\t';
        return {};
      case 'n':
        content += '\n';
        return {};
      case 'r':
        content += '\r';
        return {};
      case '"':
        content += '"';
        return {};
      case '\'':
        content += '\'';
        return {};
      case '\\':
        content += '\\';
        return {};
      case 'u':
        return LexCodePoint(content);
      default:
        break;
    }
    const int high = HexValue(c), low = at_ < source_.size() ? HexValue(source_[at_]) : -1;
    if (high < 0 || low < 0) return Syntax(at_ - 2, "illegal escape");
    ++at_;
    content += static_cast<char>(high << 4 | low);
    return {};
  }

  Status LexCodePoint(std::string& content) {
    const size_t start = at_;
    if (at_ >= source_.size() || source_[at_++] != '{') return Syntax(start, "illegal escape");
    uint32_t point = 0;
    bool any = false, last_digit = false;
    while (at_ < source_.size() && source_[at_] != '}') {
      const char c = source_[at_++];
      if (c == '_' && last_digit) {
        last_digit = false;
        continue;
      }
      const int digit = HexValue(c);
      if (digit < 0) return Syntax(start, "illegal escape");
      point = point * 16 + static_cast<uint32_t>(digit);
      if (point >= 0x110000) return Syntax(start, "illegal escape: no code point");
      any = last_digit = true;
    }
    if (!any || !last_digit || at_ >= source_.size() || (point >= 0xd800 && point < 0xe000)) {
      return Syntax(start, "illegal escape");
    }
    ++at_;
    AppendUtf8(content, point);
    return {};
  }

  std::string_view source_;
  size_t at_ = 0;
  size_t annotations_ = 0;  // open parentheses of an annotation
  bool in_custom_ = false;  // of `(@custom`
  Tokens tokens_;
};

}  // namespace

Result<Tokens, wasm::Error> Lex(std::string_view source) {
  if (source.size() > wasm::limits::kModuleBytesMax) {
    return Fail(ErrorAt(
        source, 0, wasm::ErrorCode::LimitExceeded,
        fmt::format("{} bytes of text, at most {}", source.size(), wasm::limits::kModuleBytesMax)));
  }
  return Lexer(source).Run();
}

Position PositionOf(std::string_view source, uint32_t offset) {
  Position position;
  const size_t end = std::min<size_t>(offset, source.size());
  for (size_t i = 0; i < end; ++i) {
    if (source[i] == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }
  return position;
}

wasm::Error ErrorAt(std::string_view source, uint32_t offset, wasm::ErrorCode code,
                    std::string detail) {
  const Position position = PositionOf(source, offset);
  return {.code = code,
          .offset = offset,
          .detail = std::move(detail),
          .line = position.line,
          .column = position.column};
}

wasm::Error Located(wasm::Error error, std::string_view source) {
  if (error.line > 0) return error;
  return ErrorAt(source, error.offset, error.code, std::move(error.detail));
}

}  // namespace slabhound::text
