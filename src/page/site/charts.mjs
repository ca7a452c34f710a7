// Small pictures: curves of uPlot, bars, sparklines.
/* global uPlot */
import { el, svg } from "./dom.mjs";
import { compact, date, number, share } from "./format.mjs";

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Days, where there are many, else hours and minutes.
function days(plot, ticks) {
  const options = ticks.length > 1 && ticks[1] - ticks[0] >= 86400 ? { day: "numeric", month: "short" }
                                                                         : { hour: "2-digit", minute: "2-digit" };
  const format = new Intl.DateTimeFormat("en-GB", options);
  return ticks.map((tick) => format.format(tick * 1000));
}

// A curve over time that can be given other data, in a box that follows the width it has.
export function growthChart(title, variable) {
  const value = el("strong", {}, "–");
  const at = el("span", { class: "note" });
  const holder = el("div", { class: "plot" });
  const box = el("figure", { class: "growth" }, el("figcaption", {}, el("span", {}, title), value, at), holder);
  let plot = null;
  let shown = [[], []];

  const tell = (index) => {
    const last = shown[0].length - 1;
    const i = index ?? last;
    value.textContent = i < 0 ? "–" : number(shown[1][i]);
    at.textContent = index === null || i < 0 ? "" : date(shown[0][i] * 1000);
  };
  const draw = () => {
    plot?.destroy();
    const axis = { stroke: colour("--dim"), font: "11px system-ui, sans-serif", ticks: { show: false },
      grid: { stroke: colour("--line"), width: 1 } };
    plot = new uPlot({
      width: Math.max(160, holder.clientWidth), height: 136,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      hooks: { setCursor: [(u) => tell(u.cursor.idx ?? null)] },
      scales: { y: { range: (u, low, high) => [0, Math.max(1, high * 1.08)] } },
      axes: [
        { ...axis, grid: { show: false }, space: 64, size: 28, values: days },
        { ...axis, size: 44, space: 28, values: (u, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? compact(tick) : "")) }],
      series: [{}, { stroke: colour(variable), width: 2, fill: `${colour(variable)}1f`, points: { show: shown[0].length < 2 } }],
    }, shown, holder);
  };
  new ResizeObserver(() => plot?.setSize({ width: Math.max(160, holder.clientWidth), height: 136 })).observe(holder);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (plot) draw(); });

  return {
    box,
    show(times, values) {
      shown = [times, values];
      tell(null);
      if (!plot) requestAnimationFrame(draw);
      else plot.setData(shown);
    },
  };
}

// How many in each part of the time; a text tells it to who does not see it.
export function spark(bars) {
  const most = Math.max(1, ...bars);
  const height = 20, width = 3;
  const picture = svg("svg", { class: "spark", viewBox: `0 0 ${bars.length * width} ${height}`, "aria-hidden": "true" });
  let path = "";
  bars.forEach((count, i) => {
    const top = count === 0 ? 1 : Math.max(2, Math.round((height * count) / most));
    path += `M${i * width} ${height}v${-top}h${width - 1}v${top}z`;
  });
  picture.append(svg("path", { d: path }));
  return picture;
}

// Parts of a whole as one bar with its list. `parts`: [name, value, text].
export function shares(parts) {
  const whole = parts.reduce((sum, [, value]) => sum + value, 0);
  const bar = svg("svg", { class: "shares", viewBox: "0 0 1000 12", preserveAspectRatio: "none", "aria-hidden": "true" });
  let from = 0;
  const list = el("ul", { class: "legend" });
  parts.forEach(([name, value, text], i) => {
    const width = whole ? (1000 * value) / whole : 0;
    bar.append(svg("rect", { x: from, y: 0, width: Math.max(0, width - 2), height: 12, class: `series-${i % 8}` }));
    from += width;
    list.append(el("li", {}, el("i", { class: `key series-${i % 8}` }), el("span", {}, name),
      el("b", {}, share(value, whole)), text ? el("span", { class: "dim" }, text) : null));
  });
  return el("div", { class: "share-box" }, bar, list);
}

// Counts by name, the largest first, each with a bar.
export function barList(counts, whole = 0, most = 8) {
  const rows = Object.entries(counts).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  const top = Math.max(1, ...rows.map(([, count]) => count));
  const list = el("ul", { class: "bars" });
  for (const [name, count] of rows.slice(0, most)) {
    list.append(el("li", {},
      el("span", { class: "name", title: name }, name), el("b", {}, compact(count)),
      whole ? el("span", { class: "dim" }, share(count, whole)) : el("span"),
      el("meter", { min: 0, max: top, value: count, "aria-label": `${name}: ${number(count)}` })));
  }
  if (rows.length > most) list.append(el("li", { class: "more dim" }, `and ${rows.length - most} more`));
  return list;
}
