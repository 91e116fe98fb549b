/** Bells, made from sine waves as they are needed: no files, no speech (OBS records none). */

/** Each tier's notes as [semitones above A4, start in seconds, length in seconds, loudness]. */
const TUNES = {
  small: [[15, 0, 0.35, 0.25]],
  medium: [[10, 0, 0.5, 0.35], [15, 0.09, 0.7, 0.35]],
  large: [[3, 0, 0.7, 0.45], [10, 0.11, 0.8, 0.45], [15, 0.22, 1.2, 0.5]],
  grand: [[-2, 0, 1.1, 0.5], [3, 0.12, 1.1, 0.5], [7, 0.24, 1.1, 0.5], [10, 0.36, 1.3, 0.5], [15, 0.5, 2.0, 0.6], [22, 0.62, 1.6, 0.25]],
  legendary: [
    [-9, 0, 2.6, 0.5], [-2, 0.02, 2.6, 0.45], [3, 0.3, 2.2, 0.5], [7, 0.44, 2.2, 0.5], [10, 0.58, 2.2, 0.5],
    [15, 0.76, 3.0, 0.6], [19, 0.92, 2.6, 0.4], [22, 1.08, 2.6, 0.35], [27, 1.24, 2.2, 0.25],
  ],
};
/** A bell's partials as [times the pitch, loudness, times the length]. */
const PARTIALS = [[1, 1, 1], [2, 0.45, 0.7], [3.01, 0.22, 0.5], [5.4, 0.08, 0.25]];
const LEVELS = { off: 0, low: 0.35, full: 1 };
/** A tier's sound does not begin again before this many milliseconds. */
const REST_MS = { small: 700, medium: 600, large: 300, grand: 0, legendary: 0 };

export class Sound {
  isMuted = false;
  #context = null;
  #out = null;
  #volume;
  #levels;
  #lastAt = {};

  constructor({ volume, sounds }) {
    this.#volume = volume;
    this.#levels = sounds;
  }

  play(tier, now) {
    const loudness = this.#volume * LEVELS[this.#levels[tier]];
    if (this.isMuted || !loudness || now - (this.#lastAt[tier] ?? -Infinity) < REST_MS[tier]) return;
    this.#lastAt[tier] = now;
    const context = this.#open();
    // Outside of OBS a browser wants a click first. What could not be heard then is not made up for later.
    if (context?.state !== "running") {
      context?.resume().catch(() => {});
      return;
    }
    for (const note of TUNES[tier]) this.#strike(context, note, loudness);
  }

  #open() {
    if (this.#context || !("AudioContext" in window)) return this.#context;
    try {
      this.#context = new AudioContext({ latencyHint: "interactive" });
    } catch {
      return null;
    }
    const limiter = this.#context.createDynamicsCompressor();
    this.#out = this.#context.createGain();
    this.#out.gain.value = 0.5;
    this.#out.connect(limiter).connect(this.#context.destination);
    return this.#context;
  }

  #strike(context, [semitones, start, length, strength], loudness) {
    const pitch = 440 * 2 ** (semitones / 12);
    const begin = context.currentTime + 0.02 + start;
    for (const [ratio, share, shorter] of PARTIALS) {
      const wave = context.createOscillator();
      const gain = context.createGain();
      const end = begin + length * shorter;
      wave.frequency.value = pitch * ratio;
      gain.gain.setValueAtTime(0, begin);
      gain.gain.linearRampToValueAtTime(loudness * strength * share, begin + 0.008);
      gain.gain.exponentialRampToValueAtTime(0.0001, end);
      wave.connect(gain).connect(this.#out);
      wave.start(begin);
      wave.stop(end);
      wave.addEventListener("ended", () => gain.disconnect(), { once: true });
    }
  }
}
