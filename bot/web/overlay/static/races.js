/** What runs against the clock: the gift train and the match. Both go when their time is over. */

import { bdi, make, show, write } from "./dom.js";
import { countdown } from "./texts.js";
import { cut } from "./graphemes.js";

export class Train {
  #reader;
  #label = make("span", "rosette-train-label");
  #clock = make("span", "rosette-clock");

  constructor(reader) {
    this.#reader = reader;
    this.element = make("section", "rosette-widget rosette-train", this.#label, this.#clock);
    this.element.hidden = true;
  }

  /** Returns whether the clock has to be drawn again within a second. */
  render(train, serverNow) {
    const isRunning = Boolean(train) && train.ends_ms > serverNow;
    show(this.element, isRunning);
    if (!isRunning) return false;
    write(this.#label, `🚂 ${this.#reader().say("train", { n: this.#reader().number(train.level) })}`);
    write(this.#clock, countdown(train.ends_ms, serverNow));
    return true;
  }
}

class Side {
  #name = bdi("rosette-match-name");
  #score = make("span", "rosette-match-score");

  constructor() {
    this.element = make("div", "rosette-match-side", this.#name, this.#score);
  }

  render(side, isHidden, reader) {
    show(this.element, Boolean(side));
    if (!side) return;
    write(this.#name, cut(side.name ?? reader.say("anonymous"), 14));
    write(this.#score, isHidden || side.score === null ? "?" : reader.number(side.score));
  }
}

export class Match {
  #reader;
  #title = make("span", "rosette-widget-title");
  #clock = make("span", "rosette-clock");
  #sides = [new Side(), new Side(), new Side(), new Side()];
  #bar = make("div", "rosette-match-bar", make("div", "rosette-match-share"));

  constructor(reader) {
    this.#reader = reader;
    const head = make("div", "rosette-match-head", this.#title, this.#clock);
    const sides = make("div", "rosette-match-sides", ...this.#sides.map(({ element }) => element));
    this.element = make("section", "rosette-widget rosette-match", head, sides, this.#bar);
    this.element.hidden = true;
  }

  /** Returns whether the clock has to be drawn again within a second. */
  render(match, serverNow) {
    const isRunning = Boolean(match) && match.ends_ms > serverNow;
    show(this.element, isRunning);
    if (!isRunning) return false;
    const reader = this.#reader();
    write(this.#title, `⚔️ ${reader.say("match")}`);
    write(this.#clock, countdown(match.ends_ms, serverNow));
    this.#sides.forEach((side, index) => side.render(match.sides[index], match.hidden, reader));
    const [one, other] = match.sides;
    const isTwo = match.sides.length === 2 && !match.hidden && one.score !== null && other.score !== null;
    show(this.#bar, isTwo);
    const all = isTwo ? one.score + other.score : 0;
    this.#bar.style.setProperty("--rosette-share", all ? (one.score / all).toFixed(4) : "0.5");
    return true;
  }
}
