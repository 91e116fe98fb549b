/** Petals and sparks for grand and legendary gifts: at most 60, on one canvas of 960 × 540, by the clock and not by frames. */

import { isCalm } from "./options.js";

const MOST = 60;
const COLOURS = ["#ff9ab5", "#e8527a", "#f9c945", "#fff3b8", "#b57fd3"];
const SIDE = 48;

/** One petal a colour, drawn once: a gradient for each petal of each frame would cost more than all the rest. */
function petal(colour) {
  const sprite = document.createElement("canvas");
  sprite.width = sprite.height = SIDE;
  const pen = sprite.getContext("2d");
  const shade = pen.createLinearGradient(0, 0, 0, SIDE);
  shade.addColorStop(0, "#ffffff");
  shade.addColorStop(0.35, colour);
  shade.addColorStop(1, colour);
  pen.fillStyle = shade;
  pen.beginPath();
  pen.moveTo(SIDE / 2, 2);
  pen.bezierCurveTo(SIDE - 6, SIDE * 0.2, SIDE - 6, SIDE * 0.8, SIDE / 2, SIDE - 2);
  pen.bezierCurveTo(6, SIDE * 0.8, 6, SIDE * 0.2, SIDE / 2, 2);
  pen.fill();
  return sprite;
}

export class Particles {
  #canvas;
  #pen;
  #sprites = null;
  #petals = [];
  #frame = 0;
  #last = 0;
  #until = 0;
  #isRain = false;
  #random;

  constructor(canvas, random = Math.random) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.#random = random;
  }

  get count() {
    return this.#petals.length;
  }

  /** Lets petals burst from the centre, or rain over the whole screen, for `lasts` milliseconds. */
  play(kind, lasts) {
    if (isCalm()) return;
    this.#sprites ??= COLOURS.map(petal);
    this.#isRain = kind === "legendary";
    this.#until = performance.now() + lasts - 1500;
    this.#petals = Array.from({ length: this.#isRain ? MOST : 40 }, (_, index) => this.#born(index, true));
    if (!this.#frame) {
      this.#last = performance.now();
      this.#frame = requestAnimationFrame((now) => this.#draw(now));
    }
  }

  stop() {
    this.#until = 0;
  }

  #born(index, isFirst) {
    const random = this.#random;
    const base = { age: 0, sprite: index % COLOURS.length, turn: random() * 6.28, spin: (random() - 0.5) * 3, size: 9 + random() * 13 };
    if (this.#isRain)
      return { ...base, x: random() * 960, y: isFirst ? random() * 900 - 520 : -30 - random() * 60, vx: (random() - 0.5) * 40, vy: 60 + random() * 70, g: 0 };
    const angle = random() * 6.28;
    const speed = 90 + random() * 230;
    return { ...base, x: 480, y: 215, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed - 60, g: 130 };
  }

  #draw(now) {
    // A page that was hidden has missed frames: at most a twentieth of a second passes in one.
    const seconds = Math.min(0.05, Math.max(0, (now - this.#last) / 1000));
    this.#last = now;
    const isOver = now >= this.#until;
    this.#pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#petals = this.#petals.map((one, index) => this.#moved(one, index, seconds, isOver)).filter(Boolean);
    for (const one of this.#petals) this.#put(one);
    this.#frame = this.#petals.length ? requestAnimationFrame((next) => this.#draw(next)) : 0;
  }

  #moved(one, index, seconds, isOver) {
    one.age += seconds;
    one.vy += one.g * seconds;
    one.x += one.vx * seconds + Math.sin(one.turn) * 14 * seconds;
    one.y += one.vy * seconds;
    one.turn += one.spin * seconds;
    if (one.y < 570 && one.x > -40 && one.x < 1000) return one;
    return isOver || !this.#isRain ? null : this.#born(index, false);
  }

  #put({ x, y, turn, size, sprite, age }) {
    const pen = this.#pen;
    pen.setTransform(Math.cos(turn), Math.sin(turn), -Math.sin(turn), Math.cos(turn), x, y);
    pen.globalAlpha = Math.min(1, age / 0.5, Math.max(0, (560 - y) / 120));
    // A petal that turns towards the viewer is narrower.
    const width = size * (0.45 + 0.55 * Math.abs(Math.cos(turn * 1.3)));
    pen.drawImage(this.#sprites[sprite], -width / 2, -size / 2, width, size);
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }
}
