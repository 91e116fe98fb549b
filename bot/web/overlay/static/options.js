/**
 * What the address says about looks: ?show=alerts,goal,top,train,match&pos=bl&scale=1&volume=60&motion=calm&tier=medium&lang=de
 * &sound=medium:off,grand:low&slot=main. The link's token is in the fragment, which no server and no log ever sees.
 */

export const TIERS = ["small", "medium", "large", "grand", "legendary"];
const PARTS = ["alerts", "goal", "top", "train", "match"];
const PLACES = ["bl", "br", "tl", "tr"];
const LEVELS = ["off", "low", "full"];
const SOUNDS = { small: "low", medium: "low", large: "full", grand: "full", legendary: "full" };

function number(text, low, high, fallback) {
  const value = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : fallback;
}

const oneOf = (text, choices, fallback) => (choices.includes(text) ? text : fallback);

function parts(text) {
  const chosen = (text ?? "").split(",").filter((part) => PARTS.includes(part));
  return new Set(chosen.length ? chosen : PARTS);
}

/** "grand:low" sets one tier, and a bare "off" sets all. */
function sounds(text) {
  const levels = { ...SOUNDS };
  for (const part of (text ?? "").split(",")) {
    const [tier, level] = part.includes(":") ? part.split(":") : [null, part];
    if (!LEVELS.includes(level)) continue;
    for (const each of tier === null ? TIERS : TIERS.filter((known) => known === tier)) levels[each] = level;
  }
  return levels;
}

export function readOptions(search, hash) {
  const query = new URLSearchParams(search);
  return {
    token: hash.replace(/^#/, ""),
    slot: query.get("slot") || "main",
    show: parts(query.get("show")),
    pos: oneOf(query.get("pos"), PLACES, "bl"),
    scale: number(query.get("scale"), 0.5, 3, 1),
    volume: number(query.get("volume"), 0, 100, 60) / 100,
    motion: oneOf(query.get("motion"), ["full", "calm"], null),
    tier: oneOf(query.get("tier"), TIERS, "small"),
    sounds: sounds(query.get("sound")),
    lang: query.get("lang"),
  };
}

/** Puts what CSS needs to know on the root. `motion` follows the machine's setting unless the address decides. */
export function applyOptions(options, root = document.documentElement) {
  root.dataset.pos = options.pos;
  if (options.scale !== 1) root.style.setProperty("--rosette-scale", String(options.scale));
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  const settle = () => {
    root.dataset.motion = options.motion ?? (reduced.matches ? "calm" : "full");
  };
  reduced.addEventListener("change", settle);
  settle();
}

export const isCalm = () => document.documentElement.dataset.motion === "calm";
