/** A face: the picture that the bot's own server has, or an initial on a colour that depends only on the name. */

import { make, newPicture, picture, show, write } from "./dom.js";
import { firstOf } from "./graphemes.js";

function hueOf(text) {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16777619);
  return (value >>> 0) % 360;
}

export class Face {
  #image = newPicture("rosette-face-picture");
  #initial = make("span", "rosette-face-initial");

  constructor(className) {
    this.element = make("span", className, this.#initial, this.#image);
    this.element.setAttribute("aria-hidden", "true");
  }

  /** Without a name there is no face. */
  show(name, address) {
    show(this.element, name !== null);
    if (name === null) return;
    const hue = hueOf(name);
    this.element.style.background = `linear-gradient(135deg, hsl(${hue} 55% 46%), hsl(${(hue + 48) % 360} 58% 32%))`;
    write(this.#initial, firstOf(name));
    picture(this.#image, address);
  }
}
