/**
 * When the page is painted: for what comes in, and by itself for what is over. Nothing here touches the page.
 *
 * The bot sends at most every 100 ms. The page's own beat is slower than that: else it would have been painted just
 * before each message, which would wait for the next time. So in a storm the messages set the beat, and none waits.
 */

/** The page is painted at most this often. A message that comes a little early does not wait. */
const LEAST_MS = 80;
/** How soon it is painted by itself while something is on the screen, while a clock runs there, and else. */
const BUSY_MS = 150;
const CLOCK_MS = 250;
const REST_MS = 1000;

export class Beat {
  #paintedAt = -Infinity;

  /** Milliseconds from `now` until the page may be painted for something that is due at `at`. */
  wait(now, at = now) {
    return Math.max(0, at - now, this.#paintedAt + LEAST_MS - now);
  }

  /** Notes that the page was painted, and returns when it has to be at the latest. */
  painted(now, { isIdle, isCounting }) {
    this.#paintedAt = now;
    if (!isIdle) return now + BUSY_MS;
    return now + (isCounting ? CLOCK_MS : REST_MS);
  }
}
