#include "screen/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/subprocess.h"
#include "cause/key.h"
#include "screen/amounts.h"
#include "screen/risk.h"

namespace slabhound::screen {
namespace {

using campaign::BugCounts;

// As one word of the shell, quoted where it must be.
std::string Word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:@=,%";
  const bool is_plain = !text.empty() && text.find_first_not_of(kPlain) == std::string::npos;
  return is_plain ? text : ShellQuoted(text);
}

std::string About(const BugCounts& bug) {
  return fmt::format("{}: {}, {} {}", cause::SeverityName(bug.severity), bug.name,
                     CountText(bug.cases), bug.cases == 1 ? "case" : "cases");
}

std::string Others(size_t count, const char* which, const std::string& out) {
  if (count == 0) return {};
  return fmt::format("      {} more {} {}: slabhound findings {}\n", count, which,
                     count == 1 ? "bug" : "bugs", Word(out));
}

std::string BugAdvice(const std::vector<BugCounts>& bugs, const std::string& out) {
  if (bugs.front().came_back) {
    return fmt::format("next: slabhound repro {}\n      it was fixed, and came back ({})\n",
                       Word(bugs.front().folder), About(bugs.front())) +
           Others(bugs.size() - 1, "other", out);
  }
  const auto fresh = std::ranges::find_if(bugs, &BugCounts::is_new);
  const auto news = static_cast<size_t>(std::ranges::count_if(bugs, &BugCounts::is_new));
  if (fresh != bugs.end()) {
    return fmt::format("next: slabhound repro {}\n      the most severe new bug ({})\n",
                       Word(fresh->folder), About(*fresh)) +
           Others(news - 1, "new", out);
  }
  return fmt::format(
             "next: nothing new; the most severe bug that was known and showed again ({})\n"
             "      slabhound repro {}\n",
             About(bugs.front()), Word(bugs.front().folder)) +
         Others(bugs.size() - 1, "known", out);
}

// What the risk means in time, at this campaign's rate.
std::string RiskText(const campaign::Outcome& outcome) {
  const Risk risk = RiskOf(outcome.tally);
  if (!risk.is_known()) return "risk: not known yet, too few modules ran\n";
  const double seconds = outcome.seconds + outcome.seconds_before;
  const double seconds_each =
      seconds * static_cast<double>(risk.modules_each()) / static_cast<double>(risk.modules);
  if (risk.seen_once == 0) {
    return fmt::format(
        "risk: {} shows a new symptom (95 % sure): at this rate it takes more than "
        "{}\n",
        NextFindText(risk), DurationText(seconds_each));
  }
  return fmt::format("risk: {} shows a new symptom, at this rate each {} ({} {} seen once)\n",
                     NextFindText(risk), DurationText(seconds_each), risk.seen_once,
                     risk.seen_once == 1 ? "symptom was" : "symptoms were");
}

}  // namespace

std::string AdviceText(const campaign::Outcome& outcome, const std::string& out) {
  std::string text;
  if (!outcome.failure.empty()) {
    text += fmt::format("next: see to what ended it early: {}\n", outcome.failure);
  }
  for (const std::string& line : outcome.silent) {
    const std::string engine = line.substr(0, line.find(" ran "));
    text += fmt::format("next: slabhound engines check {}\n      it tells next to nothing: {}\n",
                        Word(engine), line);
  }
  if (!outcome.bugs.empty()) {
    text += BugAdvice(outcome.bugs, out);
  } else if (text.empty()) {
    text += fmt::format("next: {}: nothing found in {} modules, {}\n",
                        outcome.interrupted ? "let it run on" : "give it more time",
                        CountText(outcome.tally.cases),
                        DurationText(outcome.seconds + outcome.seconds_before));
  }
  return text + RiskText(outcome) + "\n";
}

}  // namespace slabhound::screen
