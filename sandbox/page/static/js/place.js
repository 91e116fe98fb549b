/** Puts a popup beside its anchor, inside the window; phones get a sheet at the bottom instead (CSS). */

const GAP = 6;

export const PHONE = "(max-width: 720px)";
export const isPhone = () => matchMedia(PHONE).matches;

/** `anchor` is a rectangle; the popup opens below it if there is room, else above. */
export function place(popup, anchor, { width = null } = {}) {
  popup.classList.toggle("sheet", isPhone());
  if (isPhone()) return;
  if (width) popup.style.minWidth = `${width}px`;
  const { offsetHeight: high, offsetWidth: wide } = popup;
  const below = anchor.bottom + GAP + high <= innerHeight;
  const top = below ? anchor.bottom + GAP : Math.max(GAP, anchor.top - GAP - high);
  popup.style.top = `${Math.min(top, Math.max(GAP, innerHeight - high - GAP))}px`;
  popup.style.left = `${Math.max(GAP, Math.min(anchor.left, innerWidth - wide - GAP))}px`;
}
