#include "cli/external_predicate.h"

#include <fmt/format.h>

#include "base/file.h"
#include "base/subprocess.h"

namespace slabhound::cli {
Result<minimizer::Predicate, std::string> ExternalPredicate(const std::string& command,
                                                            const std::string& scratch,
                                                            double seconds_max) {
  std::string line;
  size_t at = 0;
  for (size_t hole = command.find("{}"); hole != std::string::npos; hole = command.find("{}", at)) {
    line += command.substr(at, hole - at) + ShellQuoted(scratch);
    at = hole + 2;
  }
  if (at == 0) return Fail(fmt::format("--command {}: {{}} is missing, the file's place", command));
  line += command.substr(at);
  if (auto written = WriteFile(scratch, {}); !written) return Fail(written.error().message);
  const auto milliseconds = std::chrono::milliseconds(static_cast<int64_t>(seconds_max * 1000));
  return [line, scratch, milliseconds](const testcase::TestCase& test_case) {
    if (!WriteFile(scratch, testcase::WriteTestCase(test_case))) return false;
    SubprocessOptions options;
    options.command = {"/bin/sh", "-c", "exec </dev/null >/dev/null 2>&1; " + line};
    auto child = Subprocess::Start(options);
    if (!child) return false;
    const auto status = child->Wait(DeadlineIn(milliseconds));
    return status && status->signal == 0 && status->code == 0;
  };
}

}  // namespace slabhound::cli
