// What `repro` prints of one verdict: what fails where, the first event that differs, the
// difference of the two heaps, and what to do next. One screen, whatever the case is.
//
// 1. A line has a word and a text, as in `signature   …`; the first lines are those that scripts
//    read: verdict, signature, suspect. Lines are at most kColumns wide but for commands, which are
//    to be pasted, and those three.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/finding_folder.h"
#include "diff/compare.h"
#include "graph/differing.h"

namespace slabhound::cli {

inline constexpr size_t kColumns = 100;

// One run of all engines, as it was judged.
struct Judged {
  std::vector<engine::EngineSpec> engines;  // the reference first
  std::vector<trace::Trace> traces;
  diff::Verdict verdict;
  std::string today;  // as in worker::Lab
};

// Nothing was found, and not everything was compared.
bool IsCutShort(const Judged& judged);

// The verdict in lines.
std::string PlainText(const Judged& judged);

// The heaps of the reference and the suspect where they differ; nothing for other verdicts than
// diverge, and where the objects that are told do not differ.
std::optional<graph::Differing> HeapsOf(const Judged& judged, const diff::Prepared& prepared);
std::string PictureText(const Judged& judged, const graph::Differing& heaps,
                        const diff::Prepared& prepared);

struct Screen {
  const Judged& judged;
  const diff::Prepared& prepared;
  const FindingFolder& finding;
  const std::optional<graph::Differing>& heaps;
  std::string path = {};     // as it was given
  std::string picture = {};  // the file that was written; or why not
  uint32_t times = 1, findings = 0;
};
// Requires: a finding.
std::string ScreenText(const Screen& screen);

}  // namespace slabhound::cli
