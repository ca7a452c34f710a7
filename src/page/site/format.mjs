// Numbers, times and sizes as people read them.
import { el } from "./dom.mjs";

const grouped = new Intl.NumberFormat("en");
const compacted = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const dated = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function number(value) {
  return grouped.format(value);
}

export function compact(value) {
  return Math.abs(value) < 10000 ? grouped.format(value) : compacted.format(value);
}

export function share(part, whole) {
  if (!whole) return "–";
  const percent = (100 * part) / whole;
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function duration(seconds) {
  const parts = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = parts.findIndex(([, length]) => seconds >= length);
  if (first < 0) return `${seconds.toFixed(1)} s`;
  const [name, length] = parts[first];
  const rest = parts[first + 1];
  const more = rest ? Math.floor((seconds % length) / rest[1]) : 0;
  return `${Math.floor(seconds / length)} ${name}${more ? ` ${more} ${rest[0]}` : ""}`;
}

export function ago(ms) {
  const seconds = (Date.now() - ms) / 1000;
  if (seconds < 5) return "now";
  const [name, length] = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]].find(
    ([, each]) => seconds >= each);
  return `${Math.floor(seconds / length)} ${name} ago`;
}

// An event's line without what stands beside it anyway: its kind, and the symptom's folder.
export function lineOf(event) {
  const line = event.text.startsWith(`${event.kind}: `) ? event.text.slice(event.kind.length + 2) : event.text;
  return event.slug ? line.replace(/ in \S+(?=;|$)/, "") : line;
}

export function date(ms) {
  return dated.format(new Date(ms));
}

// How long ago, with the moment as its title; a dash for none.
export function time(ms) {
  if (!ms) return el("span", { class: "dim" }, "–");
  const at = new Date(ms).toISOString();
  return el("time", { datetime: at, title: `${at.slice(0, 10)} ${at.slice(11, 16)} UTC` }, ago(ms));
}
