// Elements, made without HTML: whatever a text holds, it is text.

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

// A titled part of a page. `note` stands small beside the title.
export function panel(title, note, ...children) {
  const head = el("header", {}, el("h2", {}, title), note ? el("span", { class: "note" }, note) : null);
  return el("section", { class: "panel" }, head, ...children);
}

export function empty(text) {
  return el("p", { class: "empty" }, text);
}

// Draws anew what `draw` gives, and leaves the focus where it was, by `data-key`.
export function redraw(root, draw) {
  const key = document.activeElement?.dataset?.key;
  root.replaceChildren(...draw());
  if (key) root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

// One that copies a text, and says so.
export function copyButton(text) {
  const button = el("button", { class: "quiet", type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    const is_done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    button.textContent = is_done ? "Copied" : "Select it";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  return button;
}
