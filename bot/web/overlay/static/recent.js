/** The gifts that played last: for *Replay*, and for messages that are approved after their gift is over. */

import { TIERS } from "./options.js";

const MOST = 100;
const LARGE = TIERS.indexOf("large");

export class Recent {
  /** Newest last. */
  #gifts = [];

  add(gifts) {
    this.#gifts.push(...gifts.filter(({ seq }) => seq !== null));
    if (this.#gifts.length > MOST) this.#gifts.splice(0, this.#gifts.length - MOST);
  }

  remove(seqs) {
    this.#gifts = this.#gifts.filter(({ seq }) => !seqs.has(seq));
  }

  /** The gift with a seq; without one the last large gift or, if there was none, the last of all. */
  find(seq) {
    if (seq !== null) return this.#gifts.find((gift) => gift.seq === seq);
    return this.#gifts.findLast(({ tier }) => TIERS.indexOf(tier) >= LARGE) ?? this.#gifts[this.#gifts.length - 1];
  }
}
