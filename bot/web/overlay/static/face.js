/** A face: the picture that the bot's own server has, or an initial on a colour that depends only on the name. */

import { make, newPicture, picture, show, write } from "./dom.js";
import { firstOf } from "./graphemes.js";

function hueOf(text) {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16777619);
  return (value >>> 0) % 360;
}

/** How bright a ground may be on which white letters have a contrast of 4.5 to 1, with a little to spare. */
const BRIGHTEST = 0.18;

/** The luminance of a colour, from 0 to 1, as WCAG has it. Saturation and lightness are in percent. */
function luminance(hue, saturation, lightness) {
  const [strength, middle] = [saturation / 100, lightness / 100];
  const channel = (shift) => {
    const place = (shift + hue / 30) % 12;
    const value = middle - strength * Math.min(middle, 1 - middle) * Math.max(-1, Math.min(place - 3, 9 - place, 1));
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(4);
}

/** A ground for white letters, as light as `lightness` or, as yellow and green have to be, darker. */
function ground(hue, saturation, lightness) {
  if (luminance(hue, saturation, lightness) > BRIGHTEST) return ground(hue, saturation, lightness - 1);
  return `hsl(${hue} ${saturation}% ${lightness}%)`;
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
    this.element.style.background = `linear-gradient(135deg, ${ground(hue, 55, 46)}, ${ground((hue + 48) % 360, 58, 32)})`;
    write(this.#initial, firstOf(name));
    picture(this.#image, address);
  }
}
