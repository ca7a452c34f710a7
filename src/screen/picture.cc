#include "screen/picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "cause/key.h"
#include "screen/amounts.h"
#include "screen/risk.h"

namespace slabhound::screen {
namespace {

using campaign::Status;

constexpr size_t kTwoColumnsMin = 72;  // narrower ones have one

struct Section {
  std::string title;
  std::vector<Line> lines;
};

Style StyleOf(cause::Severity severity) {
  return severity == cause::Severity::MemoryCorruption ? Style::Bad
         : severity == cause::Severity::Refusal        ? Style::Plain
                                                       : Style::Warning;
}

Style StyleOf(campaign::EventKind kind) {
  switch (kind) {
    case campaign::EventKind::Finding:
    case campaign::EventKind::Minimized:
      return Style::Bold;
    case campaign::EventKind::Warning:
    case campaign::EventKind::Regression:
      return Style::Warning;
    case campaign::EventKind::Detail:
    case campaign::EventKind::Unminimized:
      break;
  }
  return Style::Plain;
}

Line TitleLine(const Title& title, size_t width) {
  Line line = {{"slabhound campaign", Style::Bold}};
  const std::string right = Printable(fmt::format("seed {}, {}", title.seed, title.out));
  const size_t taken = WidthOf(line) + right.size();
  line.push_back({std::string(taken < width ? width - taken : 2, ' ') + right, Style::Dim});
  return line;
}

Line TimeLine(const Status& status, size_t width) {
  const std::string text = "running " + DurationText(status.seconds);
  if (!status.seconds_left) return {{text + ", until Ctrl-C"}};
  const double left = *status.seconds_left;
  const std::string words = fmt::format("{}, {} left ", text, DurationText(left));
  const double all = status.seconds + left;
  const double done = all > 0 ? status.seconds / all : 1;
  constexpr size_t kBarMin = 10, kPercentWidth = 8;
  if (words.size() + kBarMin + kPercentWidth > width) return {{words}};
  const size_t bar = width - words.size() - kPercentWidth;
  const auto full = std::min(bar, static_cast<size_t>(done * static_cast<double>(bar)));
  return {{words},
          {"[" + std::string(full, '#') + std::string(bar - full, '.') + "]"},
          {fmt::format(" {:.0f} %", done * 100)}};
}

Line Row(const std::string& name, std::string value, Style style = Style::Plain) {
  return {{fmt::format("{:<12}", name), Style::Dim}, {Printable(value), style}};
}

std::vector<Line> Progress(const Status& status) {
  size_t symptoms = 0;
  for (const campaign::BugCounts& bug : status.bugs) symptoms += bug.symptoms;
  const std::string last =
      status.last_find_at
          ? fmt::format("{} ago: {}", DurationText(status.seconds - *status.last_find_at),
                        status.last_find)
          : "none";
  return {Row("modules", CountText(status.tally.cases)),
          Row("rate", fmt::format("{} (since the start {})", RateText(status.modules_per_second),
                                  RateText(status.overall_rate()))),
          Row("bugs", fmt::format("{} ({} symptoms)", status.bugs.size(), symptoms),
              status.bugs.empty() ? Style::Plain : Style::Bold),
          Row("last find", last),
          Row("next find", NextFindText(RiskOf(status.tally))),
          Row("to minimize", CountText(status.to_minimize)),
          Row("starts", fmt::format("{} jobs, {} workers", CountText(status.jobs_started),
                                    CountText(status.workers_started)))};
}

std::vector<Line> Outcomes(const campaign::Tally& tally) {
  const auto row = [&tally](const char* name, uint64_t count, Style style = Style::Plain) {
    return Row(name, fmt::format("{:>7} {:>12}", ShareText(count, tally.cases), CountText(count)),
               count > 0 ? style : Style::Plain);
  };
  return {row("agree", tally.agree),
          row("poisoned", tally.poisoned),
          row("known", tally.known),
          row("rejected", tally.rejected),
          row("findings", tally.findings, Style::Bold),
          row("gen. crashes", tally.generator_crashes, Style::Warning),
          row("killed", tally.killed, Style::Warning)};
}

Section Bugs(const Status& status) {
  Section section{"bugs, most severe first", {}};
  for (const campaign::BugCounts& bug : status.bugs) {
    Line line = {{fmt::format("{:>9}  ", CountText(bug.cases))},
                 {fmt::format("{:<18}", cause::SeverityName(bug.severity)), StyleOf(bug.severity)},
                 {Printable(bug.name)}};
    if (bug.symptoms > 1) line.push_back({fmt::format(" ({} symptoms)", bug.symptoms)});
    section.lines.push_back(std::move(line));
  }
  if (section.lines.empty()) section.lines.push_back({{"           none so far", Style::Dim}});
  return section;
}

Section Engines(const Status& status, size_t width) {
  Section section{"engines", {}};
  size_t name_width = 0;
  for (const std::string& name : status.engines) name_width = std::max(name_width, name.size());
  name_width = std::min(name_width, width > 60 ? width - 50 : 20);
  for (size_t place = 0; place < status.engines.size(); ++place) {
    const campaign::EngineCounts counts = status.CountsOf(place);
    const bool is_silent = counts.asked > 0 && counts.is_silent();
    section.lines.push_back(
        {{fmt::format("  {:<{}}  ", Cut(Printable(status.engines[place]), name_width), name_width)},
         {counts.asked == 0 ? "idle   "
          : is_silent       ? "SILENT "
                            : "runs   ",
          counts.asked == 0 ? Style::Dim
          : is_silent       ? Style::Bad
                            : Style::Good},
         {fmt::format("{:>11} cases, {} not run, {} refused", CountText(counts.asked),
                      ShareText(counts.not_run, counts.asked),
                      ShareText(counts.refused, counts.asked))}});
  }
  return section;
}

Section Jobs(const Status& status) {
  Section section{"jobs", {}};
  for (size_t place = 0; place < status.jobs.size(); ++place) {
    const campaign::JobStatus& job = status.jobs[place];
    std::string text = "rests";
    if (job.doing == campaign::Doing::Cases) {
      text = fmt::format("case {}: {}", job.number, job.what);
    } else if (job.doing == campaign::Doing::Minimizing) {
      text = fmt::format("minimizes, {}: {}", DurationText(job.seconds), job.what);
    } else if (job.doing == campaign::Doing::Trying) {
      text = fmt::format("tries on a new build: {}", job.what);
    }
    section.lines.push_back(
        {{fmt::format("{:>4}  {:>8}  ", place + 1, BytesText(job.bytes))},
         {Printable(text), job.doing == campaign::Doing::Minimizing ? Style::Bold : Style::Plain}});
  }
  return section;
}

Section News(const std::deque<campaign::Event>& news) {
  Section section{"news, the last first", {}};
  for (const campaign::Event& event : news) {
    section.lines.push_back({{"  "}, {Printable(event.line), StyleOf(event.kind)}});
  }
  return section;
}

// How many lines of its own each section gets of so many, by turns; its title takes one more.
std::vector<size_t> Shares(const std::vector<Section>& sections, size_t lines) {
  std::vector<size_t> shares(sections.size());
  for (bool any = true; any;) {
    any = false;
    for (size_t i = 0; i < sections.size(); ++i) {
      const size_t cost = shares[i] == 0 ? 2 : 1;
      if (shares[i] == sections[i].lines.size() || cost > lines) continue;
      ++shares[i];
      lines -= cost;
      any = true;
    }
  }
  return shares;
}

void Append(std::vector<Line>& picture, const Section& section, size_t share, size_t width) {
  if (share == 0) return;
  const size_t all = section.lines.size();
  std::string title = "-- " + section.title + " ";
  if (share < all) title += fmt::format("({} of {}) ", share, CountText(all));
  if (title.size() < width) title += std::string(width - title.size(), '-');
  picture.push_back({{std::move(title), Style::Dim}});
  for (size_t i = 0; i < share; ++i) picture.push_back(section.lines[i]);
}

}  // namespace

std::vector<Line> Picture(const Title& title, const Status& status,
                          const std::deque<campaign::Event>& news, const Size& size) {
  std::vector<Line> picture = {TitleLine(title, size.width), TimeLine(status, size.width)};
  const std::vector<Line> left = Progress(status), right = Outcomes(status.tally);
  if (size.width >= kTwoColumnsMin) {
    constexpr size_t kRightWidth = 34;
    const size_t left_width = size.width - kRightWidth;
    for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
      Line line = i < left.size() ? Padded(Cut(left[i], left_width - 2), left_width)
                                  : Padded({}, left_width);
      if (i < right.size()) line.insert(line.end(), right[i].begin(), right[i].end());
      picture.push_back(std::move(line));
    }
  } else {
    picture.insert(picture.end(), left.begin(), left.end());
    if (size.height > 2 * (left.size() + right.size())) {
      picture.insert(picture.end(), right.begin(), right.end());
    }
  }
  const std::vector<Section> sections = {Bugs(status), Engines(status, size.width), Jobs(status),
                                         News(news)};
  const auto shares =
      Shares(sections, size.height > picture.size() ? size.height - picture.size() : 0);
  for (size_t i = 0; i < sections.size(); ++i) Append(picture, sections[i], shares[i], size.width);
  picture.resize(std::min(picture.size(), size.height));
  for (Line& line : picture) line = Cut(std::move(line), size.width);
  return picture;
}

}  // namespace slabhound::screen
