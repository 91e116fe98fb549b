/** What remains on the screen for a while after a legendary gift: one line that says who sent what. */

import { bdi, make, newPicture, picture, show, write } from "./dom.js";
import { cut } from "./graphemes.js";

const LASTS_MS = 60_000;
const LENGTH = 28;

export class Ribbon {
  #art = newPicture("rosette-ribbon-art");
  #text = bdi("rosette-ribbon-text");
  #endsAt = Infinity;
  #seq = null;

  constructor() {
    this.element = make("div", "rosette-ribbon", this.#art, this.#text);
    this.element.hidden = true;
  }

  get isShown() {
    return !this.element.hidden;
  }

  begin({ seq, sender, gift }, now) {
    picture(this.#art, gift.art);
    write(this.#text, [sender.name, gift.name].filter(Boolean).map((text) => cut(text, LENGTH)).join(" · "));
    show(this.element, true);
    this.#endsAt = now + LASTS_MS;
    this.#seq = seq;
  }

  advance(now) {
    if (now >= this.#endsAt) this.end();
  }

  remove(seqs) {
    if (this.isShown && seqs.has(this.#seq)) this.end();
  }

  end() {
    show(this.element, false);
    this.#endsAt = Infinity;
  }
}
