/** The columns beside the chat: drawers on a phone, shown or hidden on wide windows. */

import { byId } from "./dom.js";
import { isPhone } from "./place.js";

/** Opens or closes a drawer. On a phone, opening one closes the other. */
export function drawer(side, open) {
  const name = `${side}-open`;
  const isOpen = open ?? !document.body.classList.contains(name);
  document.body.classList.remove("channels-open", "members-open");
  document.body.classList.toggle(name, isOpen);
  byId("veil").hidden = !isOpen || !isPhone();
  byId(`${side}-toggle`).setAttribute("aria-expanded", String(isOpen));
  if (isOpen && isPhone()) byId(side).querySelector("button")?.focus();
}
