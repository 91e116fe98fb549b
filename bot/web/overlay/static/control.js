/** The dock page: what the streamer, or somebody with a phone, presses while the show goes on. */

import { HeldMessages, LastGifts } from "./control_list.js";
import { Connection } from "./socket.js";
import { DOCK_TEXTS } from "./control_texts.js";
import { Reader } from "./texts.js";
import { Buttons, keyList, listenToKeys } from "./control_buttons.js";
import { make, show, write } from "./dom.js";

const LOG_LINES = 20;
/** How long it stands below the buttons that something was not done. */
const NOTICE_MS = 8000;
/** A storm of gifts must not talk without end: then the log tells none of them. */
const MOST_TOLD = 3;

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const token = location.hash.replace(/^#/, "");
const held = new HeldMessages(byId("held"), byId("held-list"));
const last = new LastGifts(byId("last-list"), byId("none"));
let reader = new Reader(query.get("lang") ?? navigator.language, DOCK_TEXTS);
let state = "lost";
let epoch = null;
let after = null;
let live = null;
let noticeEnd = 0;
const buttons = new Buttons({ reader: () => reader, press, tell });

function tell(text) {
  const log = byId("log");
  log.append(make("p", "", text));
  while (log.childElementCount > LOG_LINES) log.firstElementChild.remove();
}

/** Says that something was not done: the log is for screen readers, the line below the buttons for eyes. */
function refuse(key) {
  const text = reader.say(key);
  tell(text);
  write(byId("notice"), text);
  show(byId("notice"), true);
  clearTimeout(noticeEnd);
  noticeEnd = setTimeout(() => show(byId("notice"), false), NOTICE_MS);
}

function order(name, seq = null) {
  const isSent = connection.send({ do: name, seq });
  if (!isSent) refuse("failed");
  return isSent;
}

function press(name) {
  if (name === "approve" || name === "reject") {
    if (held.first !== null) order(name, held.first);
  } else order(name);
}

function build() {
  document.documentElement.lang = reader.lang;
  for (const [id, key] of Object.entries({ "controls-title": "controls", "held-title": "held", "last-title": "last", none: "none", "keys-title": "keys" }))
    write(byId(id), reader.say(key));
  byId("keys").replaceChildren(...keyList(reader));
  followState(state);
  showLive();
  buttons.label();
}

function showLive() {
  const names = (live?.creators ?? []).map(({ name }) => name).join(", ");
  write(byId("live"), live ? [live.title, names].filter(Boolean).join(" · ") : reader.say("noLive"));
}

function followState(next) {
  state = next;
  byId("state").dataset.state = next;
  write(byId("state"), reader.say(next));
}

function carryOut({ do: name, seq }) {
  buttons.follow(name);
  if (name === "approve" || name === "reject") held.remove(seq);
  if (reader.has(`told_${name}`)) tell(reader.say(`told_${name}`));
}

function meet(message) {
  if (!query.get("lang")) reader = new Reader(message.lang, DOCK_TEXTS);
  // Other books than before, or older ones that were restored: what is listed is not in them.
  if (epoch !== null && (epoch !== message.epoch || (after ?? 0) > message.head)) {
    after = null;
    held.clear();
    last.clear();
  }
  epoch = message.epoch;
  buttons.settle(message.queue);
  live = message.live;
  build();
}

function takeFrame(message) {
  const gifts = message.gifts.filter(({ seq }) => seq === null || after === null || seq > after);
  after = Math.max(after ?? 0, message.to ?? 0);
  last.add(gifts, reader, (seq) => order("replay", seq));
  for (const gift of gifts) if (gift.held) held.add(gift, reader, order);
  if (message.gone?.length) {
    last.remove(message.gone);
    for (const seq of message.gone) held.remove(seq);
  }
  if (message.live !== undefined) live = message.live;
  showLive();
  announce(gifts);
}

function announce(gifts) {
  const nameOf = ({ sender }) => sender.name ?? reader.say("anonymous");
  for (const gift of gifts.slice(0, MOST_TOLD)) {
    if (gift.held) tell(reader.say("toldHeld", { name: nameOf(gift) }));
    else if (gifts.length <= MOST_TOLD) tell(reader.say("toldGift", { name: nameOf(gift), gift: gift.gift.name }));
  }
}

const connection = new Connection({
  hello: () => ({ token, slot: "dock", page: null, after, epoch }),
  on: {
    message(message) {
      if (message.welcome) meet(message);
      else if (message.gifts) takeFrame(message);
      else if (message.note) held.remove(message.note.seq);
      else if (message.do) carryOut(message);
      else if (message.refused) refuse(`refused_${message.because}`);
    },
    state: followState,
  },
});

byId("buttons").append(...buttons.elements);
listenToKeys(press);
build();
if (token) connection.start();
else followState("incomplete");
