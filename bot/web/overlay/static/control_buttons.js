/** The dock's buttons and its keyboard. */

import { draw, newIcon } from "./icons.js";
import { make, write } from "./dom.js";

/** The keys; each works without Ctrl, Alt or Meta, and only once while it is held down. */
const KEYS = { p: "pause", s: "skip", r: "replay", m: "mute", c: "clear", t: "test", a: "approve", x: "reject" };
const NAMES = ["pause", "skip", "replay", "mute", "clear", "test"];
const OPPOSITES = { pause: "resume", mute: "unmute" };
const SURE_MS = 3000;

export function keyList(reader) {
  const say = (name) => reader.say({ approve: "keyApprove", reject: "keyReject" }[name] ?? name);
  return Object.entries(KEYS).map(([key, name]) =>
    make("div", "", make("dt", "", make("kbd", "", key.toUpperCase())), make("dd", "", say(name))),
  );
}

let pressName = () => {};

/** Calls `press` for approve and reject; the other keys press their button. */
export function listenToKeys(press) {
  addEventListener("keydown", (event) => {
    const name = KEYS[event.key.toLowerCase()];
    if (!name || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    event.preventDefault();
    if (NAMES.includes(name)) pressName(name);
    else press(name);
  });
}

export class Buttons {
  #reader;
  #press;
  #tell;
  #buttons = {};
  #isOn = { pause: false, mute: false };
  #sureUntil = 0;

  /** `press(name)` carries out what a button means now: Pause or Resume, Mute or Unmute. */
  constructor({ reader, press, tell }) {
    this.#reader = reader;
    this.#press = press;
    this.#tell = tell;
    for (const name of NAMES) this.#buttons[name] = this.#made(name);
    pressName = (name) => this.#pressed(name);
  }

  get elements() {
    return NAMES.map((name) => this.#buttons[name]);
  }

  settle(queue) {
    this.#isOn = { pause: Boolean(queue?.paused), mute: Boolean(queue?.muted) };
  }

  follow(name) {
    for (const [on, off] of Object.entries(OPPOSITES)) if (name === on || name === off) this.#isOn[on] = name === on;
    this.label();
  }

  label() {
    const reader = this.#reader();
    for (const name of NAMES) {
      const button = this.#buttons[name];
      const meant = this.#meaning(name);
      const isAsking = name === "clear" && Date.now() <= this.#sureUntil;
      draw(button.querySelector(".icon"), meant);
      write(button.querySelector(".word"), reader.say(isAsking ? "clearSure" : meant));
      button.classList.toggle("asking", isAsking);
      button.classList.toggle("on", meant !== name);
    }
  }

  #meaning = (name) => (this.#isOn[name] ? OPPOSITES[name] : name);

  #made(name) {
    const key = Object.keys(KEYS).find((one) => KEYS[one] === name);
    const hint = make("kbd", "", key.toUpperCase());
    hint.setAttribute("aria-hidden", "true");
    const button = make("button", `order ${name}`, newIcon(), make("span", "word"), hint);
    button.type = "button";
    button.setAttribute("aria-keyshortcuts", key);
    button.addEventListener("click", () => this.#pressed(name));
    return button;
  }

  /** Clearing drops what waits, so it takes two presses. */
  #pressed(name) {
    if (name === "clear" && Date.now() > this.#sureUntil) {
      this.#sureUntil = Date.now() + SURE_MS;
      this.#tell(this.#reader().say("clearSure"));
      setTimeout(() => this.label(), SURE_MS + 50);
    } else {
      this.#sureUntil = 0;
      this.#press(this.#meaning(name));
    }
    this.label();
  }
}
