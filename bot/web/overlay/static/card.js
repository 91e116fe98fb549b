/** The card of one lane: made once, filled for each gift. */

import { bdi, make, newPicture, picture, restart, show, write } from "./dom.js";
import { cut } from "./graphemes.js";
import { Face } from "./face.js";

const LENGTHS = { name: 28, gift: 40, note: 160 };

export class Card {
  #reader;
  #art = newPicture("rosette-art");
  #face = new Face("rosette-face");
  #name = bdi("rosette-name");
  #gift = bdi("rosette-gift-name");
  #badge = make("span", "rosette-count");
  #to = bdi("rosette-to");
  #sum = make("span", "rosette-coins");
  #note = bdi("rosette-note");
  #test = make("span", "rosette-test");

  constructor(lane, reader) {
    this.#reader = reader;
    // It was decoded before, and is to be there with the first frame of the card.
    this.#art.decoding = "sync";
    const who = make("div", "rosette-who", this.#face.element, this.#name, this.#test);
    const what = make("div", "rosette-what", this.#gift, this.#badge, this.#to, this.#sum);
    const backdrop = make("div", "rosette-backdrop", make("div", "rosette-frame"));
    const medal = make("div", "rosette-medal", make("div", "rosette-rays"), this.#art);
    const plate = make("div", "rosette-plate", who, what, this.#note);
    this.element = make("section", `rosette-alert rosette-${lane}`, backdrop, medal, plate);
    this.element.hidden = true;
  }

  show(entry, severalCreators) {
    const reader = this.#reader();
    if (entry.kind === "fold" || entry.kind === "away") this.#sumUp(entry, reader);
    else this.#present(entry, severalCreators, reader);
    this.element.classList.remove("is-out");
    this.element.classList.toggle("is-fold", entry.kind === "fold" || entry.kind === "away");
    show(this.element, true);
    restart(this.element, "is-in");
  }

  leave() {
    this.element.classList.remove("is-in");
    this.element.classList.add("is-out");
  }

  hide() {
    show(this.element, false);
    this.element.classList.remove("is-in", "is-out");
  }

  note(text) {
    write(this.#note, text ? cut(text, LENGTHS.note) : "");
  }

  #present({ gift, kind }, severalCreators, reader) {
    this.element.dataset.tier = gift.tier;
    const name = gift.sender.name ?? reader.say("anonymous");
    picture(this.#art, gift.gift.art);
    this.#face.show(gift.sender.name, gift.sender.face);
    write(this.#name, cut(name, LENGTHS.name));
    write(this.#test, gift.test ? `🧪 ${reader.say("test")}` : "");
    write(this.#gift, cut(gift.gift.name, LENGTHS.gift));
    write(this.#badge, gift.count > 1 ? `×${reader.number(gift.count)}` : "");
    write(this.#to, severalCreators && gift.to ? reader.say("for", { name: cut(gift.to, LENGTHS.name) }) : "");
    write(this.#sum, kind === "note" ? "" : reader.number(gift.coins));
    this.note(gift.note);
  }

  #sumUp({ kind, gift, gifts, people, coins }, reader) {
    this.element.dataset.tier = "large";
    picture(this.#art, gift?.gift.art ?? null);
    this.#face.show(null, null);
    write(this.#name, kind === "away" ? reader.say("away") : reader.count("more", gifts));
    write(this.#gift, [kind === "away" ? reader.count("gifts", gifts) : "", reader.count("from", people)].join(" ").trim());
    for (const empty of [this.#badge, this.#to, this.#test, this.#note]) write(empty, "");
    write(this.#sum, reader.number(coins));
  }
}
