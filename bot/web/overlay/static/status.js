/** A line on the screen only while something is wrong, and for ten seconds at most: nobody wants it on air. */

import { make, show, write } from "./dom.js";

const SHOWN_MS = 10_000;
/** A short gap is nobody's business: the bot restarts in a few seconds. */
const GRACE_MS = 5000;

export class Status {
  #reader;
  #hiding = 0;
  #waiting = 0;
  #isTold = false;

  constructor(reader) {
    this.#reader = reader;
    this.element = make("div", "rosette-status");
    this.element.hidden = true;
  }

  tell(key) {
    this.quiet();
    this.#isTold = true;
    write(this.element, this.#reader().say(key));
    show(this.element, true);
    this.#hiding = setTimeout(() => show(this.element, false), SHOWN_MS);
  }

  /** Tells it unless all is well again in a moment. A trouble that lasts is told once. */
  tellSoon(key) {
    if (this.#isTold || this.#waiting) return;
    this.#waiting = setTimeout(() => this.tell(key), GRACE_MS);
  }

  /** All is well. */
  quiet() {
    clearTimeout(this.#hiding);
    clearTimeout(this.#waiting);
    this.#waiting = 0;
    this.#isTold = false;
    show(this.element, false);
  }
}
