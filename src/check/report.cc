#include "check/report.h"

#include <fmt/format.h>

namespace slabhound::check {

std::string Plural(uint64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace slabhound::check
