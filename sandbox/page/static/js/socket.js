/** The connection to the sandbox. It reconnects forever, and every reconnect brings the complete state. */

import { dropMessage, learnEvents, meet, openChannel, putMessage, state, touch } from "./store.js";
import { announce } from "./announce.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
const LOG_LINES = 1000;

const answers = new Map();
let socket = null;
let wait = FIRST_WAIT_MS;
let serial = 0;

/** Who was played in this tab or, in one that begins (as after the checkout), in the last one. */
const remembered = () =>
  sessionStorage.getItem("as") ?? new URLSearchParams(location.search).get("as") ?? localStorage.getItem("as") ?? "";

const handlers = {
  hello(event) {
    meet(event);
    sessionStorage.setItem("as", event.me);
    localStorage.setItem("as", event.me);
  },
  message(event) {
    if (putMessage(event.message)) announce(event.message);
  },
  message_delete(event) {
    dropMessage(event.channel_id, event.id);
  },
  thinking(event) {
    const entry = state.waiting.get(event.nonce);
    if (entry) entry.sent = true;
  },
  done(event) {
    settle(event);
  },
  failed(event) {
    const entry = state.waiting.get(event.nonce);
    if (entry) entry.failed = event.text;
    settle(event, !entry);
  },
  choices(event) {
    settle(event);
  },
  modal(event) {
    settle(event);
  },
  bot(event) {
    state.bot = { ...state.bot, ...event };
    touch("bot");
  },
  commands(event) {
    state.commands = event.commands;
    touch("commands");
  },
  members(event) {
    state.members = new Map(event.members.map((member) => [member.user.id, member]));
    if (event.roles) state.roles = new Map(event.roles.map((role) => [role.id, role]));
    touch("members");
  },
  channels(event) {
    state.channels = event.channels;
    state.guild = event.guild;
    if (!event.channels.some((channel) => channel.id === state.channel) && event.channels.length)
      openChannel(event.channels[0].id);
    touch("channels");
  },
  events: learnEvents,
  trouble(event) {
    state.trouble = event;
    touch("trouble");
  },
  tour(event) {
    state.tour = event;
    touch("tour");
  },
  stream(event) {
    state.stream = event;
    touch("stream");
  },
  log(event) {
    state.log = [...state.log, ...event.lines].slice(-LOG_LINES);
    touch("log");
  },
  storm(event) {
    state.storm = event;
    touch("storm");
  },
};

function settle(event) {
  const entry = state.waiting.get(event.nonce);
  if (entry && event.t !== "failed") state.waiting.delete(event.nonce);
  touch("waiting", entry?.messageId ?? null);
  const answer = answers.get(event.nonce);
  answers.delete(event.nonce);
  answer?.(event);
}

function opened() {
  wait = FIRST_WAIT_MS;
  state.connected = true;
  state.everConnected = true;
  touch("connection");
}

function closed() {
  state.connected = false;
  touch("connection");
  for (const [nonce, answer] of answers) answer({ t: "failed", nonce, text: "The connection was lost." });
  answers.clear();
  setTimeout(connect, wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

export function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws?as=${remembered()}`);
  socket.addEventListener("open", opened);
  socket.addEventListener("close", closed);
  socket.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    handlers[event.t]?.(event);
  });
}

/** Sends one event; false when there is no connection. */
export function send(event) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(event));
  return true;
}

/** Sends an interaction and resolves with its done, failed, modal or choices event. `shown` puts it on screen while it waits. */
export function interact(event, preview = null) {
  const nonce = `n${Date.now()}-${++serial}`;
  return new Promise((resolve) => {
    if (!send({ ...event, nonce })) {
      resolve({ t: "failed", nonce, text: "There is no connection to the sandbox." });
      return;
    }
    answers.set(nonce, resolve);
    if (!preview) return;
    state.waiting.set(nonce, { ...preview, nonce, at: Date.now() });
    touch("waiting", preview.messageId ?? null);
  });
}

export function forget(nonce) {
  const entry = state.waiting.get(nonce);
  state.waiting.delete(nonce);
  touch("waiting", entry?.messageId ?? null);
}
