// What the server tells, by path. The page comes with some of it, a report with all.

const data = JSON.parse(document.getElementById("data").textContent);
const session = data["/api/session"];

export const is_report = !session;
export const is_read_only = is_report || session.read_only;

// What it came with is of then: as soon as the server says more, it is asked.
let is_of_now = true;

// Null: it did not come with that.
export function loaded(path) {
  return is_of_now ? data[path] ?? null : null;
}

export async function load(path) {
  const begun = loaded(path);
  if (begun || is_report) return begun;
  const answer = await fetch(path);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers.get("content-type").startsWith("application/json") ? answer.json()
                                                                            : answer.text();
}

// Where a file of a finding can be had; null: it was left out.
export function fileUrl(path) {
  if (!is_report) return path;
  const file = data[path];
  if (file === undefined) return null;
  if (typeof file === "string") {
    return `data:text/plain;charset=utf-8,${encodeURIComponent(file)}`;
  }
  return `data:${file.type};base64,${file.base64}`;
}

async function post(path, what) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-slabhound-change": session.change },
    body: JSON.stringify(what),
  });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}

// The error is what the server says.
export function change(what) {
  return post("/api/change", what);
}

// Runs the bug's case once more, and gives what `slabhound repro` says.
export function repro(slug) {
  return post(`/api/repro/${slug}`, {});
}

// Calls back when there is more to show, and when the server is there or gone.
export function listen(onChange, onState) {
  if (is_report) return;
  const source = new EventSource("/api/events");
  const onNews = () => { is_of_now = false; onChange(); };
  source.addEventListener("open", () => { onState(true); onNews(); });
  source.addEventListener("error", () => onState(false));
  source.addEventListener("change", onNews);
}
