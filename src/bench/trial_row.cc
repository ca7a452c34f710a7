#include "bench/trial_row.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

#include "base/file.h"

namespace slabhound::bench {
namespace {

constexpr size_t kFileBytesMax = 256u << 20;

constexpr std::array<std::string_view, 20> kColumns = {"fault",
                                                       "seed",
                                                       "generator",
                                                       "configuration",
                                                       "cpu_seconds_max",
                                                       "modules_max",
                                                       "outcome",
                                                       "signal",
                                                       "symptom",
                                                       "suspect",
                                                       "case",
                                                       "modules",
                                                       "cpu_seconds",
                                                       "reached",
                                                       "reached_modules",
                                                       "reached_cpu_seconds",
                                                       "triggered",
                                                       "triggered_modules",
                                                       "triggered_cpu_seconds",
                                                       "generator_crashes"};

// As RFC 4180 has it, but a newline becomes a space: a row is a line.
std::string Field(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  if (plain.find_first_of(",\"") == std::string::npos) return plain;
  std::string quoted = "\"";
  for (const char c : plain) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

// Nothing: a quote is not closed, or something stands behind it.
std::optional<std::vector<std::string>> Split(std::string_view line) {
  std::vector<std::string> fields(1);
  bool is_quoted = false, was_quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += '"';
        ++i;
      } else {
        is_quoted = false;
        was_quoted = true;
      }
    } else if (c == ',') {
      fields.emplace_back();
      was_quoted = false;
    } else if (c == '"' && fields.back().empty() && !was_quoted) {
      is_quoted = true;
    } else if (c == '"' || was_quoted) {
      return std::nullopt;
    } else {
      fields.back() += c;
    }
  }
  if (is_quoted) return std::nullopt;
  return fields;
}

// Takes fields one after another; the first that is wrong is remembered.
class Fields {
 public:
  explicit Fields(std::vector<std::string> fields) : fields_(std::move(fields)) {}

  std::string Text() { return std::move(fields_[at_++]); }
  template <typename T>
  T Number() {
    const std::string& text = fields_[at_];
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) NoteWrong();
    ++at_;
    return number;
  }
  // One of these, found by its name.
  template <typename Find>
  auto Named(const Find& find) {
    const auto found = find(fields_[at_]);
    if (!found) NoteWrong();
    ++at_;
    return found.value_or(typename decltype(found)::value_type{});
  }
  Moment ReadMoment() {
    Moment moment;
    moment.modules = Number<uint64_t>();
    moment.cpu_seconds = Number<double>();
    return moment;
  }
  Sightings ReadSightings() {
    const auto count = Number<uint64_t>();
    return {count, ReadMoment()};
  }
  const std::string& wrong() const { return wrong_; }

 private:
  void NoteWrong() {
    if (wrong_.empty()) wrong_ = fmt::format("{} '{}'", kColumns[at_], fields_[at_]);
  }

  std::vector<std::string> fields_;
  size_t at_ = 0;
  std::string wrong_;
};

std::optional<Outcome> FindOutcome(std::string_view name) {
  for (const Outcome outcome : {Outcome::Detected, Outcome::Censored, Outcome::Died}) {
    if (OutcomeName(outcome) == name) return outcome;
  }
  return std::nullopt;
}

std::string MomentText(const Moment& moment) {
  return fmt::format("{},{:.4f}", moment.modules, moment.cpu_seconds);
}

std::string SightingsText(const Sightings& sightings) {
  return fmt::format("{},{}", sightings.count, MomentText(sightings.first));
}

}  // namespace

std::string ConfigurationText(const std::vector<engine::EngineSpec>& engines) {
  std::vector<std::string> texts;
  for (const engine::EngineSpec& each : engines) texts.push_back(engine::EngineText(each));
  return fmt::format("{}", fmt::join(texts, " "));
}

TrialKey KeyOf(const Trial& trial) {
  return {std::string(heap::FaultName(trial.fault)), trial.seed,
          std::string(gen::GeneratorName(trial.generator)), ConfigurationText(trial.engines)};
}

std::string HeaderText() { return fmt::format("{}\n", fmt::join(kColumns, ",")); }

std::string RowText(const TrialRow& row) {
  const TrialResult& result = row.result;
  const bool detected = result.outcome == Outcome::Detected;
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", Field(row.key.fault),
                     row.key.seed, Field(row.key.generator), Field(row.key.configuration),
                     row.bounds.cpu_seconds, row.bounds.modules, OutcomeName(result.outcome),
                     detected ? SignalName(result.signal) : "", Field(result.symptom),
                     Field(result.suspect), detected ? std::to_string(result.end.modules - 1) : "",
                     MomentText(result.end), SightingsText(result.reached),
                     SightingsText(result.triggered), result.generator_crashes);
}

Result<TrialRow, std::string> ReadRow(std::string_view line) {
  auto split = Split(line);
  if (!split || split->size() != kColumns.size()) {
    return Fail(fmt::format("not {} fields", kColumns.size()));
  }
  Fields fields(*std::move(split));
  TrialRow row;
  row.key.fault = fields.Text();
  row.key.seed = fields.Number<uint64_t>();
  row.key.generator = fields.Text();
  row.key.configuration = fields.Text();
  row.bounds.cpu_seconds = fields.Number<double>();
  row.bounds.modules = fields.Number<uint64_t>();
  TrialResult& result = row.result;
  result.outcome = fields.Named(FindOutcome);
  const bool detected = result.outcome == Outcome::Detected;
  if (detected) {
    result.signal = fields.Named(FindSignal);
  } else {
    fields.Text();
  }
  result.symptom = fields.Text();
  result.suspect = fields.Text();
  fields.Text();  // the case's number follows from `modules`
  result.end = fields.ReadMoment();
  result.reached = fields.ReadSightings();
  result.triggered = fields.ReadSightings();
  result.generator_crashes = fields.Number<uint64_t>();
  if (!fields.wrong().empty()) return Fail(fields.wrong());
  if (detected && result.end.modules == 0) return Fail(std::string("detected after no module"));
  return row;
}

Result<std::vector<TrialRow>, std::string> ReadRows(const std::string& path) {
  std::vector<TrialRow> rows;
  if (!std::filesystem::exists(path)) return rows;
  const auto content = ReadFile(path, kFileBytesMax);
  if (!content) return Fail(content.error().message);
  std::string_view text = AsText(*content);
  text = text.substr(0, text.rfind('\n') + 1);
  if (text.empty()) return rows;
  const std::string header = HeaderText();
  if (!text.starts_with(header)) {
    return Fail(fmt::format("{}: not a file of trials of this version (another --out?)", path));
  }
  size_t line = 1;
  for (size_t at = header.size(); at < text.size();) {
    const size_t end = text.find('\n', at);
    auto row = ReadRow(text.substr(at, end - at));
    ++line;
    if (!row) return Fail(fmt::format("{}: line {}: {}", path, line, row.error()));
    rows.push_back(*std::move(row));
    at = end + 1;
  }
  return rows;
}

}  // namespace slabhound::bench
