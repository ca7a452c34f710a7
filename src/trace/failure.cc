#include "trace/failure.h"

#include <fmt/format.h>

#include <array>

namespace slabhound::trace {
namespace {

constexpr std::array<std::string_view, 12> kNames = {
    "start",         "panic",   "internal error", "abort",   "killed", "crash",
    "out of memory", "timeout", "slow compile",   "garbage", "exit",   "leak"};

}  // namespace

std::string_view FailureName(FailureKind kind) { return kNames[static_cast<size_t>(kind)]; }

std::string FailureText(FailureKind kind, std::string_view message) {
  const bool tells_itself = kind == FailureKind::Panic || kind == FailureKind::Leak;
  if (tells_itself) return std::string(message);
  if (message.empty()) return std::string(FailureName(kind));
  return fmt::format("{}: {}", FailureName(kind), message);
}

}  // namespace slabhound::trace
