// What runs now, how it grows, and what is new.
import { el, empty, panel, redraw } from "./dom.mjs";
import { barList, growthChart, shares } from "./charts.mjs";
import { chip, nameOf } from "./bugs.mjs";
import { ago, compact, duration, lineOf, number, plural, share, time } from "./format.mjs";

const kSilentMs = 90000;

function stat(name, value, note) {
  return el("div", { class: "stat" }, el("dt", {}, name), el("dd", {}, value, note ? el("small", {}, note) : null));
}

// How the last run is: as it says, and by when it wrote last.
function stateOf(run) {
  if (!run) return ["idle", "no campaign has a database here"];
  if (run.ended) return ["ended", `ended: ${run.ended}`];
  if (Date.now() - run.seen_ms > kSilentMs) return ["lost", `last heard of ${ago(run.seen_ms)}`];
  return ["running", "running"];
}

function strip({ run, counters, totals }) {
  const cases = counters?.cases ?? {};
  const count = cases.cases ?? 0;
  const [name, text] = stateOf(run);
  const seconds_left = name === "running" ? run.snapshot?.seconds_left : null;
  const left = seconds_left ? `, ${duration(seconds_left)} left` : "";
  const per_second = run?.snapshot?.modules_per_second ?? (run?.seconds ? count / run.seconds : 0);
  return el("dl", { class: "strip" },
    stat("Campaign", el("span", { class: `run ${name}` }, text), run ? duration(run.seconds) + left : null),
    stat("Modules", compact(count), run ? `${per_second >= 10 ? number(Math.round(per_second)) : per_second.toFixed(1)} a second` : null),
    stat("Bugs", number(totals.bugs), plural(totals.symptoms, "symptom")),
    stat("Findings", compact(totals.cases), count ? `${share(cases.findings ?? 0, count)} of modules` : "cases of all bugs"),
    stat("Poisoned", share(cases.poisoned ?? 0, count), "compared in part"));
}

function enginesPanel({ run, counters }) {
  const engines = run?.snapshot?.engines?.map(({ engine }) => engine) ?? run?.configuration?.engines ?? [];
  if (engines.length === 0) return null;
  const count = (scope, i) => counters?.[scope]?.[i] ?? 0;
  const rows = engines.map((engine, i) => el("tr", {},
    el("td", { class: "code" }, engine),
    ...(i === 0 ? [el("td", { class: "count dim", colspan: "3" }, "the reference")] : [
      el("td", { class: "count" }, compact(count("asked", i))),
      el("td", { class: "count" }, share(count("not run", i), count("asked", i))),
      el("td", { class: "count" }, share(count("refused", i), count("asked", i)))])));
  return panel("Engines", `seed ${run.seed}`, el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["Engine and configuration", "Cases", "Did not run", "Refused"].map(
      (name, i) => el("th", { scope: "col", class: i ? "count" : null }, name)))),
    el("tbody", {}, rows))));
}

// What each job does, if a campaign runs.
function jobsPanel({ run }) {
  const now = run?.snapshot;
  if (!now || stateOf(run)[0] !== "running") return null;
  const rows = (now.jobs ?? []).map((job) => el("tr", {},
    el("td", {}, job.doing), el("td", { class: "what" }, job.what),
    el("td", { class: "count" }, number(job.number)),
    el("td", { class: "count" }, duration(job.seconds)),
    el("td", { class: "count wide" }, `${Math.round(job.bytes / 1e6)} MB`)));
  const note = [plural(now.jobs_started ?? 0, "job") + " started", plural(now.workers_started ?? 0, "worker") + " started",
    now.to_minimize ? `${number(now.to_minimize)} to minimize` : null,
    now.last_find ? `last new symptom after ${duration(now.last_find.seconds)}` : null].filter(Boolean).join(" · ");
  return panel("Now", note, el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["Job", "At", "Case", "Since", "Memory"].map(
      (name, i) => el("th", { scope: "col", class: ["", "", "count", "count", "count wide"][i] }, name)))),
    el("tbody", {}, rows))));
}

function countsPanel(title, note, counts, whole) {
  if (!counts || Object.values(counts).every((count) => count === 0)) return null;
  return panel(title, note, barList(counts, whole));
}

function timePanel({ counters }) {
  const spent = Object.entries(counters?.["cpu ns"] ?? {}).filter(([, ns]) => ns > 0);
  if (spent.length === 0) return null;
  const cases = counters?.cases?.cases ?? 0;
  return panel("Where a module's time goes", "CPU", shares(spent.sort((a, b) => b[1] - a[1]).map(
    ([name, ns]) => [name, ns, cases ? `${(ns / cases / 1e6).toFixed(2)} ms` : ""])));
}

function eventsPanel(events) {
  const list = el("ol", { class: "events" }, events.slice(0, 14).map((event) => el("li", {},
    time(event.at_ms), el("span", { class: "kind" }, event.kind),
    event.slug ? el("a", { href: `#/bug/${event.slug}`, "data-key": `event ${event.at_ms} ${event.slug}` }, lineOf(event))
               : el("span", {}, lineOf(event)))));
  return panel("Newest", null, events.length ? list : empty("Nothing so far."));
}

function worstPanel(open) {
  const list = el("ol", { class: "worst" }, open.map((bug) => el("li", {}, chip(bug),
    el("a", { href: `#/bug/${bug.slug}`, "data-key": bug.slug }, nameOf(bug)), el("b", {}, compact(bug.cases)))));
  return panel("Most severe", el("a", { href: "#/bugs" }, "all"), open.length ? list : empty("No open bug."));
}

function without(counts, name) {
  return counts && Object.fromEntries(Object.entries(counts).filter(([each]) => each !== name));
}

export function overviewView(root) {
  const charts = { cases: growthChart("Modules", "--series-0"), symptoms: growthChart("Symptoms", "--series-1"),
    bugs: growthChart("Bugs", "--series-3") };
  const growth = el("div", { class: "curves" }, charts.cases.box, charts.symptoms.box, charts.bugs.box);
  const top = el("div"), rest = el("div", { class: "columns" });
  root.replaceChildren(el("h1", { class: "hidden" }, "Overview"), top, growth, rest);

  const draw = (overview) => {
    const { run, counters, problem } = overview;
    const grown = overview.growth;
    growth.hidden = !grown || grown.at_ms.length === 0;
    if (!growth.hidden) {
      const times = grown.at_ms.map((ms) => ms / 1000);
      for (const [name, chart] of Object.entries(charts)) chart.show(times, grown[name]);
    }
    redraw(top, () => [strip(overview), problem ? el("p", { class: "problem", role: "alert" }, problem) : null].filter(Boolean));
    const cases = counters?.cases?.cases ?? 0;
    const left = [jobsPanel(overview), enginesPanel(overview), timePanel(overview),
      countsPanel("What cases were", "of all", without(counters?.cases, "cases"), cases),
      countsPanel("Ran out", "of all; the comparison ended there", counters?.["ran out"], cases),
      countsPanel("Ended by an instruction that does not run", null, counters?.needs, cases),
      countsPanel("Refused, by reason", null, counters?.rejected, cases),
      countsPanel("Drawn configurations", null, counters?.configuration, cases),
      countsPanel("Ends of jobs", null, counters?.killed, cases)];
    const right = [worstPanel(overview.worst), run ? eventsPanel(overview.events) : null];
    redraw(rest, () => [el("div", {}, ...left.filter(Boolean)), el("div", {}, ...right.filter(Boolean))].filter((each) => each.children.length > 0));
  };
  return { title: "Overview", paths: ["/api/overview"], show: ([overview]) => draw(overview) };
}
