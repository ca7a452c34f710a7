#include "campaign/known_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

namespace slabhound::campaign {
namespace {

constexpr size_t kFileBytesMax = 4u << 20;

// A day half a year from now on.
std::string DefaultDay(const std::string& today) {
  constexpr int kMonths = 6;
  int year = 0, month = 0;
  std::from_chars(today.data(), today.data() + 4, year);
  std::from_chars(today.data() + 5, today.data() + 7, month);
  const int months = year * 12 + month - 1 + kMonths;
  return fmt::format("{:04}-{:02}-01", months / 12, months % 12 + 1);
}

// Only what an engine says of itself tells a bug; how a process ended does not.
avoid::Shows ToldBy(const diff::Signature& signature) {
  using trace::FailureKind;
  if (signature.message.empty()) return avoid::Shows::Nothing;
  if (signature.kind == diff::FindingKind::Divergence) {
    const bool rejected = signature.found.kind == trace::ClassKind::Rejected;
    return rejected ? avoid::Shows::Rejected : avoid::Shows::Nothing;
  }
  if (signature.kind != diff::FindingKind::Failure) return avoid::Shows::Nothing;
  if (signature.failure == FailureKind::Panic) return avoid::Shows::Panic;
  if (signature.failure == FailureKind::InternalError) return avoid::Shows::InternalError;
  return avoid::Shows::Nothing;
}

avoid::Shows CauseShows(const diff::Signature& signature) {
  return signature.kind == diff::FindingKind::Divergence ? avoid::Shows::Diverges
                                                         : avoid::Shows::Panic;
}

Result<avoid::KnownRow, std::string> RowFor(const std::string& slug, const Record& record) {
  const auto suspect = engine::ParseEngine(record.suspect);
  if (!suspect)
    return Fail(fmt::format("{}: its suspect {}: {}", slug, record.suspect, suspect.error()));
  avoid::KnownRow row{.name = slug, .engine = suspect->kind};
  row.first_version = row.last_version = suspect->version;
  row.expires = DefaultDay(avoid::Today());
  row.reason = record.signature_text;
  return row;
}

}  // namespace

Result<std::vector<avoid::KnownRow>, std::string> KnownRowsOf(const BugList& list,
                                                              const cause::Bug& bug) {
  std::vector<avoid::KnownRow> rows;
  bool has_silent = false;
  for (const cause::Member& member : bug.members) {
    const Record& record = list.symptoms.at(member.slug);
    const avoid::Shows told = record.has_fields ? ToldBy(record.signature) : avoid::Shows::Nothing;
    has_silent |= told == avoid::Shows::Nothing;
    if (told == avoid::Shows::Nothing) continue;
    TRY_ASSIGN(avoid::KnownRow row, RowFor(member.slug, record));
    row.shows = told;
    row.message = record.signature.message;
    rows.push_back(std::move(row));
  }
  const Record& record = list.symptoms.at(bug.representative);
  if (has_silent && record.cause) {
    TRY_ASSIGN(avoid::KnownRow row, RowFor(bug.representative + "-cause", record));
    row.shows = CauseShows(record.signature);
    for (const cause::Variant& variant : record.cause->variants) {
      if (variant.cell == cause::Cell::Fail) row.fails.push_back(variant.engine);
      if (variant.cell == cause::Cell::Pass) row.passes.push_back(variant.engine);
    }
    row.shape = record.cause->shape.grams;
    row.needs = record.ingredients;
    rows.push_back(std::move(row));
  }
  if (rows.empty()) {
    return Fail(
        fmt::format("{}: it has no message of its engine's and is not minimized, so that "
                    "nothing tells it",
                    bug.representative));
  }
  return rows;
}

Result<void, std::string> AppendKnownRows(const std::string& file,
                                          const std::vector<avoid::KnownRow>& rows) {
  std::string text;
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    const auto content = ReadFile(file, kFileBytesMax);
    if (!content) return Fail(content.error().message);
    text = AsText(*content);
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
  }
  for (const avoid::KnownRow& row : rows) {
    text += (text.empty() ? "" : "\n") + avoid::KnownRowText(row);
  }
  TRY(avoid::ParseKnownRows(text, file));
  if (const auto written = WriteFile(file, AsBytes(text)); !written) {
    return Fail(written.error().message);
  }
  return {};
}

const avoid::KnownRow* FindKnownCause(const std::vector<avoid::KnownRow>& rows,
                                      const engine::EngineSpec& suspect, const cause::Key& key,
                                      std::string_view today) {
  for (const avoid::KnownRow& row : rows) {
    if (!row.has_cause() || !avoid::Holds(row, suspect, suspect.version, today)) continue;
    cause::VariantVector vector;
    for (const std::string& each : row.fails) vector.push_back({each, cause::Cell::Fail});
    for (const std::string& each : row.passes) vector.push_back({each, cause::Cell::Pass});
    if (!cause::Agree(vector, key.variants)) continue;
    cause::Shape shape{row.shape};
    std::ranges::sort(shape.grams);
    if (row.shape.empty() || cause::Distance(shape, key.shape) <= cause::kNear) return &row;
  }
  return nullptr;
}

std::string KnownAs(const std::vector<avoid::KnownRow>& rows, const Record& record,
                    std::string_view today) {
  const auto suspect = engine::ParseEngine(record.suspect);
  if (!suspect) return {};
  if (record.cause) {
    const auto* row = FindKnownCause(rows, *suspect, *record.cause, today);
    return row == nullptr ? std::string() : row->name;
  }
  for (const avoid::KnownRow& row : rows) {
    if (record.explained_by == std::string(kKnownPrefix) + row.name &&
        avoid::Holds(row, *suspect, suspect->version, today)) {
      return row.name;
    }
  }
  return {};
}

}  // namespace slabhound::campaign
