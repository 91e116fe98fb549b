/**
 * Where this page is in the journal, so that a gap is filled without loss and nothing plays twice.
 *
 * In memory for a reconnect; in sessionStorage for a reload, which OBS keeps for each source; on the server, as what
 * the page says it has shown, for a source that was destroyed. Never in localStorage: all sources share it.
 */

/** A short name for a token in storage, from which the token cannot be found. */
function nameOf(token) {
  let value = 2166136261;
  for (const char of token) value = Math.imul(value ^ char.codePointAt(0), 16777619);
  return (value >>> 0).toString(36);
}

export class Cursor {
  /** The last seq that came over the wire, null before the first. */
  #wire = null;
  /** The last seq that went to the screen or into a lane. */
  #settled = null;
  /** Seqs up to `#settled` that wait in a lane. */
  #waiting = new Set();
  /** After a reload: what had been settled before it, and which of that still has to play. */
  #known = -1;
  #again = new Set();
  #epoch = null;
  #saved = "";

  constructor({ slot, token, storage = sessionStorage }) {
    this.#storage = storage;
    this.#key = `rosette:${nameOf(token)}:${slot}`;
    this.#load();
  }

  #storage;
  #key;

  get hello() {
    return { after: this.#wire, epoch: this.#epoch };
  }

  /**
   * Takes note of the books' epoch and head; true if these are other books than before, or older ones that were
   * restored, so that everything known is void.
   */
  meet(epoch, head) {
    const isOther = this.#epoch !== null && (this.#epoch !== epoch || Math.max(this.#wire ?? 0, this.#settled ?? 0) > head);
    if (isOther) this.#forget();
    this.#epoch = epoch;
    return isOther;
  }

  /** The gifts of a frame that are new here; null if frames are missing before it. */
  accept({ from, to, gifts }) {
    if (this.#wire !== null && from > this.#wire + 1) return null;
    const before = this.#wire ?? -1;
    this.#wire = Math.max(before, to);
    const fresh = gifts.filter(({ seq }) => seq === null || (seq > before && (seq > this.#known || this.#again.delete(seq))));
    if (this.#wire >= this.#known) this.#forgive();
    return fresh;
  }

  /** Everything up to `to` has left the inbox; `waiting` of it are in a lane. */
  settle(to, waiting) {
    if (to < 0) return;
    this.#settled = Math.max(this.#settled ?? -1, to);
    for (const seq of waiting) if (seq !== null) this.#waiting.add(seq);
  }

  shown(seqs) {
    for (const seq of seqs) this.#waiting.delete(seq);
  }

  /** The seq up to which everything has been shown, null before the first. */
  get lowWater() {
    for (const seq of this.#waiting) return seq - 1;
    return this.#settled;
  }

  save() {
    if (this.#settled === null) return;
    const text = JSON.stringify({ epoch: this.#epoch, to: this.#settled, waiting: [...this.#waiting] });
    if (text === this.#saved) return;
    this.#saved = text;
    try {
      this.#storage.setItem(this.#key, text);
    } catch {
      // A full or forbidden storage costs the memory of a reload, and nothing else.
    }
  }

  #load() {
    try {
      const stored = JSON.parse(this.#storage.getItem(this.#key));
      if (!Number.isInteger(stored?.to) || !Array.isArray(stored.waiting)) return;
      this.#epoch = stored.epoch;
      this.#settled = this.#known = stored.to;
      this.#again = new Set(stored.waiting);
      this.#waiting = new Set(stored.waiting);
      this.#wire = this.lowWater;
    } catch {
      // As above.
    }
  }

  /** What should have played again and was not sent is gone: a gift that was reversed. */
  #forgive() {
    this.shown(this.#again);
    this.#again.clear();
  }

  #forget() {
    this.#wire = this.#settled = null;
    this.#known = -1;
    this.#waiting.clear();
    this.#again.clear();
  }
}
