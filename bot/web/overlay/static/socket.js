/** The connection to the bot. It comes back for ever, since nobody can press reload on air. */

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const GREETING_MS = 10_000;
const PING_MS = 15_000;
const ANSWER_MS = 25_000;
const TICK_MS = 5000;

export const CLOSE = { withdrawn: 4401, crowded: 4429, restart: 1012 };

export class Connection {
  #hello;
  #on;
  #random;
  #socket = null;
  #wait = FIRST_WAIT_MS;
  #timer = 0;
  #isWelcome = false;
  #openedAt = 0;
  #pingedAt = 0;
  #isAnswered = true;
  #pings = 0;

  /**
   * `hello()` returns the first message of each connection; `on.message(value)` gets every message but pongs, and
   * `on.state(name)` "open", "lost", "withdrawn" or "crowded".
   */
  constructor({ hello, on, random = Math.random }) {
    this.#hello = hello;
    this.#on = on;
    this.#random = random;
  }

  start() {
    this.#connect();
    setInterval(() => this.#watch(), TICK_MS);
    addEventListener("online", () => this.#hurry());
  }

  send(message) {
    if (!this.#isWelcome || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Gives the present connection up and makes another, which begins at the cursor. */
  again() {
    this.#drop(null);
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const address = new URL("../ws", import.meta.url);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#isWelcome = false;
    this.#isAnswered = true;
    this.#openedAt = this.#pingedAt = Date.now();
    socket.addEventListener("open", () => socket.send(JSON.stringify({ hello: 1, ...this.#hello() })));
    // A socket that has been given up says nothing any more, or everything would play twice.
    socket.addEventListener("message", ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => socket === this.#socket && this.#drop(code));
  }

  #hear(message) {
    this.#isAnswered = true;
    if ("pong" in message) return;
    if ("ping" in message) {
      this.send({ pong: message.ping });
      return;
    }
    if (message.welcome) {
      this.#isWelcome = true;
      this.#wait = FIRST_WAIT_MS;
      this.#on.state("open");
    }
    this.#on.message(message);
  }

  #drop(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#isWelcome = false;
    socket?.close();
    if (code === CLOSE.withdrawn) {
      this.#on.state("withdrawn");
      return;
    }
    this.#on.state(code === CLOSE.crowded ? "crowded" : "lost");
    this.#timer = setTimeout(() => this.#connect(), this.#pause(code));
  }

  #pause(code) {
    if (code === CLOSE.restart) return this.#random() * 2000;
    if (code === CLOSE.crowded) return LONGEST_WAIT_MS;
    const wait = this.#wait * (0.75 + this.#random() / 2);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    return wait;
  }

  #hurry() {
    if (this.#socket !== null || !this.#timer) return;
    this.#connect();
  }

  /** Timers of a hidden page may sleep for a minute: only an unanswered ping is silence, not the time since a message. */
  #watch() {
    if (this.#socket === null) return;
    const now = Date.now();
    if (!this.#isWelcome) {
      if (now - this.#openedAt > GREETING_MS) this.#drop(null);
    } else if (!this.#isAnswered && now - this.#pingedAt > ANSWER_MS) {
      this.#drop(null);
    } else if (this.#isAnswered && now - this.#pingedAt > PING_MS) {
      this.#isAnswered = !this.send({ ping: ++this.#pings });
      this.#pingedAt = now;
    }
  }
}
