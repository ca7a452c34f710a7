// The page of one bug.
import { copyButton, el, empty, panel, redraw } from "./dom.mjs";
import { chip, nameOf } from "./bugs.mjs";
import { spark } from "./charts.mjs";
import { change, fileUrl, is_read_only, is_report, load, repro } from "./data.mjs";
import { date, lineOf, number, plural, time } from "./format.mjs";

const kTextMax = 60000;

// The text as lines of comments, strings, names and instructions.
function coloured(text) {
  const code = el("code");
  const token = /(;;[^\n]*)|("(?:[^"\\\n]|\\.)*")|(\$[^\s()"]+)|([a-z0-9_]+\.[a-z0-9_.]+)/g;
  const classes = ["comment", "string", "name", "op"];
  const shown = text.length > kTextMax ? text.slice(0, kTextMax) : text;
  let from = 0;
  for (const match of shown.matchAll(token)) {
    code.append(shown.slice(from, match.index));
    const kind = classes[match.slice(1).findIndex((part) => part !== undefined)];
    code.append(el("span", { class: kind }, match[0]));
    from = match.index + match[0].length;
  }
  code.append(shown.slice(from));
  if (shown.length < text.length) code.append(`\n… ${number(text.length - shown.length)} more characters: download it`);
  return code;
}

function facts(bug) {
  const rows = [
    ["Cases", `${number(bug.cases)} of ${plural(bug.symptoms, "symptom")}`],
    ["Size", `${number(bug.bytes)} bytes of ${number(bug.original_bytes)}${bug.minimized ? "" : ", not minimized"}`],
    ["Reproduced", bug.reproduced ? `${bug.reproduced} times` : "each time"],
    ["Releases", bug.releases || "not tried on others"],
    ["First seen", bug.seen ? date(bug.seen.first_ms) : "–"],
    ["Last seen", bug.seen ? date(bug.seen.last_ms) : "–"],
    ["Found as", `case ${number(bug.case)} of seed ${bug.seed}`],
    ["Needs", bug.ingredients.join(", ") || "–"],
  ];
  if (bug.history_cases) rows.push(["Comes after", plural(bug.history_cases, "other module")]);
  if (bug.without.length) rows.push(["Generated without", bug.without.join(", ")]);
  const list = el("dl", { class: "facts" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
  if (bug.seen) list.append(el("div", {}, el("dt", {}, "When"), el("dd", {}, spark(bug.seen.bars))));
  return list;
}

// What the engines did, a line each.
function story(bug) {
  const lines = bug.explanation.split("\n").filter(Boolean);
  return panel("What happens", bug.locus, el("ul", { class: "story" }, lines.map((line) => {
    const at = line.search(/ (has|panics|traps|dies|hangs|refuses|says) /);
    return at < 0 ? el("li", {}, line) : el("li", {}, el("b", {}, line.slice(0, at)), line.slice(at));
  })));
}

// What `slabhound repro` tells: the event that differs first, and the reference that was lost.
function retelling(bug, told, may_act, done) {
  if (!may_act && !told) return null;
  const text = el("pre", { tabindex: "0", "aria-label": "What repro says", hidden: !told }, told ?? "");
  const button = el("button", { type: "button", class: "quiet", "data-key": "repro" }, told ? "Run again" : "Run repro");
  const note = el("span", { class: "note", role: "status" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    note.textContent = "it runs on the engines of this machine …";
    try {
      await repro(bug.slug);
      done();
    } catch (error) {
      note.textContent = error.message;
    }
    button.disabled = false;
  });
  const box = panel("As repro tells it", null, text);
  box.querySelector("header").append(note, el("span", { class: "tools" }, may_act ? button : null));
  return box;
}

function heaps(bug) {
  const url = bug.files.includes("heap.svg") ? fileUrl(`/file/${bug.slug}/heap.svg`) : null;
  const image = url ? el("a", { href: is_report ? null : url }, el("img", { src: url, alt: "The heap that is expected, and the heap that was found" })) : null;
  return image ? panel("The two heaps", "expected, and found", el("div", { class: "scroll heaps" }, image)) : null;
}

function texts(bug, contents) {
  const names = [["case.wat", "Case"], ["regression.wast", "Script"]].filter(([name]) => bug.files.includes(name));
  const links = bug.files.filter((name) => /^(case|regression)\./.test(name)).map((name) => {
    const url = fileUrl(`/file/${bug.slug}/${name}`);
    return url ? el("a", { href: url, download: `${bug.slug}.${name}` }, name) : null;
  });
  const box = panel("Case", null, ...names.map(([name, title], i) =>
    el("details", { class: "text", open: i === 0, "data-text": name },
      el("summary", { "data-key": `text ${name}` }, title, " ", el("span", { class: "dim" }, name)),
      el("pre", { tabindex: "0", "aria-label": name }, contents[i] === null ? el("code", {}, "left out") : coloured(contents[i])))));
  box.querySelector("header").append(el("span", { class: "tools" }, el("span", { class: "dim" }, "Download"), ...links));
  return box;
}

function variants(bug) {
  if (bug.variants.length === 0) return null;
  return panel("Variants", "the same case, unchanged", el("ul", { class: "variants" }, bug.variants.map(({ engine, cell }) =>
    el("li", { class: cell.replace(" ", "-") }, el("span", { class: "code" }, engine), el("b", {}, cell)))));
}

function commands(bug) {
  return panel("Commands", null, el("ul", { class: "commands" }, bug.commands.map(({ what, command }) =>
    el("li", {}, el("span", { class: "dim" }, what), el("code", {}, command), copyButton(command)))));
}

function members(bug, act) {
  const rows = bug.members.map((member) => el("tr", {},
    el("td", {}, member.signature, el("small", {}, member.why || (member.slug === bug.slug ? "stands for it" : ""))),
    el("td", { class: "count" }, number(member.count)),
    el("td", { class: "count" }, number(member.bytes)),
    el("td", {}, act && bug.members.length > 1
      ? el("button", { class: "quiet", type: "button", "data-key": `split ${member.slug}`, "aria-label": `Split off ${member.signature}`,
        onclick: () => act({ verb: "split", slug: member.slug }) }, "Split off") : null)));
  return panel("Symptoms", number(bug.members.length), el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ["Symptom", "Cases", "Bytes"].map((name, i) => el("th", { scope: "col", class: i ? "count" : null }, name)),
      el("td"))),
    el("tbody", {}, rows))));
}

