/**
 * What is on stream: the creator's overlay, over a still of a show, as OBS would lay it over a camera.
 *
 * The overlay is a page of the bot's in a frame. It is drawn as large as a real source and made smaller as a whole.
 */

import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { send } from "./socket.js";
import { nameOf, state, subscribe, user } from "./store.js";

/** Pixels of the source: with fewer of them, what is written on it is larger in a small panel. */
const WIDE = 1920;
const SMALL = 800;
const LARGE_PANEL = 900;
const QUIET = 0;
const AUDIBLE = 60;

let isOpen = false;
let isAudible = false;
let shown = "";

/** The address of the frame. It is opened under the host of this page, whatever the link says. */
function address() {
  const url = new URL(state.stream.link, location.origin);
  url.searchParams.set("volume", isAudible ? AUDIBLE : QUIET);
  return url.href;
}

/** The overlay says what has appeared on it. A replay and a test stand for no row of the journal, and have no number. */
function notice({ detail }) {
  const isSeen = state.tour.steps.includes("stream");
  if (!isSeen && detail.seqs.some((seq) => seq !== null)) send({ t: "shown" });
}

function drawFrame() {
  const wanted = isOpen && state.stream.link ? address() : "";
  if (wanted === shown) return;
  shown = wanted;
  // A new frame each time: where only the secret differs, the old one would go on with what it has.
  const frame = h("iframe", { src: wanted, title: "The overlay", allow: "autoplay", tabindex: -1 });
  frame.addEventListener("load", () => frame.contentDocument?.addEventListener("rosette:shown", notice));
  replace(byId("stream-frame"), wanted ? frame : null);
}

function words() {
  const { link, owner, busy, trouble } = state.stream;
  if (link) {
    const name = nameOf(user(owner));
    return `${name}'s overlay. Send ${name} a gift, and it shows here. In OBS, the link from the bot does the same.`;
  }
  if (busy) return "The creator on stage asks the bot for a link …";
  return trouble || "Nobody has a link for an overlay yet.";
}

function draw() {
  document.body.classList.toggle("stream-open", isOpen);
  byId("stream").hidden = !isOpen;
  byId("stream-button").setAttribute("aria-expanded", String(isOpen));
  byId("stream-words").textContent = words();
  byId("stream-again").hidden = Boolean(state.stream.link) || state.stream.busy;
  byId("stream-sound").setAttribute("aria-pressed", String(isAudible));
  replace(byId("stream-sound"), icon(isAudible ? "voice" : "mute"));
  drawFrame();
}

function fit() {
  const width = byId("stream-screen").clientWidth;
  const source = width > LARGE_PANEL ? WIDE : SMALL;
  const frame = byId("stream-frame");
  frame.style.setProperty("--source", `${source}px`);
  frame.style.setProperty("--fit", String(width / source));
}

function toggle(open = !isOpen) {
  isOpen = open;
  if (isOpen) send({ t: "stream" });
  draw();
  if (isOpen) fit();
  else byId("stream-button").focus();
}

export const openStream = () => toggle(true);

export function setUpStream() {
  replace(byId("stream-icon"), icon("screen"));
  replace(byId("stream-full"), icon("expand"));
  replace(byId("stream-close"), icon("close"));
  byId("stream-button").addEventListener("click", () => toggle());
  byId("stream-close").addEventListener("click", () => toggle(false));
  byId("stream-again").addEventListener("click", () => send({ t: "stream" }));
  byId("stream-full").addEventListener("click", () => byId("stream-screen").requestFullscreen?.());
  byId("stream-sound").addEventListener("click", () => {
    isAudible = !isAudible;
    draw();
  });
  new ResizeObserver(fit).observe(byId("stream-screen"));
  subscribe("stream", draw);
  subscribe("members", draw);
  draw();
}
