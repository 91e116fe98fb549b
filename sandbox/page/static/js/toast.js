/** A short line at the bottom of the window that disappears by itself. */

import { byId, h } from "./dom.js";

const SHOWN_MS = 5000;

export function toast(text) {
  const line = h("div", { class: "toast", role: "alert" }, text);
  byId("toasts").append(line);
  setTimeout(() => line.remove(), SHOWN_MS);
}
