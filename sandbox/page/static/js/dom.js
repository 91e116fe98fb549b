/** Elements are built, never parsed from HTML, so whatever members type can only become text. */

const SVG = "http://www.w3.org/2000/svg";

function append(parent, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
  return parent;
}

function assign(element, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.entries(value).forEach(([key, rule]) => element.style.setProperty(key, rule));
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
}

/** h("button", {class: "primary", onclick: go}, "Go"): an element with attributes, listeners and children. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  assign(element, props);
  return append(element, children);
}

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  return append(element, children);
}

export function replace(parent, ...children) {
  parent.replaceChildren();
  return append(parent, children);
}

export const byId = (id) => document.getElementById(id);

let serial = 0;
export const uid = (prefix) => `${prefix}-${++serial}`;

/** Only web addresses become links: no script:, data: or file: from a bot's message. */
export function safeUrl(text) {
  try {
    const url = new URL(text, location.href);
    return ["http:", "https:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Rewrites the address of a sandbox picture to the host under which the page was opened. */
export function imageUrl(text) {
  const url = safeUrl(text);
  if (!url) return null;
  return url.pathname.startsWith("/cdn/") ? url.pathname + url.search : url.href;
}
