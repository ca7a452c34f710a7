#include "campaign/history_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "wasm/limits.h"

namespace slabhound::campaign {
namespace {

constexpr size_t kRequestBytesMax = 1u << 20;

std::string FileOf(const std::string& folder, size_t number, std::string_view ending) {
  return fmt::format("{}/{:03}.{}", folder, number, ending);
}

}  // namespace

Result<void, FileError> WriteHistory(const std::string& folder,
                                     std::span<const trace::SentRun> history) {
  TRY(MakeFolder(folder));
  for (size_t i = 0; i < history.size(); ++i) {
    const std::string request = worker::RequestText(history[i].request) + "\n";
    TRY(WriteFile(FileOf(folder, i, "json"), AsBytes(request)));
    TRY(WriteFile(FileOf(folder, i, "wasm"), history[i].module));
  }
  return {};
}

Result<std::vector<trace::SentRun>, FileError> ReadHistory(const std::string& folder) {
  std::vector<trace::SentRun> history;
  std::error_code ignored;
  while (std::filesystem::exists(FileOf(folder, history.size(), "json"), ignored)) {
    const std::string path = FileOf(folder, history.size(), "json");
    TRY_ASSIGN(const Bytes text, ReadFile(path, kRequestBytesMax));
    auto request = worker::ParseRequest(AsText(text));
    if (!request) return Fail(FileError{fmt::format("{}: {}", path, request.error())});
    TRY_ASSIGN(Bytes module,
               ReadFile(FileOf(folder, history.size(), "wasm"), wasm::limits::kModuleBytesMax));
    history.push_back({*std::move(request), std::move(module)});
  }
  return history;
}

}  // namespace slabhound::campaign
