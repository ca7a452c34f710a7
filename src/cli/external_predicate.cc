#include "cli/external_predicate.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "base/subprocess.h"

namespace slabhound::cli {
namespace {

using minimizer::Outcome;

std::string LineOf(const std::string& command, const std::string& file) {
  std::string line;
  size_t at = 0;
  for (size_t hole = command.find("{}"); hole != std::string::npos; hole = command.find("{}", at)) {
    line += command.substr(at, hole - at) + ShellQuoted(file);
    at = hole + 2;
  }
  return line + command.substr(at);
}

std::chrono::milliseconds TimeOf(const ExternalCommand& command) {
  return std::chrono::milliseconds(static_cast<int64_t>(command.seconds_max * 1000));
}

// A file that is gone with it.
class ScratchFile {
 public:
  explicit ScratchFile(std::string path) : path_(std::move(path)) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<Subprocess, std::string> StartOn(const ExternalCommand& command, const ScratchFile& file,
                                        std::string_view redirections) {
  SubprocessOptions options;
  options.command = {
      "/bin/sh", "-c",
      fmt::format("exec {}; {}", redirections, LineOf(command.command, file.path()))};
  return Subprocess::Start(options);
}

class Run : public minimizer::Question {
 public:
  Run(const ExternalCommand& command, uint64_t number, const testcase::TestCase& test_case)
      : file_(fmt::format("{}.{}.wasm", command.scratch, number)),
        deadline_(DeadlineIn(TimeOf(command))) {
    if (!WriteFile(file_.path(), testcase::WriteTestCase(test_case))) return;
    auto child = StartOn(command, file_, "</dev/null >/dev/null 2>&1");
    if (child) child_ = *std::move(child);
  }

  std::optional<Outcome> Wait(Deadline deadline) override {
    constexpr int kCannotExecute = 126, kNotFound = 127;
    if (!child_) return Outcome::NotStarted;
    const auto status = child_->Wait(std::min(deadline, deadline_));
    if (!status) {
      if (MillisecondsUntil(deadline_) > 0) return std::nullopt;
      child_->Kill();
      return Outcome::TimedOut;
    }
    if (status->signal != 0) return Outcome::NotInteresting;
    if (status->code == kCannotExecute || status->code == kNotFound) return Outcome::NotStarted;
    return status->code == 0 ? Outcome::Interesting : Outcome::NotInteresting;
  }

 private:
  ScratchFile file_;
  Deadline deadline_;
  std::optional<Subprocess> child_;  // ends before its file
};

}  // namespace

Result<minimizer::Predicate, std::string> ExternalPredicate(const ExternalCommand& command) {
  if (command.command.find("{}") == std::string::npos) {
    return Fail(fmt::format("--command {}: {{}} is missing, the file's place", command.command));
  }
  const ScratchFile file(command.scratch + ".wasm");
  if (auto written = WriteFile(file.path(), {}); !written) return Fail(written.error().message);
  return [command, number = uint64_t{0}](const testcase::TestCase& test_case) mutable {
    return minimizer::Answer(std::make_unique<Run>(command, number++, test_case));
  };
}

std::string LastWords(const ExternalCommand& command, const testcase::TestCase& test_case) {
  const ScratchFile file(command.scratch + ".wasm");
  if (!WriteFile(file.path(), testcase::WriteTestCase(test_case))) return "no file for it";
  auto child = StartOn(command, file, "</dev/null >/dev/null");
  if (!child) return child.error();
  const auto status = child->Wait(DeadlineIn(TimeOf(command)));
  if (!status) return fmt::format("no end within {} s", command.seconds_max);
  std::string words = status->signal != 0 ? fmt::format("signal {}", status->signal)
                                          : fmt::format("exit code {}", status->code);
  std::string errors = child->Errors();
  while (!errors.empty() && errors.back() == '\n') errors.pop_back();
  const size_t last = errors.rfind('\n');
  if (!errors.empty()) words += ": " + errors.substr(last == std::string::npos ? 0 : last + 1);
  return words;
}

}  // namespace slabhound::cli
