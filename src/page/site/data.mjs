// What the server tells, by path; in a report, what stands in the file itself.

const embedded = document.getElementById("data");
const report = embedded ? JSON.parse(embedded.textContent) : null;

export const is_report = report !== null;

export async function load(path) {
  if (report) return report[path] ?? null;
  const answer = await fetch(path);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers.get("content-type").startsWith("application/json") ? answer.json()
                                                                            : answer.text();
}

// Where a file of a finding can be had; null: it was left out.
export function fileUrl(path) {
  if (!report) return path;
  const file = report[path];
  if (file === undefined) return null;
  if (typeof file === "string") {
    return `data:text/plain;charset=utf-8,${encodeURIComponent(file)}`;
  }
  return `data:${file.type};base64,${file.base64}`;
}

const session = report ? Promise.resolve({ read_only: true }) : fetch("/api/session").then((a) => a.json());

export async function isReadOnly() {
  return (await session).read_only;
}

async function post(path, what) {
  const { change: word } = await session;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-slabhound-change": word },
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
  if (report) return;
  const source = new EventSource("/api/events");
  source.addEventListener("open", () => { onState(true); onChange(); });
  source.addEventListener("error", () => onState(false));
  source.addEventListener("change", onChange);
}
