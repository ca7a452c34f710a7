#include "page/finding_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/file.h"

namespace slabhound::page {
namespace {

struct Kind {
  const char* name;
  const char* type;
};
constexpr std::array<Kind, 6> kKinds = {{
    {"bug.json", "application/json"},
    {"case.wasm", "application/wasm"},
    {"case.wat", "text/plain; charset=utf-8"},
    {"finding.json", "application/json"},
    {"heap.svg", "image/svg+xml"},
    {"regression.wast", "text/plain; charset=utf-8"},
}};
constexpr size_t kBytesMax = 16u << 20;

bool IsFile(const std::string& path) {
  struct stat status{};
  return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::vector<std::string> FilesOf(const std::string& path) {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) {
    if (IsFile(fmt::format("{}/{}", path, kind.name))) names.emplace_back(kind.name);
  }
  return names;
}

std::optional<Answer> ReadFindingFile(const std::string& path, const std::string& name) {
  const auto kind =
      std::ranges::find_if(kKinds, [&name](const Kind& each) { return name == each.name; });
  const std::string file = path + "/" + name;
  if (kind == kKinds.end() || !IsFile(file)) return std::nullopt;
  const auto content = ReadFile(file, kBytesMax);
  if (!content) return Refused(404, content.error().message);
  // What it holds was written by engines: as a page of its own it may do nothing.
  return Answer{.type = kind->type,
                .body = std::string(AsText(*content)),
                .headers = {{"Content-Security-Policy",
                             "default-src 'none'; style-src 'unsafe-inline'; sandbox"}}};
}

}  // namespace slabhound::page
