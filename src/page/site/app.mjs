// Which page is shown, by the part of the address behind #, and that it is of now.
import { el, empty } from "./dom.mjs";
import { is_report, listen, load } from "./data.mjs";
import { bugView } from "./bug.mjs";
import { bugsView } from "./bugs.mjs";
import { overviewView } from "./overview.mjs";
import { reachView } from "./reach.mjs";

const routes = [
  { name: "Overview", at: "#/", view: overviewView },
  { name: "Bugs", at: "#/bugs", view: bugsView, holds: "#/bug/" },
  { name: "Reach", at: "#/reach", view: reachView },
];

const main = el("main", { id: "main", tabindex: "-1" });
const state = el("span", { class: "state", role: "status" });
const links = routes.map(({ name, at }) => el("a", { href: at }, name));

document.body.append(
  el("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, "Skip to the content"),
  el("header", { class: "top" },
    el("a", { class: "brand", href: "#/" }, "Slabhound"),
    el("nav", { "aria-label": "Pages" }, ...links), state),
  main);

let shown = null;
let is_loading = false;
let is_stale = false;

function showState(is_live) {
  state.textContent = is_report ? "Report" : is_live ? "Live" : "Not connected";
  state.className = `state ${is_report ? "" : is_live ? "live" : "lost"}`;
}

function viewOf(address) {
  const slug = address.startsWith("#/bug/") ? decodeURIComponent(address.slice("#/bug/".length)) : null;
  if (slug !== null) return [(root) => bugView(root, slug), routes[1]];
  const route = routes.find(({ at }) => at === address) ?? routes[0];
  return [route.view, route];
}

// What comes while it loads is loaded once more, behind it.
async function refresh() {
  if (is_loading) { is_stale = true; return; }
  is_loading = true;
  do {
    is_stale = false;
    const view = shown;
    try {
      const data = await Promise.all(view.paths.map(load));
      if (view === shown) { await view.show(data); view.is_shown = true; }
    } catch (error) {
      if (view === shown && !view.is_shown) main.replaceChildren(empty(error.message));
    }
    if (view !== shown) is_stale = true;
  } while (is_stale);
  is_loading = false;
}

function navigate() {
  const [view, route] = viewOf(location.hash || "#/");
  routes.forEach(({ at }, i) => {
    if (at === route.at) links[i].setAttribute("aria-current", "page");
    else links[i].removeAttribute("aria-current");
  });
  shown = view(main);
  document.title = `${shown.title} – Slabhound`;
  scrollTo(0, 0);
  refresh();
}

addEventListener("hashchange", () => { navigate(); main.focus({ preventScroll: true }); });
showState(true);
navigate();
listen(() => { if (!document.hidden) refresh(); else is_stale = true; }, showState);
document.addEventListener("visibilitychange", () => { if (!document.hidden && is_stale) refresh(); });
