// One line of a file of answers, word by word.
#pragma once

#include <optional>

#include "provide/answers.h"

namespace slabhound::provide {

class AnswersLine {
 public:
  explicit AnswersLine(std::string_view text) : rest_(text) { SkipBlanks(); }

  bool AtEnd() const { return rest_.empty(); }
  bool StartsWith(std::string_view word) const { return rest_.starts_with(word); }
  // Takes the word if it is the next one.
  bool Take(std::string_view word);
  std::string Rest() const { return Shown(rest_); }

  using Text = Result<std::string, std::string>;
  Text QuotedName();  // one byte a unit, as UTF-8
  Result<uint64_t, std::string> Number();
  Text Hex();
  Result<Value, std::string> ReadValue();
  // `import "m" "n"`, `export "n"` or `ref:N`.
  Result<Target, std::string> ReadTarget();

 private:
  void SkipBlanks();
  std::string_view Word();
  Text Units();

  std::string_view rest_;
};

}  // namespace slabhound::provide
