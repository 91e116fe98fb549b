/** One line of the feed, which changes what it says instead of being made anew. */

import { bdi, make, newPicture, picture, restart, show, write } from "./dom.js";
import { cut } from "./graphemes.js";

const NAME = 24;
const GIFT = 28;
const NOTE = 90;
/** A count that grows ten times a second is bumped three times at most. */
const BUMP_REST_MS = 350;

export class Chip {
  key = null;
  tier = "small";
  bornAt = 0;
  endsAt = 0;
  goneAt = 0;
  isShown = false;
  isLeaving = false;
  seqs = new Set();
  #count = 0;
  #combo = 0;
  #coins = 0;
  #noteText = null;
  #isStale = false;
  #isBumped = false;
  #bumpedAt = -Infinity;

  constructor(reader) {
    this.#reader = reader;
    this.#art = newPicture("rosette-chip-art");
    this.#name = bdi("rosette-chip-name");
    this.#gift = bdi("rosette-chip-gift");
    this.#to = bdi("rosette-chip-to");
    this.#badge = make("span", "rosette-chip-count");
    this.#sum = make("span", "rosette-chip-coins rosette-coins");
    this.#note = bdi("rosette-chip-note");
    this.#test = make("span", "rosette-test");
    const what = make("span", "rosette-chip-what", this.#gift, this.#to, this.#sum);
    const line = make("span", "rosette-chip-line", this.#name, what);
    const words = make("span", "rosette-chip-words", line, this.#note);
    this.element = make("div", "rosette-chip", this.#art, words, this.#test, this.#badge);
    this.element.hidden = true;
  }

  #reader;
  #art;
  #name;
  #gift;
  #to;
  #badge;
  #sum;
  #note;
  #test;

  begin(key, gift, { now, endsAt, severalCreators }) {
    Object.assign(this, { key, tier: gift.tier, bornAt: now, endsAt, isShown: true, isLeaving: false });
    this.seqs = new Set([gift.seq]);
    this.#count = gift.count;
    this.#coins = gift.coins;
    this.#combo = gift.combo ?? 0;
    this.#noteText = gift.note;
    const reader = this.#reader();
    this.element.dataset.tier = gift.tier;
    this.element.classList.toggle("is-anonymous", gift.sender.name === null);
    this.element.classList.remove("is-surplus", "is-out");
    picture(this.#art, gift.gift.art);
    write(this.#name, cut(gift.sender.name ?? reader.say("anonymous"), NAME));
    write(this.#gift, cut(gift.gift.name, GIFT));
    write(this.#to, severalCreators && gift.to ? reader.say("for", { name: cut(gift.to, NAME) }) : "");
    write(this.#test, gift.test ? `🧪 ${reader.say("test")}` : "");
    show(this.element, true);
    restart(this.element, "is-in");
    this.#isStale = true;
  }

  /** The same gift from the same person again. */
  more(gift, endsAt) {
    this.seqs.add(gift.seq);
    if (this.seqs.size > 200) this.seqs.delete(this.seqs.values().next().value);
    this.#count += gift.count;
    this.#coins += gift.coins;
    this.#combo = Math.max(this.#combo, gift.combo ?? 0);
    this.#noteText = gift.note ?? this.#noteText;
    this.endsAt = endsAt;
    this.#isStale = this.#isBumped = true;
  }

  /** Counts a gift that found no chip of its own. */
  surplus(gift, endsAt) {
    if (!this.isShown || this.isLeaving) {
      this.#count = this.#coins = 0;
      this.isShown = true;
      this.isLeaving = false;
      this.element.dataset.tier = "small";
      this.element.classList.remove("is-out");
      this.element.classList.add("is-surplus");
      show(this.element, true);
      restart(this.element, "is-in");
    }
    this.#count += gift.count;
    this.#coins += gift.coins;
    this.endsAt = endsAt;
    this.#isStale = true;
  }

  note(text) {
    this.#noteText = text;
    this.#isStale = true;
    this.paint();
  }

  leave(goneAt) {
    if (this.isLeaving) return;
    this.isLeaving = true;
    this.goneAt = goneAt;
    this.element.classList.remove("is-in");
    this.element.classList.add("is-out");
  }

  hide() {
    this.isShown = this.isLeaving = false;
    this.key = null;
    this.seqs = new Set();
    show(this.element, false);
  }

  paint() {
    if (!this.#isStale) return;
    this.#isStale = false;
    const reader = this.#reader();
    const isSurplus = this.element.classList.contains("is-surplus");
    if (isSurplus) write(this.#name, reader.count("more", this.#count));
    const times = Math.max(this.#count, this.#combo);
    write(this.#badge, times > 1 && !isSurplus ? `×${reader.number(times)}` : "");
    write(this.#sum, reader.number(this.#coins));
    write(this.#note, !isSurplus && this.#noteText ? cut(this.#noteText, NOTE) : "");
    if (this.#isBumped) this.#bump();
    this.#isBumped = false;
  }

  #bump() {
    const now = performance.now();
    if (now - this.#bumpedAt < BUMP_REST_MS) return;
    this.#bumpedAt = now;
    restart(this.#badge, "is-bumped");
  }
}
