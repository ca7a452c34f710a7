// Cursor: the parser's place in a token list, with the first error kept.
//
// 1. The first error wins and sticks; reads after it yield empty tokens, and AtClose() is true, so
//    loops end.
#pragma once

#include <fmt/format.h>

#include <optional>

#include "text/lexer.h"
#include "text/number.h"
#include "wasm/proposals.h"

namespace slabhound::text {

class Cursor {
 public:
  explicit Cursor(const Tokens& tokens) : tokens_(tokens) {}

  bool ok() const { return !error_.has_value(); }
  wasm::Error TakeError() { return std::move(*error_); }
  const std::optional<wasm::Error>& error() const { return error_; }
  void FailAt(uint32_t offset, wasm::ErrorCode code, std::string detail) {
    if (!error_) error_ = ErrorAt(tokens_.source, offset, code, std::move(detail));
  }
  void Fail(wasm::ErrorCode code, std::string detail) {
    FailAt(Peek().offset, code, std::move(detail));
  }
  void Unexpected(std::string_view wanted) {
    const Token& token = Peek();
    const Token& word = token.kind == TokenKind::Open ? Peek(1) : token;
    if (word.kind == TokenKind::Word && FailProposal(word)) return;
    std::string found(token.kind == TokenKind::End ? std::string_view("the end") : token.text);
    // A list is told by its head.
    if (token.kind == TokenKind::Open && Peek(1).kind == TokenKind::Word) found += Peek(1).text;
    Fail(wasm::ErrorCode::Syntax, fmt::format("expected {}, found {}", wanted, found));
  }

  // Whether the word is one of a proposal outside the profile.
  bool FailProposal(const Token& word) {
    const std::string_view proposal = wasm::ProposalOfWord(word.text);
    if (proposal.empty()) return false;
    FailAt(word.offset, wasm::ErrorCode::Unsupported, fmt::format("{} ({})", proposal, word.text));
    return true;
  }

  const Token& Peek(size_t ahead = 0) const {
    const size_t index = place_ + ahead;
    return ok() && index < tokens_.list.size() ? tokens_.list[index] : tokens_.list.back();
  }
  const Token& Next() {
    const Token& token = Peek();
    if (ok() && place_ + 1 < tokens_.list.size()) ++place_;
    return token;
  }
  size_t place() const { return place_; }
  void set_place(size_t place) { place_ = place; }
  const std::vector<CustomTokens>& customs() const { return tokens_.customs; }
  const std::string& StringOf(const Token& token) const { return tokens_.StringOf(token); }
  uint32_t offset() const { return Peek().offset; }

  bool AtOpen() const { return Peek().kind == TokenKind::Open; }
  bool AtClose() const { return Peek().kind == TokenKind::Close || Peek().kind == TokenKind::End; }
  bool AtWord(std::string_view word) const {
    return Peek().kind == TokenKind::Word && Peek().text == word;
  }
  bool AtList(std::string_view head) const {
    return AtOpen() && Peek(1).kind == TokenKind::Word && Peek(1).text == head;
  }
  bool TakeWord(std::string_view word) {
    if (!AtWord(word)) return false;
    Next();
    return true;
  }
  // "(head", both taken.
  bool TakeList(std::string_view head) {
    if (!AtList(head)) return false;
    Next();
    Next();
    return true;
  }
  void Open() {
    if (!AtOpen()) return Unexpected("(");
    Next();
  }
  void Close() {
    if (Peek().kind != TokenKind::Close) return Unexpected(")");
    Next();
  }
  // Over one whole token or list.
  void Skip() {
    size_t depth = 0;
    do {
      const Token& token = Next();
      if (token.kind == TokenKind::End) return;
      if (token.kind == TokenKind::Open) ++depth;
      if (token.kind == TokenKind::Close) --depth;
    } while (depth > 0 && ok());
  }
  // Behind the `)` that closes the list the cursor is in.
  void SkipToClose() {
    while (!AtClose()) Skip();
    Close();
  }

  std::string_view TakeId() {
    return Peek().kind == TokenKind::Id ? Next().text : std::string_view();
  }
  std::string String() {
    if (Peek().kind != TokenKind::String) {
      Unexpected("a string");
      return {};
    }
    return StringOf(Next());
  }
  bool AtNumber() const {
    const Token& token = Peek();
    return token.kind == TokenKind::Word && token.text[0] >= '0' && token.text[0] <= '9';
  }
  uint64_t Unsigned(unsigned bits) {
    const Token& token = Peek();
    const Number number = token.kind == TokenKind::Word ? ReadUnsigned(token.text, bits) : Number{};
    Check(number, "a number");
    return number.bits;
  }
  // Takes the number's token, or fails.
  void Check(const Number& number, std::string_view wanted) {
    switch (number.status) {
      case NumberStatus::Ok:
        Next();
        return;
      case NumberStatus::NotANumber:
        return Unexpected(wanted);
      case NumberStatus::OutOfRange:
        return Fail(wasm::ErrorCode::ConstantOutOfRange, std::string(Peek().text));
    }
  }

 private:
  const Tokens& tokens_;
  size_t place_ = 0;
  std::optional<wasm::Error> error_;
};

}  // namespace slabhound::text
