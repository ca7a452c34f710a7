#include "script/script_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "script/profile.h"

namespace slabhound::script {
namespace {

namespace fs = std::filesystem;

// All *.wast below a folder, sorted by path.
Result<std::vector<std::string>, std::string> Walk(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> found;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".wast") found.push_back(entry->path().string());
  }
  if (error) return Fail(fmt::format("{}: {}", folder, error.message()));
  if (found.empty()) return Fail(fmt::format("{}: no *.wast in this folder", folder));
  std::ranges::sort(found);
  return found;
}

}  // namespace

Result<ScriptFiles, std::string> FindScripts(const std::vector<std::string>& paths) {
  ScriptFiles files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.paths.push_back(path);
      continue;
    }
    TRY_ASSIGN(const std::vector<std::string> found, Walk(path));
    for (const std::string& script : found) {
      if (const LeftOut* entry = FindLeftOut(script)) {
        ScriptFiles::Omission& omission = files.left_out[entry->name];
        omission.reason = entry->reason;
        ++omission.scripts;
      } else {
        files.paths.push_back(script);
      }
    }
  }
  return files;
}

}  // namespace slabhound::script
