/** What is on the screen, and what waits for it: everything that comes goes through `offer` and `paint`. */

import { Away } from "./away.js";
import { Feed } from "./feed.js";
import { Recent } from "./recent.js";
import { Stage } from "./stage.js";
import { TIERS } from "./options.js";
import { seqsOf } from "./lanes.js";

/** Tells the page, and whoever looks on (tests, browser extensions), what has appeared. */
function tell(lane, seqs, sums) {
  document.dispatchEvent(new CustomEvent("rosette:shown", { detail: { lane, seqs, ...sums } }));
}

export class Show {
  severalCreators = false;
  #feed;
  #stage;
  #away = new Away();
  #inbox = [];
  #recent = new Recent();
  #lowest;
  #cursor;
  #sound;
  #particles;
  #isHeld = false;

  /** `wake()` asks for a paint, as something has become ready for it. */
  constructor({ reader, options, cursor, sound, particles, wake }) {
    this.#lowest = TIERS.indexOf(options.tier);
    this.#cursor = cursor;
    this.#sound = sound;
    this.#particles = particles;
    this.#feed = new Feed(reader);
    this.#stage = new Stage(reader, {
      start: (entry, lane) => this.#started(entry, lane),
      end: () => particles.stop(),
      ready: wake,
    });
    this.elements = [this.#feed.element, ...this.#stage.elements];
  }

  get isIdle() {
    return this.#inbox.length === 0 && this.#away.isEmpty && this.#feed.isIdle && this.#stage.isIdle;
  }

  /** Takes in the new gifts of one frame, which go up to `to`. */
  offer(gifts, to = -1) {
    this.#inbox.push({ gifts, folded: [], to });
  }

  /** Brings the screen up to date. While held, nothing begins. */
  paint(now, serverNow, { isHeld, isComplete }) {
    if (this.#isHeld && !isHeld) this.#stage.refresh(now);
    this.#isHeld = isHeld;
    if (isHeld) this.#sort(serverNow);
    else this.#empty(now, serverNow, isComplete);
    this.#stage.advance(now, { mayStart: !isHeld, severalCreators: this.severalCreators });
    this.#feed.advance(now);
  }

  note(seq, text, now) {
    const waiting = this.#inbox.flatMap(({ gifts }) => gifts).find((gift) => gift.seq === seq);
    const gift = waiting ?? this.#recent.find(seq);
    // Whoever replays the gift later sees the note, too.
    if (gift) gift.note = text;
    if (waiting || this.#feed.note(seq, text) || this.#stage.note(seq, text)) return;
    // Its moment is over, so the note gets one of its own.
    if (gift) this.#stage.offer({ kind: "note", gift, at: now }, { first: true });
  }

  remove(seqs, now) {
    for (const frame of this.#inbox) {
      frame.gifts = frame.gifts.filter(({ seq }) => !seqs.has(seq));
      frame.folded = frame.folded.filter((seq) => !seqs.has(seq));
    }
    this.#away.remove(seqs);
    this.#stage.remove(seqs, now);
    this.#recent.remove(seqs);
    this.#feed.remove(seqs, now);
    this.#cursor.shown(seqs);
  }

  skip(now, seq) {
    if (!this.#stage.skip(now, seq)) this.#feed.clear(now);
  }

  replay(now, seq) {
    const gift = this.#recent.find(seq);
    if (!gift) return;
    // Every replay gets the stage, small ones too: the streamer wants to see it.
    this.#stage.offer({ kind: "gift", gift: { ...gift }, seqs: [], at: now }, { first: true });
  }

  clear(now) {
    const dropped = this.#inbox.splice(0);
    this.#cursor.settle(Math.max(-1, ...dropped.map(({ to }) => to)), []);
    this.#cursor.shown(this.#stage.clear(now).flatMap(seqsOf));
    this.#cursor.shown(this.#away.take().seqs);
    this.#feed.clear(now);
    this.#particles.stop();
  }

  /** While nobody sees the screen, what has grown old becomes part of one sum, so that memory stays small. */
  #sort(serverNow) {
    for (const frame of this.#inbox) this.#away.takeFrom(frame, serverNow, this.#isWanted);
    while (this.#inbox.length > 1 && this.#inbox[0].gifts.length === 0) {
      const { folded, to } = this.#inbox.shift();
      const [next] = this.#inbox;
      next.folded = folded.concat(next.folded);
      next.to = Math.max(next.to, to);
    }
  }

  #isWanted = ({ tier }) => TIERS.indexOf(tier) >= this.#lowest;

  #empty(now, serverNow, isComplete) {
    const frames = this.#inbox.splice(0);
    const chips = [];
    for (const frame of frames) {
      this.#away.takeFrom(frame, serverNow, this.#isWanted);
      const wanted = frame.gifts.filter(this.#isWanted);
      const big = wanted.filter(({ tier }) => TIERS.indexOf(tier) >= 2);
      chips.push(...wanted.filter(({ tier }) => TIERS.indexOf(tier) < 2));
      // The sum waits for its card as a large gift waits for its lane: a reload in between must not lose it.
      const waiting = [...frame.folded, ...big.map(({ seq }) => seq)].sort((seq, next) => seq - next);
      this.#cursor.settle(frame.to, waiting);
      for (const gift of big) this.#stage.offer({ kind: "gift", gift, at: now });
    }
    if (isComplete && !this.#away.isEmpty) this.#stage.offer({ kind: "away", at: now, ...this.#away.take() }, { first: true });
    if (chips.length) this.#feedAll(chips, now);
  }

  #feedAll(chips, now) {
    this.#feed.add(chips, now, this.severalCreators);
    for (const tier of ["small", "medium"]) if (chips.some((gift) => gift.tier === tier)) this.#sound.play(tier, now);
    this.#recent.add(chips);
    tell("feed", chips.map(({ seq }) => seq), { coins: chips.reduce((sum, { coins }) => sum + coins, 0) });
  }

  #started(entry, lane) {
    const seqs = seqsOf(entry);
    this.#cursor.shown(seqs);
    if (entry.kind === "gift" && seqs.length) this.#recent.add([entry.gift]);
    this.#sound.play(lane, performance.now());
    if (lane !== "large") this.#particles.play(lane, lane === "grand" ? 8000 : 12_000);
    tell(entry.kind === "gift" ? lane : entry.kind, seqs, { coins: entry.coins ?? entry.gift.coins });
  }
}
