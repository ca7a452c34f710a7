#include "bench/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/markup.h"
#include "bench/curves.h"
#include "bench/table.h"

namespace slabhound::bench {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>How soon faults are found</title>
<style>
:root { --back: #ffffff; --text: #1f2328; --dim: #59636e; --line: #d1d9e0; --soft: #f6f8fa;
  --series-0: #0550ae; --series-1: #bc4c00; --series-2: #6639ba; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --text: #e6edf3; --dim: #9198a1; --line: #30363d; --soft: #161b22;
    --series-0: #58a6ff; --series-1: #ffa657; --series-2: #bc8cff; } }
body { margin: 0 auto; max-width: 1200px; padding: 16px; background: var(--back);
  color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; } h2 { font-size: 18px; margin: 32px 0 8px; }
p, li { max-width: 90ch; overflow-wrap: anywhere; } .dim { color: var(--dim); }
svg { display: block; width: 100%; height: auto; }
.wide { max-width: 860px; } .wide svg { min-width: 600px; }
.grid-of { display: grid; gap: 14px;
  grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); }
.grid-of figure { max-width: 330px; }
figure { margin: 0; } figcaption { font-size: 13px; overflow-wrap: anywhere; }
.grid { stroke: var(--line); } .tick { fill: var(--dim); font-size: 12px; }
.curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
.curve.series-1 { stroke-dasharray: 7 4; } .curve.series-2 { stroke-dasharray: 2 3; }
.censored { stroke-width: 1.6; } .band { opacity: 0.16; }
.curve.series-0, .censored.series-0 { stroke: var(--series-0); }
.curve.series-1, .censored.series-1 { stroke: var(--series-1); }
.curve.series-2, .censored.series-2 { stroke: var(--series-2); }
.band.series-0 { fill: var(--series-0); } .band.series-1 { fill: var(--series-1); }
.band.series-2 { fill: var(--series-2); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; } .legend svg { width: 34px; }
.legend span { display: flex; align-items: center; gap: 7px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 14px; }
th, td { padding: 3px 10px; text-align: left; white-space: nowrap; vertical-align: top; }
th { background: var(--soft); } td.number { text-align: right;
  font-variant-numeric: tabular-nums; }
th.number { text-align: right; } tr.first td { border-top: 1px solid var(--line); }
td.none { color: var(--dim); }
</style></head><body>
)";

// Of the columns of table.h: those that are numbers.
bool IsNumber(size_t column) { return (column >= 2 && column <= 4) || column >= 6; }

std::string Cell(std::string_view tag, size_t column, const std::string& text, size_t rows = 1) {
  return fmt::format("<{0}{1}{2}>{3}</{0}>", tag, IsNumber(column) ? R"( class="number")" : "",
                     rows > 1 ? fmt::format(R"( rowspan="{}")", rows) : "", MarkupText(text));
}

std::string TableText(const Summary& summary) {
  const size_t last = kTableHeads.size() - 1;
  std::string html = R"(<div class="scroll"><table><thead><tr>)";
  for (size_t i = 0; i <= last; ++i) html += Cell("th", i, std::string(kTableHeads[i]));
  html += "</tr></thead><tbody>\n";
  for (const TableRow& row : TableOf(summary)) {
    const bool first = row.rows_of_fault > 0;
    html += first ? R"(<tr class="first">)" : "<tr>";
    for (size_t i = 0; i <= last; ++i) {
      const bool spans = i == 0 || i == last;
      if (spans && !first) continue;
      html += Cell("td", i, row.cells[i], spans ? row.rows_of_fault : 1);
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string LegendText(const std::vector<Total>& totals) {
  std::string html = R"(<p class="legend">)";
  for (size_t i = 0; i < totals.size(); ++i) {
    html += fmt::format(
        R"(<span><svg viewBox="0 0 34 10"><path class="curve series-{}" d="M1 5H33"/></svg>)"
        "{}</span>",
        i, MarkupText(totals[i].generator));
  }
  return html + "</p>\n";
}

// The place of a generator among all: its colour.
size_t SeriesOf(const Summary& summary, const std::string& generator) {
  return static_cast<size_t>(std::ranges::find(summary.totals, generator, &Total::generator) -
                             summary.totals.begin());
}

std::string FaultFigures(const Summary& summary, const Axis& axis) {
  std::string html = R"(<div class="grid-of">)";
  for (const FaultSummary& fault : summary.faults) {
    std::vector<Curve> curves;
    for (const Group& group : fault.groups) {
      curves.push_back({SeriesOf(summary, group.generator), group.seconds});
    }
    const Frame frame = {.width = 260, .height = 130, .is_small = true, .title = fault.fault};
    html +=
        fmt::format("<figure><figcaption>{} {}</figcaption>{}</figure>\n", MarkupText(fault.number),
                    MarkupText(fault.fault), CurvesText(frame, axis, curves));
  }
  return html + "</div>\n";
}

}  // namespace

std::string PageText(const Summary& summary) {
  std::string html(kHead);
  html += "<h1>How soon faults are found</h1>\n<ul>\n";
  for (const std::string& sentence : SentencesOf(summary)) {
    html += "<li>" + MarkupText(sentence) + "</li>\n";
  }
  html += "</ul>\n";
  std::vector<Observation> seconds;
  std::vector<Curve> curves;
  for (const Total& total : summary.totals) {
    curves.push_back({curves.size(), total.seconds, true});
    seconds.insert(seconds.end(), total.seconds.begin(), total.seconds.end());
  }
  const Axis axis = AxisOf(seconds, summary.bounds.cpu_seconds);
  if (!seconds.empty()) {
    html += "<h2>All faults</h2>\n" + LegendText(summary.totals);
    html += R"(<figure class="wide scroll">)" +
            CurvesText({.title = "share of all trials that have found their fault"}, axis, curves) +
            "</figure>\n";
    html += R"(<p class="dim">The share of trials that have found their fault by then (Kaplan and )"
            R"(Meier), with bootstrapped 95 % intervals. Ticks are trials that ended without.</p>)";
    html += "<h2>Each fault</h2>\n" + LegendText(summary.totals) + FaultFigures(summary, axis);
  }
  html += "<h2>Trials</h2>\n" + TableText(summary);
  html +=
      R"(<p class="dim">Reached: execution came to where the fault could act. Triggered: it acted )"
      R"(otherwise than is right. Modules and CPU seconds: medians over seeds until the first )"
      R"(detection, the latter with its bootstrapped 95 % interval; "&gt;" where less than half )"
      R"(of the trials found it. A12: the chance that the first generator is sooner.</p>)";
  return html + "</body></html>\n";
}

}  // namespace slabhound::bench
