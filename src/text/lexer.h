// Tokens of the text format (spec 6.3): white space, comments and annotations are gone (but custom
// sections), strings are decoded.
//
// 1. Lexing is linear and never recursive: nested comments and annotations are counted.
// 2. Every token knows its offset; Position turns an offset into line and column when somebody
//    asks.
// 3. Malformed input is an Error with line and column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wasm/error.h"

namespace slabhound::text {

enum class TokenKind : uint8_t { Open, Close, Id, Word, String, Reserved, End };

struct Token {
  TokenKind kind = TokenKind::End;
  uint32_t offset = 0;
  std::string_view text;  // as written; an Id without its $, or decoded like a string
  uint32_t string = 0;    // String and quoted Id: index into Tokens::strings
};

// The inside of `(@custom …)`, the one annotation that says something.
struct CustomTokens {
  uint32_t offset = 0;
  size_t place = 0;  // index of the token behind it
  std::vector<Token> list;
};

struct Tokens {
  std::string_view source;
  std::vector<Token> list;           // ends with End
  std::vector<std::string> strings;  // decoded contents
  std::vector<CustomTokens> customs;

  const std::string& StringOf(const Token& token) const { return strings[token.string]; }
};

Result<Tokens, wasm::Error> Lex(std::string_view source);

struct Position {
  uint32_t line = 1, column = 1;
};
Position PositionOf(std::string_view source, uint32_t offset);

// An error at an offset of the source.
wasm::Error ErrorAt(std::string_view source, uint32_t offset, wasm::ErrorCode code,
                    std::string detail);

}  // namespace slabhound::text
