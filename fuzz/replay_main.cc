// A plain main for a fuzz target: replays files, every file of folders, and pseudo-random inputs.
//   fuzz_X [--random N] [FILE|FOLDER …]
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/rng.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);

namespace {

constexpr size_t kInputBytesMax = 16u << 20;
constexpr size_t kRandomBytesMax = 2048;

std::vector<std::string> FilesBelow(const std::string& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  uint64_t random_count = 0, replayed = 0, refused = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--random" && i + 1 < argc) {
      const std::string_view count = argv[++i];
      const auto parsed = std::from_chars(count.data(), count.data() + count.size(), random_count);
      if (parsed.ec != std::errc()) {
        fmt::print(stderr, "--random: '{}' is no number\n", count);
        return 2;
      }
      continue;
    }
    if (!std::filesystem::exists(argument)) continue;  // a target without a corpus yet
    for (const std::string& file : FilesBelow(std::string(argument))) {
      const auto content = slabhound::ReadFile(file, kInputBytesMax);
      if (!content.has_value()) {
        fmt::print(stderr, "{}\n", content.error().message);
        return 2;
      }
      if (LLVMFuzzerTestOneInput(content->data(), content->size()) != 0) ++refused;
      ++replayed;
    }
  }
  const slabhound::Rng seed(0);
  for (uint64_t i = 0; i < random_count; ++i) {
    slabhound::Rng rng = seed.Fork(i);
    slabhound::Bytes input(rng.Below(kRandomBytesMax));
    for (uint8_t& byte : input) byte = static_cast<uint8_t>(rng.Next());
    if (LLVMFuzzerTestOneInput(input.data(), input.size()) != 0) ++refused;
  }
  fmt::print("{} files and {} random inputs replayed, {} of them nothing to test\n", replayed,
             random_count, refused);
  return 0;
}
