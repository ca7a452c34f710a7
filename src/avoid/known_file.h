// A user's own known rows: a file for --known, in the form that rows of known.def have, so that no
// build is needed. Its lines:
//   # a remark
//   known NAME               begins a row
//   engine wasmtime
//   versions 31.0.0 43.0.0   first and last; without this line, any
//   shows panic              outcomes.def has them all
//   message TEXT             the start of what the engine says, without numbers, or how it differs
//   fails ENGINE             the cause, of a minimized case: configurations in which it fails,
//   passes ENGINE            and in which it passes,
//   shape GRAM               and what it is made of (cause/shape.h), a line each
//   needs INGREDIENT         what a case needs to show it (cause/ingredients.h), a line each
//   expires 2027-06-01       from this day on the row does nothing
//   reference TEXT
//   reason TEXT
//
// 1. A row has `engine`, `shows`, `expires`, and a message or a cause. One with a cause says
//    nothing of a case that is not minimized yet; one without is looked for in every run.
// 2. Reading is total: an error is FILE:LINE and what is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avoid/known.h"
#include "base/result.h"

namespace slabhound::avoid {

struct KnownRow {
  std::string name;
  engine::EngineKind engine = engine::EngineKind::Wasmtime;
  std::string first_version = {}, last_version = {};
  Shows shows = Shows::Nothing;
  std::string message = {};
  std::vector<std::string> fails = {}, passes = {}, shape = {}, needs = {};
  std::string expires = {}, reference = {}, reason = {};

  bool has_cause() const { return !fails.empty() || !passes.empty() || !shape.empty(); }
  friend bool operator==(const KnownRow&, const KnownRow&) = default;
};

Result<std::vector<KnownRow>, std::string> ParseKnownRows(std::string_view text,
                                                          const std::string& file);
Result<std::vector<KnownRow>, std::string> ReadKnownFile(const std::string& file);
std::string KnownRowText(const KnownRow& row);

// Whether it is about this engine in this version, before its day; an empty version is any.
bool Holds(const KnownRow& row, const engine::EngineSpec& spec, std::string_view version,
           std::string_view today);

// The row without a cause that says so of the symptom; null: none does.
const KnownRow* FindKnown(const std::vector<KnownRow>& rows, const engine::EngineSpec& spec,
                          std::string_view version, const Symptom& symptom, std::string_view today);

}  // namespace slabhound::avoid
