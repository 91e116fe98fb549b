/** Which lanes share a place on the screen, so that one of them has to wait for another. */

/** The lanes in which one gift at a time plays, the smallest gifts first. */
export const NAMES = ["large", "grand", "legendary"];

/** Sources with one place for all cards: upright, narrow or low. In others, large gifts have a place of their own. */
const ONE_PLACE = matchMedia("(max-aspect-ratio: 3/2), (max-height: 300px)");

/** The lanes whose cards need the place of this one, so that it is held back for them and goes on afterwards. */
export function lanesAbove(name) {
  if (name === "grand") return ["legendary"];
  return name === "large" && ONE_PLACE.matches ? ["grand", "legendary"] : [];
}

/** The lanes that are held back for this one. */
export const lanesBelow = (name) => NAMES.filter((other) => lanesAbove(other).includes(name));
