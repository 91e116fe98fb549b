/** The lane of small and medium gifts: at most six chips, which are made once and used again. */

import { isCalm } from "./options.js";
import { Chip } from "./chip.js";
import { LASTS_MS } from "./lanes.js";
import { make } from "./dom.js";

export const MOST_CHIPS = 6;
/** How long a chip stays before another gift may take its place, so that each can be read and none flickers. */
const STAYS_MS = { small: 1200, medium: 3000 };
const LEAVING_MS = 300;

const byAge = (chip, next) => chip.bornAt - next.bornAt;
const keyOf = ({ sender, to, gift, test }) => JSON.stringify([sender.name, to, gift.id, Boolean(test)]);

export class Feed {
  #chips;
  #births = 0;
  /** For how many chips there is room. A source that is very small has room for fewer. */
  #most = MOST_CHIPS - 1;
  #element;

  constructor(reader) {
    this.#chips = Array.from({ length: MOST_CHIPS }, () => new Chip(reader));
    // The last chip counts what the others have no room for.
    this.#surplus = this.#chips.pop();
    this.#element = make("div", "rosette-feed", ...this.#chips.map(({ element }) => element), this.#surplus.element);
    this.#surplus.element.style.order = "100000000";
  }

  #surplus;

  get element() {
    return this.#element;
  }

  get isIdle() {
    return ![...this.#chips, this.#surplus].some(({ isShown }) => isShown);
  }

  /** Shows the gifts of one paint. `severalCreators` says whether chips name who gets the gift. */
  add(gifts, now, severalCreators) {
    const places = this.#places();
    for (const gift of gifts) {
      const key = keyOf(gift);
      const chip = this.#chips.find(({ key: own, isLeaving }) => own === key && !isLeaving);
      if (chip) chip.more(gift, now + LASTS_MS[gift.tier]);
      else this.#begin(key, gift, now, severalCreators);
    }
    for (const chip of [...this.#chips, this.#surplus]) chip.paint();
    this.#fit();
    this.#glide(places);
  }

  /** Lets chips go whose time is over. */
  advance(now) {
    const places = this.#places();
    let isMoved = false;
    for (const chip of [...this.#chips, this.#surplus]) {
      if (!chip.isShown) continue;
      if (now >= chip.endsAt && !chip.isLeaving) chip.leave(now + LEAVING_MS);
      else if (chip.isLeaving && now >= chip.goneAt) {
        chip.hide();
        isMoved = true;
      }
    }
    if (isMoved) this.#glide(places);
  }

  note(seq, text) {
    const chip = this.#chips.find(({ isShown, seqs }) => isShown && seqs.has(seq));
    chip?.note(text);
    return Boolean(chip);
  }

  remove(seqs, now) {
    for (const chip of this.#chips) if (chip.isShown && [...chip.seqs].every((seq) => seqs.has(seq))) chip.leave(now + LEAVING_MS);
  }

  clear(now) {
    for (const chip of [...this.#chips, this.#surplus]) if (chip.isShown) chip.leave(now + LEAVING_MS);
  }

  #begin(key, gift, now, severalCreators) {
    const free = this.#free() ?? this.#replaceable(gift, now);
    const endsAt = now + LASTS_MS[gift.tier];
    if (!free) {
      this.#surplus.surplus(gift, now + LASTS_MS.small);
      return;
    }
    if (!free.isShown) free.element.style.order = String(++this.#births);
    free.begin(key, gift, { now, endsAt, severalCreators });
  }

  #free() {
    const shown = this.#chips.filter(({ isShown }) => isShown);
    if (shown.length === 0) this.#most = this.#chips.length;
    return shown.length < this.#most ? this.#chips.find(({ isShown }) => !isShown) : undefined;
  }

  /** Takes the oldest chips away that have no room, and has no more than that from now on. */
  #fit() {
    const shown = this.#chips.filter(({ isShown }) => isShown).sort(byAge);
    const room = parseFloat(getComputedStyle(this.#element).maxHeight);
    while (shown.length > 1 && this.#height() > room) {
      shown.shift().hide();
      this.#most = shown.length;
    }
  }

  #height() {
    const parts = [...this.#chips, this.#surplus].filter(({ isShown }) => isShown).map(({ element }) => element);
    const ends = parts.map(({ offsetTop, offsetHeight }) => offsetTop + offsetHeight);
    return Math.max(...ends) - Math.min(...parts.map(({ offsetTop }) => offsetTop));
  }

  /** The chip that has been there longest, if it had its time; a medium gift may push a small one out earlier. */
  #replaceable(gift, now) {
    const stays = (chip) => (gift.tier === "medium" && chip.tier === "small" ? STAYS_MS.small / 2 : STAYS_MS[chip.tier]);
    return this.#chips
      .filter((chip) => now - chip.bornAt >= stays(chip))
      .sort(byAge)[0];
  }

  #places() {
    if (isCalm()) return null;
    const shown = this.#chips.filter(({ isShown }) => isShown);
    return new Map(shown.map((chip) => [chip, chip.element.offsetTop]));
  }

  /** Slides chips from where they were to where they are now. */
  #glide(places) {
    for (const [chip, top] of places ?? []) {
      const shift = top - chip.element.offsetTop;
      if (!chip.isShown || !shift) continue;
      chip.element.animate([{ transform: `translateY(${shift}px)` }, { transform: "none" }], { duration: 220, easing: "ease-out" });
    }
  }
}