function history(bug) {
  const { events = [], said = [], builds = [] } = bug.history;
  const told = { label: (e) => `labelled “${e.text}”`, merge: (e) => `merged with ${e.other}`, split: () => "split off",
    known: (e) => `marked known${e.text ? `: ${e.text}` : ""}`, fixed: (e) => `marked fixed${e.text ? `: ${e.text}` : ""}`,
    open: () => "marked open again" };
  const rows = [
    ...events.map((event) => [event.at_ms, event.kind, lineOf(event)]),
    ...said.filter((each) => each.verb !== "label" || each.text || each.slug === bug.slug).map((each) => [each.at_ms, each.verb, (told[each.verb] ?? (() => each.text))(each)]),
    ...builds.map((each) => [each.at_ms, each.outcome, `${each.engine} ${each.build}: ${each.seen} of ${each.tries}`]),
  ].sort((a, b) => b[0] - a[0]);
  if (rows.length === 0) return null;
  return panel("History", null, el("ol", { class: "events" }, rows.map(([at, kind, text]) =>
    el("li", {}, time(at), el("span", { class: "kind" }, kind), el("span", {}, text)))));
}

// Label, mark, merge. `bugs` are those that it can be merged with.
function tools(bug, bugs, act) {
  const label = el("input", { id: "label", value: bug.label, maxlength: "150", placeholder: bug.title });
  const other = el("select", { id: "other" }, el("option", { value: "" }, "another bug …"),
    bugs.filter(({ slug }) => slug !== bug.slug).map((each) => el("option", { value: each.slug }, nameOf(each).slice(0, 80))));
  const mark = (verb, text) => el("button", { type: "button", "data-key": verb, onclick: () => act({ verb, slug: bug.slug }) }, text);
  const form = (name, field, text, make) => el("form", { onsubmit: (event) => { event.preventDefault(); const what = make(); if (what) act(what); } },
    el("label", { for: field.id }, name), field, el("button", {}, text));
  return el("div", { class: "acts" },
    form("Label", label, "Save", () => ({ verb: "label", slug: bug.slug, text: label.value })),
    form("Merge with", other, "Merge", () => other.value && { verb: "merge", slug: bug.slug, other: other.value }),
    el("span", { class: "marks", role: "group", "aria-label": "Mark" },
      bug.mark ? mark("open", "Open again") : [mark("known", "Mark known"), mark("fixed", "Mark fixed")]));
}

export function bugView(root, slug) {
  const said = el("p", { class: "problem", role: "alert", hidden: true });
  const content = el("div");
  root.replaceChildren(said, content);
  let before = "";
  const act = async (what) => {
    try {
      await change(what);
      said.hidden = true;
      before = "";
      document.activeElement?.blur();
      show(await Promise.all(view.paths.map(load)));
    } catch (error) {
      said.textContent = error.message;
      said.hidden = false;
    }
  };
  const may_act = !is_read_only;
  const show = async ([bug, bugs]) => {
    if (!bug) { content.replaceChildren(empty("There is no such bug any more; it may have become part of another.")); return; }
    const text = JSON.stringify(bug);
    const is_written = ["INPUT", "SELECT"].includes(document.activeElement?.tagName);
    if (text === before || (before && is_written)) return;
    before = text;
    const names = ["case.wat", "regression.wast"].filter((name) => bug.files.includes(name));
    const contents = await Promise.all(names.map((name) => load(`/file/${bug.slug}/${name}`)));
    const told = await load(`/api/repro/${bug.slug}`);
    const again = async () => { before = ""; show(await Promise.all(view.paths.map(load))); };
    const did = may_act ? act : null;
    redraw(content, () => [
      el("header", { class: "bug-head" }, chip(bug), el("h1", {}, nameOf(bug)),
        bug.mark ? el("span", { class: `mark ${bug.mark}` }, bug.mark) : null,
        el("p", { class: "dim" }, bug.label ? `${bug.title} · ${bug.suspect}` : bug.suspect)),
      may_act ? tools(bug, bugs, act) : "",
      el("div", { class: "bug-columns" },
        el("div", {}, ...[story(bug), retelling(bug, told, may_act, again), heaps(bug), texts(bug, contents), members(bug, did)].filter(Boolean)),
        el("div", {}, ...[panel("Facts", null, facts(bug)), variants(bug), commands(bug), history(bug)].filter(Boolean)))]);
    document.title = `${nameOf(bug)} – Slabhound`;
  };
  const view = { title: "Bug", paths: [`/api/bug/${slug}`, "/api/bugs"], show };
  return view;
}
