// A subcommand of `slabhound`: its flags on the parser, and what runs when it was chosen.
//
// 1. Exit codes are the same everywhere: 0 fine, 1 a finding (or a failed check), 2 usage, bad
//    input or an engine that did not run, 3 nothing was found, but a budget ran out before all was
//    judged.
// 2. Usage and bad input are one line on stderr: what, where, what to do.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace slabhound::cli {

inline constexpr int kExitFine = 0, kExitFinding = 1, kExitUsage = 2, kExitExhausted = 3;

struct Command {
  CLI::App* parser = nullptr;
  std::function<int()> run;
};

// Prints "slabhound: MESSAGE" on stderr; the exit code is kExitUsage.
int UsageError(std::string_view message);

// Writes to stdout; a failure (a full disk, say) is told by main.
void Print(std::string_view text);

}  // namespace slabhound::cli
