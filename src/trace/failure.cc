#include "trace/failure.h"

#include <fmt/format.h>

#include <array>

namespace slabhound::trace {
namespace {

constexpr std::array<std::string_view, 11> kNames = {
    "start",         "panic",   "internal error", "abort",   "killed", "crash",
    "out of memory", "timeout", "slow compile",   "garbage", "exit"};

}  // namespace

std::string_view FailureName(FailureKind kind) { return kNames[static_cast<size_t>(kind)]; }

std::string FailureText(FailureKind kind, std::string_view message) {
  if (kind == FailureKind::Panic) return std::string(message);
  if (message.empty()) return std::string(FailureName(kind));
  return fmt::format("{}: {}", FailureName(kind), message);
}

}  // namespace slabhound::trace
