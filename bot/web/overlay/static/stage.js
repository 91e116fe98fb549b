/** The three lanes in which one gift at a time plays: lower third, centre and full screen; and the ribbon afterwards. */

import { Card } from "./card.js";
import { LASTS_MS, Lane, seqsOf } from "./lanes.js";
import { Pictures } from "./pictures.js";
import { NAMES, lanesAbove, lanesBelow } from "./places.js";
import { Ribbon } from "./ribbon.js";

const LEAVING_MS = 240;
/** A larger gift waits this long for the one that has the place it needs. */
const COURTESY_MS = 1000;

export class Stage {
  #lanes = {};
  #cards = {};
  #hideAt = {};
  #ribbon = new Ribbon();
  #on;
  #pictures;

  /** `on.start(entry, lane)` and `on.end(lane)` tell what begins and what is over, `on.ready()` that something may. */
  constructor(reader, on) {
    this.#on = on;
    this.#pictures = new Pictures(on.ready);
    for (const name of NAMES) {
      this.#lanes[name] = new Lane({ lasts: LASTS_MS[name], folds: name === "large" });
      this.#cards[name] = new Card(name, reader);
      this.#hideAt[name] = Infinity;
    }
    this.elements = [...NAMES.map((name) => this.#cards[name].element), this.#ribbon.element];
  }

  get isIdle() {
    return NAMES.every((name) => this.#lanes[name].isIdle) && !this.#ribbon.isShown;
  }

  offer(entry, options) {
    this.#pictures.fetch(entry, entry.at);
    this.#lanes[this.#laneOf(entry)].offer(entry, options);
  }

  #laneOf({ kind, gift }) {
    return kind === "gift" && NAMES.includes(gift.tier) ? gift.tier : "large";
  }

  advance(now, { mayStart, severalCreators }) {
    this.#giveWay(now, mayStart);
    for (const name of NAMES) {
      const { ended, started } = this.#lanes[name].advance(now, { mayStart: mayStart && this.#isFree(name, now) });
      if (ended) this.#leave(name, ended, now);
      if (started) this.#start(name, started, severalCreators);
      if (now >= this.#hideAt[name]) this.#hide(name);
    }
    this.#ribbon.advance(now);
    // A source that is very low has no room for anything else meanwhile.
    document.documentElement.toggleAttribute("data-playing", NAMES.some((name) => !this.#cards[name].element.hidden));
  }

  refresh(now) {
    for (const name of NAMES) this.#lanes[name].refresh(now);
  }

  /** Ends the biggest gift that plays, or the one with this seq; returns whether there was one. */
  skip(now, seq = null) {
    const isMeant = (name) => {
      const { current } = this.#lanes[name];
      return current && (seq === null || seqsOf(current).includes(seq));
    };
    const name = [...NAMES].reverse().find(isMeant);
    if (!name) return false;
    this.#leave(name, this.#lanes[name].skip(now), now);
    this.#ribbon.end();
    return true;
  }

  clear(now) {
    const dropped = NAMES.flatMap((name) => this.#lanes[name].clear());
    for (const name of NAMES) if (this.#lanes[name].current) this.#leave(name, this.#lanes[name].skip(now), now);
    this.#ribbon.end();
    return dropped;
  }

  /** Takes out what was reversed. A sum that plays stays until it is over; a gift leaves at once, in case of its words. */
  remove(seqs, now) {
    for (const name of NAMES) {
      const lane = this.#lanes[name];
      lane.remove(seqs);
      if (!lane.current?.parts && seqs.has(lane.current?.gift?.seq)) this.#leave(name, lane.skip(now), now);
    }
    this.#ribbon.remove(seqs);
  }

  /** Adds a note to the gift that plays or waits; false if it does neither. */
  note(seq, text) {
    for (const name of NAMES) {
      const entry = this.#lanes[name].find(seq);
      if (!entry) continue;
      entry.gift = { ...entry.gift, note: text };
      if (entry === this.#lanes[name].current) this.#cards[name].note(text);
      return true;
    }
    return false;
  }

  #giveWay(now, mayStart) {
    for (const name of NAMES) {
      const [lane, above] = [this.#lanes[name], lanesAbove(name)];
      if (above.some((other) => mayStart && this.#isOverdue(other, now))) lane.suspend(now);
      else if (above.every((other) => this.#isOver(other))) lane.resume(now);
      this.#cards[name].element.classList.toggle("is-held", lane.isSuspended);
    }
  }

  #isOverdue(name, now) {
    const { current, next } = this.#lanes[name];
    return current === null && now - (next?.at ?? Infinity) >= COURTESY_MS;
  }

  #isOver(name) {
    return this.#lanes[name].isIdle && this.#hideAt[name] === Infinity;
  }

  #isFree(name, now) {
    const { next } = this.#lanes[name];
    if (next && !this.#pictures.areReady(next, now)) return false;
    const isAway = (other) => this.#lanes[other].current === null || this.#lanes[other].isSuspended;
    return lanesAbove(name).every((other) => this.#isOver(other)) && lanesBelow(name).every(isAway);
  }

  #start(name, entry, severalCreators) {
    this.#hideAt[name] = Infinity;
    this.#cards[name].show(entry, severalCreators);
    if (name === "legendary") this.#ribbon.end();
    this.#on.start(entry, name);
  }

  #leave(name, entry, now) {
    this.#cards[name].leave();
    this.#hideAt[name] = now + LEAVING_MS;
    this.#on.end(name);
    if (name === "legendary" && entry.kind === "gift") this.#ribbon.begin(entry.gift, now);
  }

  #hide(name) {
    this.#cards[name].hide();
    this.#hideAt[name] = Infinity;
  }
}
