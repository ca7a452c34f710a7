// The table of all bugs.
import { el, empty, panel, redraw } from "./dom.mjs";
import { spark } from "./charts.mjs";
import { loaded } from "./data.mjs";
import { compact, number, plural, time } from "./format.mjs";

export function chip(bug) {
  const name = bug.severity || bug.kind;
  return el("span", { class: `chip ${name.replaceAll(" ", "-")}` }, name);
}

export function nameOf(bug) {
  return bug.label || bug.title;
}

// `sort` gives what rows are ordered by; numbers and times begin with the largest.
const columns = [
  { name: "Severity", sort: (bug) => bug.rank, cell: chip, class: "severity" },
  { name: "Bug", sort: nameOf, cell: nameCell, class: "name" },
  { name: "Cases", sort: (bug) => bug.cases, down: true, cell: (bug) => compact(bug.cases), class: "count" },
  { name: "Symptoms", sort: (bug) => bug.symptoms, down: true, cell: (bug) => number(bug.symptoms), class: "count wide" },
  { name: "When", sort: (bug) => bug.seen?.last_ms ?? 0, down: true, cell: sparkCell, class: "when" },
  { name: "First", sort: (bug) => bug.seen?.first_ms ?? 0, down: true, cell: (bug) => time(bug.seen?.first_ms), class: "time wide" },
  { name: "Last", sort: (bug) => bug.seen?.last_ms ?? 0, down: true, cell: (bug) => time(bug.seen?.last_ms), class: "time" },
  { name: "Releases", sort: (bug) => bug.releases, cell: (bug) => bug.releases || dash(), class: "releases wide" },
  { name: "Again", sort: again, down: true, cell: (bug) => bug.reproduced || "always", class: "again wide" },
  { name: "Bytes", sort: (bug) => bug.bytes, cell: sizeCell, class: "count" },
];

function dash() {
  return el("span", { class: "dim" }, "–");
}

function again(bug) {
  const [seen, tries] = bug.reproduced.split(" of ").map(Number);
  return tries ? seen / tries : 1;
}

function nameCell(bug) {
  const below = [bug.label ? bug.title : null, bug.suspect.split(":")[0]].filter(Boolean).join(" · ");
  return [
    el("a", { href: `#/bug/${bug.slug}`, "data-key": bug.slug }, nameOf(bug)),
    bug.mark ? el("span", { class: `mark ${bug.mark}` }, bug.mark) : null,
    el("small", {}, below)];
}

function sparkCell(bug) {
  return bug.seen ? spark(bug.seen.bars) : dash();
}

function sizeCell(bug) {
  return [number(bug.bytes), bug.minimized ? null : el("small", {}, "not minimized")];
}

function compare(a, b) {
  return typeof a === "number" ? a - b : String(a).localeCompare(String(b));
}

const order = { column: 0, down: false };
const filter = { text: "", shows: "open" };

function isShown(bug) {
  if (filter.shows === "open" && bug.mark) return false;
  if (filter.shows === "marked" && !bug.mark) return false;
  const text = `${bug.label} ${bug.title} ${bug.severity} ${bug.suspect} ${bug.slug}`.toLowerCase();
  return filter.text.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function sorted(bugs) {
  const { sort } = columns[order.column];
  const sign = order.down ? -1 : 1;
  return bugs.filter(isShown).sort((a, b) => sign * compare(sort(a), sort(b)) || b.cases - a.cases);
}

function head(resort) {
  return el("thead", {}, el("tr", {}, columns.map((column, i) => {
    const is_own = order.column === i;
    const direction = is_own ? (order.down ? "descending" : "ascending") : null;
    return el("th", { scope: "col", class: column.class, "aria-sort": direction },
      el("button", { type: "button", "data-key": `sort ${column.name}`, onclick: () => resort(i) }, column.name));
  })));
}

function rows(bugs) {
  return bugs.map((bug) => el("tr", {}, columns.map((column) => {
    const content = column.cell(bug);
    return el("td", { class: column.class }, ...(Array.isArray(content) ? content : [content]));
  })));
}

// Times are words, so rows that did not change are drawn anew now and then.
const kRedrawMs = 20000;

export function bugsView(root) {
  // The rows that the page came with are those that a screen shows; all others come just after.
  const begun = loaded("first bugs");
  let bugs = begun?.bugs ?? [], text = "", drawn_at = 0;
  const table = el("div", { class: "scroll" });
  const count = el("span", { class: "note", role: "status" });
  const draw = () => {
    const shown = sorted(bugs);
    tell(shown.length, bugs.length);
    redraw(table, () => [shown.length === 0 ? empty(bugs.length ? "None is like that." : "No bugs so far.")
      : el("table", { class: "bugs" }, head(resort), el("tbody", {}, rows(shown)))]);
    drawn_at = Date.now();
  };
  const tell = (shown, all) => {
    count.textContent = shown === all ? plural(all, "bug") : `${number(shown)} of ${plural(all, "bug")}`;
  };
  const resort = (i) => {
    order.down = order.column === i ? !order.down : Boolean(columns[i].down);
    order.column = i;
    draw();
  };
  const search = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter", value: filter.text,
    oninput: () => { filter.text = search.value; draw(); } });
  const shows = el("select", { "aria-label": "Which", onchange: () => { filter.shows = shows.value; draw(); } },
    [["open", "Open"], ["marked", "Known or fixed"], ["all", "All"]].map(([value, text]) =>
      el("option", { value, selected: filter.shows === value }, text)));
  const box = panel("Bugs", null, table);
  box.querySelector("header").append(count, el("span", { class: "tools" }, search, shows));
  root.replaceChildren(box);
  if (bugs.length > 0) {
    draw();
    tell(begun.open, begun.all);
  }
  return {
    title: "Bugs",
    paths: ["/api/bugs"],
    show([data]) {
      const now = JSON.stringify(data);
      if (now === text && Date.now() - drawn_at < kRedrawMs) return;
      bugs = data;
      text = now;
      draw();
    },
  };
}
