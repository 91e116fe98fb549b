/** Buttons that show and hide a panel below them; one panel is open at a time. On phones it is a sheet. */

import { byId } from "./dom.js";
import { isPhone } from "./place.js";

const closers = [];
export const closePanels = () => closers.forEach((close) => close());

/** Connects `#name-button` to `#name-panel`; returns a function that closes the panel. */
export function panel(name, onOpen = () => {}) {
  const button = byId(`${name}-button`);
  const box = byId(`${name}-panel`);
  const close = () => {
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  button.addEventListener("click", async () => {
    const opening = box.hidden;
    closePanels();
    if (!opening) return;
    await onOpen(box);
    box.hidden = false;
    box.classList.toggle("sheet", isPhone());
    button.setAttribute("aria-expanded", "true");
    box.querySelector("input, select, button")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || box.hidden) return;
    close();
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    const inside = box.contains(event.target) || button.contains(event.target);
    if (!box.hidden && !inside && !event.target.closest?.("dialog")) close();
  });
  closers.push(close);
  return close;
}
