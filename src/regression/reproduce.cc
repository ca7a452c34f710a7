#include "regression/reproduce.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::regression {

std::string ReproCommand(std::string_view case_file, std::span<const std::string> engines) {
  std::string command = "slabhound repro " + ShellWord(case_file);
  for (const std::string& engine : engines) command += " --engine " + ShellWord(engine);
  return command;
}

std::string WastCommand(std::string_view script_file, std::string_view engine) {
  return fmt::format("slabhound wast --engine {} {}", ShellWord(engine), ShellWord(script_file));
}

std::string ShellWord(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-:=,@+%").contains(c);
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace slabhound::regression
