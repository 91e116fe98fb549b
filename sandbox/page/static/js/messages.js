/** The message list: keeps one element per message, redraws only what changed, and stays at the end if it was there. */

import { byId, h, replace } from "./dom.js";
import { channelIcon, labelOf } from "./channel_names.js";
import { forum } from "./forum.js";
import { belongsTo, messageItem, waitingItem } from "./message.js";
import { channelOf, isThread, KIND } from "./rights.js";
import { forget } from "./socket.js";
import { channelMessages, isOlder, state, subscribe } from "./store.js";

const PAGE = 80;
const HAS_THREAD = 1 << 5;
const NEAR_END_PX = 120;

const scroller = byId("scroller");
const list = byId("messages");
const toEnd = byId("to-end");
const items = new Map();
let limit = PAGE;
let stuck = true;
let unseen = 0;

const visible = () => [...channelMessages(state.channel).values()].slice(-limit);
const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;

function scrollDown() {
  scroller.scrollTop = scroller.scrollHeight;
  stuck = true;
  unseen = 0;
  toEnd.hidden = true;
}

function welcome(channel) {
  return h(
    "li",
    { class: "welcome" },
    h("div", { class: "welcome-mark" }, channelIcon(channel)),
    h("h2", {}, labelOf(channel)),
    h("p", {}, channel.topic || `This is the beginning of ${isThread(channel) ? "the thread" : labelOf(channel)}.`),
  );
}

function earlier(total) {
  if (total <= limit) return null;
  return h(
    "li",
    { class: "earlier" },
    h(
      "button",
      {
        type: "button",
        class: "button quiet",
        onclick: () => {
          limit += PAGE;
          const height = scroller.scrollHeight;
          rebuild(false);
          scroller.scrollTop += scroller.scrollHeight - height;
        },
      },
      `Show earlier messages (${total - limit})`,
    ),
  );
}

function drawWaiting() {
  for (const element of list.querySelectorAll(".waiting")) element.remove();
  for (const entry of state.waiting.values()) {
    if (entry.channelId === state.channel && entry.command) list.append(waitingItem(entry, forget));
  }
}

function rebuild(toBottom = true) {
  const channel = state.channels.find((channel) => channel.id === state.channel);
  items.clear();
  if (!channel) {
    replace(list);
    return;
  }
  if (channel.type === KIND.forum) {
    replace(list, forum(channel));
    return;
  }
  const messages = visible();
  const rows = messages.map((message, index) => {
    const item = messageItem(message, belongsTo(message, messages[index - 1]));
    items.set(message.id, item);
    return item;
  });
  const total = channelMessages(channel.id).size;
  replace(list, total > limit ? earlier(total) : welcome(channel), rows);
  drawWaiting();
  if (toBottom) scrollDown();
}

/** Replaces an element with its new version and moves the focus to the same control in it. */
function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const custom = focused?.dataset.customId;
  old.replaceWith(fresh);
  if (!focused) return;
  const controls = [...fresh.querySelectorAll("[data-custom-id]")];
  const twin = custom && controls.find((control) => control.dataset.customId === custom);
  (twin && !twin.disabled ? twin : fresh).focus({ preventScroll: true });
}

function refresh(id) {
  const messages = channelMessages(state.channel);
  const message = messages.get(id);
  const old = items.get(id);
  if (!message) {
    old?.remove();
    items.delete(id);
    return;
  }
  if (old) {
    const fresh = messageItem(message, old.classList.contains("joined") && !message.interaction);
    items.set(id, fresh);
    swap(old, fresh);
    return;
  }
  const lastId = [...items.keys()].at(-1);
  // An edit of a message behind "Show earlier messages" shows when that is pressed.
  if (lastId && isOlder(id, lastId)) return;
  const before = lastId ? messages.get(lastId) : null;
  const item = messageItem(message, belongsTo(message, before));
  items.set(id, item);
  const waiting = list.querySelector(".waiting");
  if (waiting) waiting.before(item);
  else list.append(item);
  // What answers somebody's press or command is what they wait for, wherever they have scrolled.
  if (message.ephemeral) stuck = true;
  else if (!stuck) unseen += 1;
}

function trim() {
  // A storm must not grow the page, so far messages are removed and drawn again on request.
  if (!stuck || items.size <= limit + PAGE) return;
  limit = PAGE;
  rebuild();
}

function changed(ids) {
  if (channelOf(state.channel)?.type === KIND.forum) return;
  const messages = channelMessages(state.channel);
  for (const id of ids) if (messages.has(id) || items.has(id)) refresh(id);
  trim();
  follow();
}

/** Messages show the state of their threads, and their actions depend on permissions in the channel. */
function redrawThreads() {
  for (const [id, message] of channelMessages(state.channel)) if (items.has(id) && message.flags & HAS_THREAD) refresh(id);
}

function follow() {
  if (stuck) scrollDown();
  toEnd.hidden = stuck || unseen === 0;
  toEnd.textContent = `${unseen} new ${unseen === 1 ? "message" : "messages"} ↓`;
}

function waitingChanged(messageIds) {
  drawWaiting();
  for (const id of messageIds) if (items.has(id)) refresh(id);
  follow();
}

function rove(event) {
  const rows = [...list.querySelectorAll(".message")];
  const current = rows.indexOf(document.activeElement);
  if (current < 0) return;
  const target = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (target !== undefined && rows[target]) {
    event.preventDefault();
    rows[target].focus();
  } else if (event.key === "Enter") {
    rows[current].querySelector(".more")?.click();
  }
}

export function setUpMessages() {
  subscribe("channel", () => {
    limit = PAGE;
    rebuild();
    const channel = state.channels.find((channel) => channel.id === state.channel);
    list.setAttribute("aria-label", channel ? `Messages in ${channel.name}` : "Messages");
    document.title = channel ? `${labelOf(channel)} · Rosette sandbox` : "Rosette sandbox";
  });
  subscribe("reorder", () => rebuild(stuck));
  subscribe("channels", () => {
    if (channelOf(state.channel)?.type === KIND.forum) rebuild(false);
    else redrawThreads();
  });
  subscribe("members", () => rebuild(stuck));
  subscribe("messages", changed);
  subscribe("waiting", waitingChanged);
  scroller.addEventListener(
    "scroll",
    () => {
      stuck = atEnd();
      if (stuck) unseen = 0;
      toEnd.hidden = stuck || unseen === 0;
    },
    { passive: true },
  );
  toEnd.addEventListener("click", scrollDown);
  list.addEventListener("keydown", rove);
  // Pictures load late and keyboards open, so a list that was at its end is scrolled there again.
  new ResizeObserver(() => stuck && scrollDown()).observe(list);
  new ResizeObserver(() => stuck && scrollDown()).observe(scroller);
}
