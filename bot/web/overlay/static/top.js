/** The three who have given most in this live event. */

import { Face } from "./face.js";
import { bdi, make, show, write } from "./dom.js";
import { cut } from "./graphemes.js";

const PLACES = 3;

class Row {
  #face = new Face("rosette-face");
  #name = bdi("rosette-top-name");
  #coins = make("span", "rosette-coins");

  constructor(place) {
    const number = make("span", "rosette-top-place", String(place));
    this.element = make("li", "rosette-top-row", number, this.#face.element, this.#name, this.#coins);
    this.element.dataset.place = String(place);
  }

  render(leader, reader) {
    show(this.element, Boolean(leader));
    if (!leader) return;
    const name = leader.name ?? reader.say("anonymous");
    this.#face.show(name, leader.face ?? null);
    write(this.#name, cut(name, 20));
    // Whoever hides amounts has a place without one.
    write(this.#coins, leader.coins === null ? "" : reader.number(leader.coins));
  }
}

export class Top {
  #reader;
  #title = make("div", "rosette-widget-title");
  #rows = Array.from({ length: PLACES }, (_, index) => new Row(index + 1));

  constructor(reader) {
    this.#reader = reader;
    const list = make("ol", "rosette-top-list", ...this.#rows.map(({ element }) => element));
    this.element = make("section", "rosette-widget rosette-top", this.#title, list);
    this.element.hidden = true;
  }

  render(top) {
    show(this.element, Boolean(top?.length));
    if (!top?.length) return;
    const reader = this.#reader();
    write(this.#title, reader.say("top"));
    this.#rows.forEach((row, index) => row.render(top[index], reader));
  }
}
