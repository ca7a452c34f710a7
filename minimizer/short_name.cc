#include "minimizer/short_name.h"

#include <utility>

namespace slabhound::minimizer {

std::string ShortName(size_t number) {
  constexpr size_t kLetters = 26;
  std::string name;
  for (; number > 0; number = (number - 1) / kLetters) {
    name.insert(name.begin(), static_cast<char>('a' + (number - 1) % kLetters));
  }
  return name;
}

void RenameExport(testcase::TestCase& test_case, size_t exported, const std::string& name) {
  const std::string old = std::exchange(test_case.module.exports[exported].name, name);
  for (testcase::Call& call : test_case.plan.calls) {
    if (call.export_name == old) call.export_name = name;
  }
}

}  // namespace slabhound::minimizer
