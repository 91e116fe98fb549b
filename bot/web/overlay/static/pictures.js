/** Pictures are fetched and decoded before the card that shows them begins, so that none stands there without its own. */

import { own } from "./dom.js";

/** How long a gift waits for its pictures. Then it begins without them, and they come later. */
const PATIENCE_MS = 400;
const MOST = 24;

const addressesOf = ({ gift }) => [own(gift?.gift.art), own(gift?.sender.face)].filter(Boolean);

export class Pictures {
  /** By address. The images are kept, because browsers show at once only what somebody still holds. */
  #known = new Map();
  #onReady;

  constructor(onReady) {
    this.#onReady = onReady;
  }

  /** Fetches the pictures of an entry that is going to be shown. */
  fetch(entry, now) {
    for (const address of addressesOf(entry)) {
      const known = this.#known.get(address) ?? this.#load(address, now);
      this.#known.delete(address);
      this.#known.set(address, known);
    }
    while (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value);
  }

  /** Whether an entry need not wait: its pictures are there, cannot be had, or are late. */
  areReady(entry, now) {
    return addressesOf(entry).every((address) => {
      const known = this.#known.get(address);
      return !known || known.isSettled || now - known.since >= PATIENCE_MS;
    });
  }

  #load(address, now) {
    const known = { image: new Image(), since: now, isSettled: false };
    const settle = () => {
      known.isSettled = true;
      this.#onReady();
    };
    known.image.src = address;
    known.image.decode().then(settle, settle);
    return known;
  }
}
