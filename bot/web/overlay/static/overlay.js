/** The overlay page: connects the wire, the cursor, the screen and the clock. */

import { Beat } from "./beat.js";
import { applyOptions, readOptions } from "./options.js";
import { Connection } from "./socket.js";
import { Cursor } from "./cursor.js";
import { Match, Train } from "./races.js";
import { Goal } from "./goal.js";
import { Particles } from "./particles.js";
import { Reader } from "./texts.js";
import { Show } from "./show.js";
import { Sound } from "./sound.js";
import { Status } from "./status.js";
import { Top } from "./top.js";
import { makeControls } from "./controls.js";
import { make } from "./dom.js";

const REPORT_MS = 1000;

const options = readOptions(location.search, location.hash);
applyOptions(options);

let reader = new Reader(options.lang);
const ask = () => reader;
const beat = new Beat();
const cursor = new Cursor(options);
const sound = new Sound(options);
const particles = new Particles(document.querySelector(".rosette-particles"));
const show = new Show({ reader: ask, options, cursor, sound, particles, wake: () => soon() });
const status = new Status(ask);
const widgets = { goal: new Goal(ask), match: new Match(ask), train: new Train(ask), top: new Top(ask) };
const controls = makeControls({ show, sound, reader: ask });
const facts = { live: null, top: [], train: null, match: null };
let page = null;
let isStale = false;
let head = 0;
let skew = 0;
let reportedAt = -Infinity;
let reported = null;
let timer = 0;

function meet(message) {
  if (cursor.meet(message.epoch, message.head)) show.clear(performance.now());
  page ??= message.page;
  isStale = page !== message.page;
  head = message.head;
  skew = message.now_ms - Date.now();
  if (!options.lang) reader = new Reader(message.lang);
  document.documentElement.lang = reader.lang;
  drawCoin(message.currency?.emoji ?? "");
  controls.settle(message.queue);
  learn(message);
}

/** A server's own emoji is markup that only Discord can draw: then, as for plain coins, CSS draws one. */
function drawCoin(emoji) {
  const root = document.documentElement;
  const isText = /^[^<\w\\"]{1,16}$/u.test(emoji) && emoji !== "🪙";
  root.dataset.coin = isText ? "emoji" : "drawn";
  if (isText) root.style.setProperty("--rosette-coin", `"${emoji}"`);
}

/** Totals come as totals and replace what was known; nothing is ever added up here. */
function learn(message) {
  for (const key of Object.keys(facts)) if (message[key] !== undefined) facts[key] = message[key];
  show.severalCreators = (facts.live?.creators?.length ?? 0) > 1;
}

function receive(message) {
  if (message.welcome) meet(message);
  else if (message.gifts) takeFrame(message);
  else if (message.note) show.note(message.note.seq, message.note.text, performance.now());
  else if (message.do) controls.follow(message, performance.now());
  soon();
}

function takeFrame(message) {
  const gifts = cursor.accept(message);
  if (gifts === null) {
    connection.again();
    return;
  }
  learn(message);
  if (options.show.has("alerts")) show.offer(gifts, message.to);
  else cursor.settle(message.to ?? -1, []);
  if (message.gone?.length) show.remove(new Set(message.gone), performance.now());
}

function soon(at) {
  clearTimeout(timer);
  timer = setTimeout(paint, beat.wait(performance.now(), at));
}

function paint() {
  const now = performance.now();
  const serverNow = Date.now() + skew;
  show.paint(now, serverNow, { isHeld: controls.isHeld(), isComplete: (cursor.hello.after ?? 0) >= head });
  const isCounting = renderWidgets(serverNow);
  cursor.save();
  report(now);
  if (isStale && show.isIdle && !controls.isHeld()) {
    location.reload();
    return;
  }
  soon(beat.painted(now, { isIdle: show.isIdle, isCounting }));
}

function renderWidgets(serverNow) {
  const wanted = (name, fact) => (options.show.has(name) && facts.live ? fact : null);
  widgets.goal.render(wanted("goal", facts.live?.goal));
  widgets.top.render(wanted("top", facts.top));
  const isTrain = widgets.train.render(wanted("train", facts.train), serverNow);
  const isMatch = widgets.match.render(wanted("match", facts.match), serverNow);
  return isTrain || isMatch;
}

function report(now) {
  const shown = cursor.lowWater;
  if (shown === null || shown < 0 || shown === reported || now - reportedAt < REPORT_MS) return;
  if (connection.send({ shown })) [reported, reportedAt] = [shown, now];
}

function followState(state) {
  if (state === "open") status.quiet();
  else if (state === "lost") status.tellSoon("offline");
  else status.tell(state);
  if (state === "open") reported = null;
}

const connection = new Connection({
  hello: () => ({ token: options.token, slot: options.slot, page, ...cursor.hello }),
  on: { message: receive, state: followState },
});

const widgetList = make("aside", "rosette-widgets", ...Object.values(widgets).map(({ element }) => element));
document.querySelector(".rosette-stage").append(widgetList, ...show.elements, status.element);
addEventListener("pagehide", () => cursor.save());
document.addEventListener("visibilitychange", () => soon());
addEventListener("obsSourceVisibleChanged", ({ detail }) => {
  controls.hide(detail?.visible === false);
  soon();
});
if (options.token) connection.start();
else status.tell("incomplete");
soon();
