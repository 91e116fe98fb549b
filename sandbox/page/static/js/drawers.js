/** The columns beside the chat: drawers on a phone, shown or hidden on wide windows. */

import { byId } from "./dom.js";
import { isPhone, PHONE } from "./place.js";

/** On a wide window the members are shown, and no drawer hides them; one that becomes narrow begins with the chat. */
export function followWidth() {
  const fit = () => {
    if (isPhone()) drawer("channels", false);
    else drawer("members", true);
  };
  matchMedia(PHONE).addEventListener("change", fit);
  fit();
}

/** Opens or closes a drawer. On a phone, opening one closes the other. */
export function drawer(side, open) {
  const name = `${side}-open`;
  const isOpen = open ?? !document.body.classList.contains(name);
  document.body.classList.remove("channels-open", "members-open");
  document.body.classList.toggle(name, isOpen);
  byId("veil").hidden = !isOpen || !isPhone();
  for (const name of ["channels", "members"])
    byId(`${name}-toggle`).setAttribute("aria-expanded", String(name === side && isOpen));
  if (isOpen && isPhone()) byId(side).querySelector("button")?.focus();
}
