#include "avoid/known_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/file.h"

namespace slabhound::avoid {
namespace {

constexpr size_t kFileBytesMax = 4u << 20, kRowsMax = 10'000;

struct Outcome {
  Shows shows;
  std::string_view text;
};
constexpr auto kOutcomes = std::to_array<Outcome>({
#define SLABHOUND_OUTCOME(name, text) {Shows::name, text},
#include "avoid/outcomes.def"
});

std::string_view TextOf(Shows shows) {
  return std::ranges::find(kOutcomes, shows, &Outcome::shows)->text;
}

bool IsDay(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00";
  return std::ranges::equal(text, kForm, [](char c, char form) {
    return form == '0' ? c >= '0' && c <= '9' : c == form;
  });
}

std::string_view TakeWord(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

// What a row lacks, or empty.
std::string Lack(const KnownRow& row) {
  if (row.shows == Shows::Nothing) return "`engine` and `shows`";
  if (row.expires.empty()) return "`expires`";
  if (row.message.empty() && !row.has_cause()) return "`message`, or a cause (`fails`, `shape`)";
  return {};
}

Result<void, std::string> TakeEngine(std::string_view text, KnownRow& row) {
  auto spec = engine::ParseEngine(text);
  // Of these the name alone is no engine.
  if (text == "worker" || text == "command") spec = engine::ParseEngine(std::string(text) + ":x");
  if (!spec) return Fail(spec.error());
  if (engine::EngineName(*spec) != text) {
    return Fail(fmt::format("`{}` is not the plain name of an engine", text));
  }
  row.engine = spec->kind;
  return {};
}

// The value of a line, behind its word.
Result<void, std::string> TakeLine(std::string_view word, std::string_view text, KnownRow& row) {
  const auto texts = {std::pair("message", &row.message), std::pair("reference", &row.reference),
                      std::pair("reason", &row.reason)};
  const auto lists = {std::pair("fails", &row.fails), std::pair("passes", &row.passes),
                      std::pair("shape", &row.shape), std::pair("needs", &row.needs)};
  if (text.empty()) return Fail(fmt::format("nothing stands behind `{}`", word));
  for (const auto& [name, value] : texts) {
    if (word == name) return *value = text, Result<void, std::string>{};
  }
  for (const auto& [name, values] : lists) {
    if (word == name) return values->emplace_back(text), Result<void, std::string>{};
  }
  if (word == "engine") return TakeEngine(text, row);
  if (word == "versions") {
    row.first_version = TakeWord(text);
    row.last_version = TakeWord(text);
    if (row.last_version.empty() || !text.empty()) {
      return Fail(std::string("`versions` has a first and a last one"));
    }
    return {};
  }
  if (word == "shows") {
    const auto outcome = std::ranges::find(kOutcomes, text, &Outcome::text);
    if (outcome == kOutcomes.end()) return Fail(fmt::format("`{}` is no outcome", text));
    row.shows = outcome->shows;
    return {};
  }
  if (word == "expires") {
    if (!IsDay(text)) return Fail(fmt::format("`{}` is no day as 2027-06-01", text));
    row.expires = text;
    return {};
  }
  return Fail(fmt::format("`{}` begins no line of a row", word));
}

}  // namespace

Result<std::vector<KnownRow>, std::string> ParseKnownRows(std::string_view text,
                                                          const std::string& file) {
  std::vector<KnownRow> rows;
  size_t number = 0, row_number = 0;
  const auto wrong = [&file](size_t line, std::string_view what) {
    return Fail(fmt::format("{}:{}: {}", file, line, what));
  };
  const auto lack = [&rows] { return rows.empty() ? std::string() : Lack(rows.back()); };
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const std::string_view word = TakeWord(line);
    if (word == "known") {
      if (!lack().empty()) return wrong(row_number, "the row lacks " + lack());
      const auto is_same = [line](const auto& row) { return row.name == line; };
      if (line.empty()) return wrong(number, "a row needs a name");
      if (std::ranges::any_of(rows, is_same) || std::ranges::any_of(KnownEntries(), is_same)) {
        return wrong(number, fmt::format("a row is called {} already", line));
      }
      if (rows.size() == kRowsMax) return wrong(number, "too many rows");
      rows.push_back({.name = std::string(line)});
      row_number = number;
    } else if (rows.empty()) {
      return wrong(number, "a row begins with `known NAME`");
    } else if (const auto taken = TakeLine(word, line, rows.back()); !taken) {
      return wrong(number, taken.error());
    }
  }
  if (!lack().empty()) return wrong(row_number, "the row lacks " + lack());
  return rows;
}

Result<std::vector<KnownRow>, std::string> ReadKnownFile(const std::string& file) {
  const auto content = ReadFile(file, kFileBytesMax);
  if (!content) return Fail(content.error().message);
  return ParseKnownRows(AsText(*content), file);
}

std::string KnownRowText(const KnownRow& row) {
  engine::EngineSpec spec;
  spec.kind = row.engine;
  std::string text = fmt::format("known {}\nengine {}\n", row.name, engine::EngineName(spec));
  const auto line = [&text](std::string_view word, const std::string& value) {
    if (!value.empty()) text += fmt::format("{} {}\n", word, value);
  };
  const auto lines = [&line](std::string_view word, const std::vector<std::string>& values) {
    for (const std::string& value : values) line(word, value);
  };
  if (!row.first_version.empty()) line("versions", row.first_version + " " + row.last_version);
  line("shows", std::string(TextOf(row.shows)));
  line("message", row.message);
  lines("fails", row.fails);
  lines("passes", row.passes);
  lines("shape", row.shape);
  lines("needs", row.needs);
  line("expires", row.expires);
  line("reference", row.reference);
  line("reason", row.reason);
  return text;
}

bool Holds(const KnownRow& row, const engine::EngineSpec& spec, std::string_view version,
           std::string_view today) {
  return row.engine == spec.kind && spec.form.known && today < row.expires &&
         (version.empty() || VersionWithin(version, row.first_version, row.last_version));
}

const KnownRow* FindKnown(const std::vector<KnownRow>& rows, const engine::EngineSpec& spec,
                          std::string_view version, const Symptom& symptom,
                          std::string_view today) {
  for (const KnownRow& row : rows) {
    if (!row.has_cause() && row.shows == symptom.shows && Holds(row, spec, version, today) &&
        symptom.message.starts_with(row.message)) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace slabhound::avoid
