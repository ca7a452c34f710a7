#include "cli/best_so_far.h"

#include <filesystem>

#include "base/file.h"
#include "base/hash.h"
#include "cli/case_file.h"
#include "wasm/decode.h"

namespace slabhound::cli {
namespace {

constexpr std::string_view kSection = "slabhound.smaller-than";

wasm::CustomSection MarkOf(const testcase::TestCase& input) {
  Bytes bytes;
  const uint64_t hash = HashBytes(testcase::WriteTestCase(input));
  for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<uint8_t>(hash >> shift));
  return {std::string(kSection), std::move(bytes)};
}

}  // namespace

BestSoFar::BestSoFar(std::string path, const testcase::TestCase& input)
    : path_(std::move(path)), mark_(MarkOf(input)) {}

std::optional<testcase::TestCase> BestSoFar::Left() const {
  if (!std::filesystem::exists(path_)) return std::nullopt;
  auto left = ReadCaseAsWritten(path_);
  if (!left) return std::nullopt;
  const auto is_mark = [&](const wasm::CustomSection& custom) {
    return custom.name == mark_.name && custom.bytes == mark_.bytes;
  };
  if (std::erase_if(left->module.customs, is_mark) == 0) return std::nullopt;
  return *std::move(left);
}

// A file that cannot be written is told when the result is.
void BestSoFar::Keep(const testcase::TestCase& test_case) {
  constexpr auto kPause = std::chrono::milliseconds(200);
  const auto now = Clock::now();
  if (written_ && now - *written_ < kPause) return;
  testcase::TestCase marked = test_case;
  marked.module.customs.push_back(mark_);
  if (WriteFile(path_, testcase::WriteTestCase(marked))) written_ = now;
}

void BestSoFar::Remove() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace slabhound::cli
