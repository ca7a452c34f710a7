// The smallest case so far of a minimization under way, in a file beside the result: a command that
// is killed leaves it, and the next start goes on from it.
//
// 1. The file is a case like any other, and whole at any moment.
// 2. It says of which input it is: that of another is passed by.
// 3. It is written at most five times a second, and gone once the result is written.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "testcase/testcase.h"

namespace slabhound::cli {

class BestSoFar {
 public:
  BestSoFar(std::string path, const testcase::TestCase& input);

  // What an earlier start left.
  std::optional<testcase::TestCase> Left() const;
  void Keep(const testcase::TestCase& test_case);
  void Remove();

  const std::string& path() const { return path_; }

 private:
  using Clock = std::chrono::steady_clock;
  const std::string path_;
  const wasm::CustomSection mark_;
  std::optional<Clock::time_point> written_;
};

}  // namespace slabhound::cli
