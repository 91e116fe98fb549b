/** What came while nobody could see it: older small and medium gifts, as sums for one card. */

const MOST_PARTS = 5000;

export const OLD_MS = 30_000;
export const PAST_MS = 600_000;

/** Whether a gift is too old to play on its own: small and medium after 30 seconds, the others after 10 minutes. */
function isPast({ tier, at_ms: at }, serverNow) {
  const age = serverNow - at;
  return age > (tier === "small" || tier === "medium" ? OLD_MS : PAST_MS);
}

export class Away {
  gifts = 0;
  coins = 0;
  #names = new Set();
  #seqs = [];
  /** The newest by seq, so that a reversed one can still be taken out. */
  #parts = new Map();

  get isEmpty() {
    return this.gifts === 0;
  }

  get people() {
    return this.#names.size;
  }

  /** Moves what is too old to play on its own out of a frame, whose `folded` keeps which of it a card has to show. */
  takeFrom(frame, serverNow, isWanted) {
    const isOld = (gift) => gift.seq !== null && isPast(gift, serverNow);
    for (const gift of frame.gifts.filter((gift) => isOld(gift) && isWanted(gift))) {
      this.add(gift);
      frame.folded.push(gift.seq);
    }
    frame.gifts = frame.gifts.filter((gift) => !isOld(gift));
  }

  add(gift) {
    this.gifts += gift.count;
    this.coins += gift.coins;
    this.#names.add(gift.sender.name ?? "");
    this.#seqs.push(gift.seq);
    this.#parts.set(gift.seq, gift);
    if (this.#parts.size > MOST_PARTS) this.#parts.delete(this.#parts.keys().next().value);
  }

  remove(seqs) {
    for (const seq of seqs) {
      const gift = this.#parts.get(seq);
      if (!gift) continue;
      this.#parts.delete(seq);
      this.gifts -= gift.count;
      this.coins -= gift.coins;
    }
  }

  /** Returns what there was, and begins anew. */
  take() {
    const taken = { gifts: this.gifts, coins: this.coins, people: this.people, seqs: this.#seqs };
    this.gifts = this.coins = 0;
    this.#names = new Set();
    this.#seqs = [];
    this.#parts.clear();
    return taken;
  }
}
