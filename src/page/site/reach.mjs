// Which instructions were had at which types, and in which states of the heap.
import { el, empty, panel, redraw } from "./dom.mjs";
import { number, share } from "./format.mjs";

const kNullable = " or null";

function group(cells) {
  const types = [], rows = new Map();
  for (const cell of cells) {
    const is_nullable = cell.type.endsWith(kNullable);
    const type = is_nullable ? cell.type.slice(0, -kNullable.length) : cell.type;
    if (!types.includes(type)) types.push(type);
    if (!rows.has(cell.instruction)) rows.set(cell.instruction, new Map());
    const row = rows.get(cell.instruction);
    if (!row.has(type)) row.set(type, []);
    row.get(type).push({ is_nullable, cases: cell.cases });
  }
  return { types, rows };
}

// From 1 to 5 by powers of ten; 0: never.
function level(cases) {
  return cases === 0 ? 0 : Math.min(5, 1 + Math.floor(Math.log10(cases)));
}

function halves(parts, state, instruction, type) {
  const able = parts.filter(({ cases }) => state in cases);
  if (able.length === 0) return el("td", { class: "none" });
  const texts = able.map(({ is_nullable, cases }) =>
    `${is_nullable ? "nullable" : "non-null"}: ${cases[state] === 0 ? "never" : number(cases[state])}`);
  return el("td", { title: `${instruction}, ${type}\n${texts.join("\n")}` },
    able.map(({ cases }) => el("i", { class: `level-${level(cases[state])}` })),
    el("span", { class: "hidden" }, texts.join(", ")));
}

function map({ types, rows }, state) {
  return el("table", { class: "heat" },
    el("caption", { class: "hidden" }, `Cases by instruction and type: ${state}`),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Instruction"),
      types.map((type) => el("th", { scope: "col", class: "type" }, el("span", {}, type))))),
    el("tbody", {}, [...rows].map(([instruction, row]) => el("tr", {}, el("th", { scope: "row" }, instruction),
      types.map((type) => halves(row.get(type) ?? [], state, instruction, type))))));
}

function met(cells, state) {
  const able = cells.filter(({ cases }) => state in cases);
  return [able.filter(({ cases }) => cases[state] > 0).length, able.length];
}

function legend() {
  const names = ["never", "1", "10", "100", "1000", "10,000 or more cases"];
  return el("p", { class: "heat-legend" }, names.map((name, i) => el("span", {}, el("i", { class: `level-${i}` }), name)));
}

export function reachView(root) {
  let chosen = null;
  const show = ([reach]) => redraw(root, () => {
    if (!reach || reach.cells.length === 0) {
      return [panel("Reach", null, empty("No campaign has counted yet what its cases reached."))];
    }
    chosen ??= reach.states[0].name;
    const grouped = group(reach.cells);
    const states = el("div", { class: "states", role: "radiogroup", "aria-label": "State of the heap" },
      reach.states.map(({ name, when }) => {
        const [some, all] = met(reach.cells, name);
        const input = el("input", { type: "radio", name: "state", value: name, checked: name === chosen, "data-key": `state ${name}`,
          onchange: () => { chosen = name; show([reach]); } });
        return el("label", { title: when }, input, el("b", {}, name), el("span", {}, share(some, all)),
          el("small", {}, `${number(some)} of ${number(all)}`));
      }));
    const when = reach.states.find(({ name }) => name === chosen).when;
    return [panel("Reach", `one case in ${number(reach.one_case_in)} is looked at`, states,
      el("p", { class: "when" }, `${chosen}: ${when}. The upper half of a cell is the type itself, the lower half the type or null.`),
      legend(), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Heat map" }, map(grouped, chosen)))];
  });
  return { title: "Reach", paths: ["/api/reach"], show };
}
