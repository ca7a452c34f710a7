#include "cli/regress_record.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::cli {
namespace {

constexpr std::string_view kOpening = ";; record ";

std::string_view TakeWord(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find_first_of(" \r"));
  text.remove_prefix(word.size());
  return word;
}

bool IsRelease(std::string_view word) {
  return !word.empty() && word.size() <= 20 &&
         std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

Result<RegressRecord, std::string> ParseRecord(std::string_view line) {
  RegressRecord record;
  record.issue = TakeWord(line);
  record.engine = record.issue.substr(0, record.issue.find('#'));
  if (record.issue == "unmatched") {
    if (TakeWord(line) != "of") return Fail(std::string("behind `unmatched` comes `of ENGINE`"));
    record.engine = TakeWord(line);
  } else if (record.engine.size() == record.issue.size()) {
    return Fail(fmt::format("`{}` is neither ENGINE#NUMBER nor `unmatched`", record.issue));
  }
  if (record.engine.empty()) return Fail(std::string("it names no engine"));
  std::vector<std::string>* releases = nullptr;
  for (auto word = TakeWord(line); !word.empty(); word = TakeWord(line)) {
    if (word == "fails") {
      releases = &record.fails;
    } else if (word == "passes") {
      releases = &record.passes;
    } else if (word == "options") {
      record.options = TakeWord(line);
      if (record.options.empty()) return Fail(std::string("`options` needs some behind it"));
      releases = nullptr;
    } else if (releases != nullptr && IsRelease(word)) {
      if (std::ranges::count(record.fails, word) + std::ranges::count(record.passes, word) != 0) {
        return Fail(fmt::format("{} stands there twice", word));
      }
      releases->emplace_back(word);
    } else {
      return Fail(
          fmt::format("`{}` is neither a release nor `fails`, `passes` or `options`", word));
    }
  }
  if (record.fails.empty()) return Fail(std::string("no release fails"));
  return record;
}

}  // namespace

Result<std::optional<RegressRecord>, std::string> ReadRecord(std::string_view text) {
  std::optional<RegressRecord> record;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with(kOpening)) continue;
    if (record) return Fail(std::string("a second record"));
    TRY_ASSIGN(record, ParseRecord(line.substr(kOpening.size())));
  }
  return record;
}

}  // namespace slabhound::cli
