#include "cli/page_child.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/file.h"

namespace slabhound::cli {
namespace {

// Its folder may have to be read first, and machines be busy.
constexpr std::chrono::seconds kStartTime{60};

}  // namespace

Result<Subprocess, std::string> StartPage(const std::string& folder, uint16_t port) {
  if (const auto made = MakeFolder(folder); !made) return Fail(made.error().message);
  SubprocessOptions options;
  options.command = {"/proc/self/exe", "serve", folder, "--port", std::to_string(port)};
  TRY_ASSIGN(Subprocess page, Subprocess::Start(options));
  std::string url;
  const Deadline deadline = DeadlineIn(kStartTime);
  for (uint8_t byte = 0; byte != '\n'; url += static_cast<char>(byte)) {
    if (page.Read({&byte, 1}, deadline)) continue;
    std::string why = page.Errors();
    why = why.substr(0, why.find('\n'));
    constexpr std::string_view kPrefix = "slabhound: ";
    if (why.starts_with(kPrefix)) why.erase(0, kPrefix.size());
    return Fail(why.empty() ? std::string("--serve: the page did not start") : why);
  }
  fmt::print(stderr, "slabhound: the page is at {}", url);
  return page;
}

}  // namespace slabhound::cli
