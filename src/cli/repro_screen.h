// What `repro` prints of one verdict: what fails where, the first event that differs, the
// difference of the two heaps, and what to do next. One screen, whatever the case is.
//
// 1. A line has a word and a text, as in `signature   …`; the first lines are those that scripts
//    read: verdict, signature, suspect. Lines are at most kColumns wide but for commands, which are
//    to be pasted, and those three.
#pragma once

#include <optional>
#include <string>

#include "cli/finding_folder.h"
#include "cli/repro_heaps.h"

namespace slabhound::cli {

inline constexpr size_t kColumns = 100;

// Nothing was found, and not everything was compared.
bool IsCutShort(const Judged& judged);

// The verdict in lines.
std::string PlainText(const Judged& judged);

struct Screen {
  const Judged& judged;
  const diff::Prepared& prepared;
  const FindingFolder& finding;
  const std::optional<Heaps>& heaps;
  std::string path = {};     // as it was given
  std::string picture = {};  // the file that was written; or why not
  uint32_t times = 1, findings = 0;
};
// Of a finding's folder that shows nothing this time.
std::string UnseenText(const Screen& screen);
// Requires: a finding.
std::string ScreenText(const Screen& screen);

}  // namespace slabhound::cli
