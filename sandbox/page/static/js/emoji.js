/** The emoji of buttons and select options: unicode as text, custom ones as pictures. */

import { h, imageUrl } from "./dom.js";

export function emojiMark(emoji) {
  if (!emoji) return null;
  if (!emoji.id) return h("span", { class: "emoji", "aria-hidden": "true" }, emoji.name);
  const image = h("img", { class: "emoji", src: imageUrl(`/cdn/emojis/${emoji.id}.png`), alt: "" });
  image.addEventListener("error", () => image.remove(), { once: true });
  return image;
}
