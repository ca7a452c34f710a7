#include "ledger/artifacts.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/hash.h"

namespace slabhound::ledger {
namespace {

constexpr size_t kNameSize = 32;

// Two hashes: by chance alone no two files of a campaign share both.
std::string NameOf(ByteSpan content) {
  return HashText(HashBytes(content)) + HashText(HashBytes(content, content.size() + 1));
}

std::string FolderOf(const std::string& folder, const std::string& name) {
  return fmt::format("{}/artifacts/{}", folder, name.substr(0, 2));
}

}  // namespace

Result<std::string, FileError> WriteArtifact(const std::string& folder, ByteSpan content) {
  const std::string name = NameOf(content);
  const std::string place = FolderOf(folder, name);
  const std::string path = place + "/" + name;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return name;
  TRY(MakeFolder(place));
  TRY(WriteFile(path, content));
  TRY(SyncFile(path));
  TRY(SyncFile(place));
  return name;
}

Result<std::string, FileError> ArtifactPath(const std::string& folder, const std::string& name) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (name.size() != kNameSize || !std::ranges::all_of(name, is_digit)) {
    return Fail(FileError{fmt::format("{}: no name of an artifact", name)});
  }
  return FolderOf(folder, name) + "/" + name;
}

}  // namespace slabhound::ledger
