#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "minimizer/short_name.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

// Imports give two names each, then exports one.
std::vector<std::string> NamesOf(const wasm::Module& module) {
  std::vector<std::string> names;
  for (const wasm::Import& import : module.imports) {
    names.push_back(import.module);
    names.push_back(import.name);
  }
  for (const wasm::Export& exported : module.exports) names.push_back(exported.name);
  return names;
}

void SetNames(TestCase& test_case, const std::vector<std::string>& names) {
  auto name = names.begin();
  for (wasm::Import& import : test_case.module.imports) {
    import.module = *name++;
    import.name = *name++;
  }
  for (size_t i = 0; i < test_case.module.exports.size(); ++i) {
    if (test_case.module.exports[i].name != *name) RenameExport(test_case, i, *name);
    ++name;
  }
}

// A letter of UTF-8: names stay what a decoder takes.
struct Letter {
  size_t name = 0, first = 0, count = 0;
};

std::vector<Letter> LettersOf(const std::vector<std::string>& names) {
  std::vector<Letter> letters;
  for (size_t n = 0; n < names.size(); ++n) {
    for (size_t i = 0; i < names[n].size(); ++i) {
      const bool goes_on = i > 0 && (static_cast<uint8_t>(names[n][i]) & 0xc0) == 0x80;
      if (goes_on) {
        ++letters.back().count;
      } else {
        letters.push_back({n, i, 1});
      }
    }
  }
  return letters;
}

}  // namespace

void ReduceNames(Reduction& reduction) {
  const TestCase base = reduction.current();
  const std::vector<std::string> names = NamesOf(base.module);
  const std::vector<Letter> letters = LettersOf(names);
  TrySubsets(reduction, letters.size(), 1, [&](const std::vector<size_t>& chosen) {
    std::vector<std::string> shorter = names;
    for (size_t i = chosen.size(); i-- > 0;) {
      const Letter& letter = letters[chosen[i]];
      shorter[letter.name].erase(letter.first, letter.count);
    }
    TestCase candidate = base;
    SetNames(candidate, shorter);
    return candidate;
  });
}

}  // namespace slabhound::minimizer
