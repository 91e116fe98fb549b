/**
 * Who plays when. The lanes of large, grand and legendary gifts are independent of each other and of the feed, so a
 * storm of small gifts never delays a large one. Nothing here touches the page or reads a clock.
 */

export const LASTS_MS = { small: 4000, medium: 5000, large: 6000, grand: 8000, legendary: 12_000 };
export const GAP_MS = 250;
export const MOST_QUEUED = 6;
export const PATIENCE_MS = 20_000;

/**
 * One entry for several: what they came to, with their parts, so that a reversed gift can be taken out again.
 *
 * An entry counts for the seqs of its gifts, unless it names its `seqs` itself: a replay has none.
 */
export function fold(entries) {
  const parts = entries.flatMap((entry) => entry.parts ?? [entry]);
  const names = new Set(parts.map(({ gift }) => gift.sender.name ?? ""));
  return {
    kind: "fold",
    at: entries[0].at,
    parts,
    gifts: parts.reduce((sum, { gift }) => sum + gift.count, 0),
    coins: parts.reduce((sum, { gift }) => sum + gift.coins, 0),
    people: names.size,
    gift: parts[parts.length - 1].gift,
  };
}

export const seqsOf = (entry) => entry.seqs ?? (entry.parts ?? [entry]).map(({ gift }) => gift.seq);

export class Lane {
  #queue = [];
  /** What goes before the queue and is never folded: sums after an absence, replays, notes that came late. */
  #urgent = [];
  #current = null;
  #endsAt = 0;
  #freeAt = 0;
  /** Milliseconds that are left of the current entry while it is suspended, else null. */
  #rest = null;

  constructor({ lasts, folds = false }) {
    this.#lasts = lasts;
    this.#folds = folds;
  }

  #lasts;
  #folds;

  get current() {
    return this.#current;
  }

  /** The entry that waits in front, or null. */
  get next() {
    return this.#urgent[0] ?? this.#queue[0] ?? null;
  }

  get isSuspended() {
    return this.#rest !== null;
  }

  get isIdle() {
    return this.#current === null && this.next === null;
  }

  offer(entry, { first = false } = {}) {
    (first ? this.#urgent : this.#queue).push(entry);
    if (this.#folds) this.#foldSurplus();
  }

  /** Ends what is over and starts what may start. Returns {ended, started}, each an entry or null. */
  advance(now, { mayStart = true } = {}) {
    let ended = null;
    let started = null;
    if (this.#current !== null && this.#rest === null && now >= this.#endsAt) ended = this.#end(now);
    if (mayStart && this.#current === null && this.#rest === null && now >= this.#freeAt) {
      started = this.#current = this.#next(now);
      this.#endsAt = now + this.#lasts;
    }
    return { ended, started };
  }

  /** Ends the current entry now, and returns it. */
  skip(now) {
    return this.#current === null ? null : this.#end(now);
  }

  suspend(now) {
    if (this.#current !== null && this.#rest === null) this.#rest = Math.max(0, this.#endsAt - now);
  }

  resume(now) {
    if (this.#rest === null) return;
    this.#endsAt = now + this.#rest;
    this.#rest = null;
  }

  /** Lets those in the queue begin to wait only now, as after a pause: no one is overdue for that. */
  refresh(now) {
    for (const entry of this.#queue) entry.at = now;
  }

  /** Empties the queue, and returns what waited in it or before it. */
  clear() {
    return [...this.#urgent.splice(0), ...this.#queue.splice(0)];
  }

  /** Takes out of what waits what was reversed, in folds too. */
  remove(seqs) {
    this.#urgent = this.#urgent.filter(({ gift }) => !gift || !seqs.has(gift.seq));
    this.#queue = this.#queue.flatMap((entry) => {
      if (!entry.parts) return seqs.has(entry.gift.seq) ? [] : [entry];
      const kept = entry.parts.filter(({ gift }) => !seqs.has(gift.seq));
      return kept.length ? [kept.length === entry.parts.length ? entry : fold(kept)] : [];
    });
  }

  find(seq) {
    return [this.#current, ...this.#queue].find((entry) => entry?.kind === "gift" && entry.gift.seq === seq) ?? null;
  }

  #next(now) {
    if (this.#urgent.length) return this.#urgent.shift();
    if (this.#folds) this.#foldOverdue(now);
    return this.#queue.shift() ?? null;
  }

  #end(now) {
    const ended = this.#current;
    this.#current = this.#rest = null;
    this.#freeAt = now + GAP_MS;
    return ended;
  }

  /** The next one stays whole if nothing plays: of a burst, the first gift is seen by itself. */
  #foldSurplus() {
    const first = this.#current === null ? 1 : 0;
    while (this.#queue.length - first > MOST_QUEUED) this.#queue.splice(first, 0, fold(this.#queue.splice(first, 2)));
  }

  #foldOverdue(now) {
    const overdue = this.#queue.findIndex(({ at }) => now - at <= PATIENCE_MS);
    const count = overdue === -1 ? this.#queue.length : overdue;
    if (count > 1) this.#queue.unshift(fold(this.#queue.splice(0, count)));
  }
}
