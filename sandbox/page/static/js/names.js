/** Names and words as people wrote them. What this browser has no font for is shown as a picture that the sandbox draws. */

import { h } from "./dom.js";

const SIDE = 24;
/** Graphemes. A sentence without spaces can be wrapped between two drawings. */
const LONGEST_DRAWING = 12;
/** No font has this character, so it shows as whatever stands for a missing one. */
const MISSING = "\u{10FFFD}";
const LETTER = /[\p{L}\p{N}]/u;
const ORDINARY = /^[\u0000-\u024f]*$/;

const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const missing = new Map();
let pen = null;

function pixels(character) {
  if (!pen) {
    pen = h("canvas", { width: SIDE, height: SIDE }).getContext("2d", { willReadFrequently: true });
    pen.font = `${SIDE * 0.7}px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";
  }
  pen.clearRect(0, 0, SIDE, SIDE);
  pen.fillText(character, 2, SIDE / 2);
  return pen.getImageData(0, 0, SIDE, SIDE).data.join();
}

/** Whether a character shows as the box that stands for a missing one. */
export function isMissing(character) {
  if (!missing.has(character)) missing.set(character, pixels(character) === pixels(MISSING));
  return missing.get(character);
}

const isUnwritable = (grapheme) => [...grapheme].some((character) => LETTER.test(character) && isMissing(character));

function drawing(text) {
  const source = `/name.png?of=${encodeURIComponent(text)}`;
  const picture = h("img", { src: source, alt: text });
  const frame = h("span", { class: "drawn", style: { "--letters": `url("${source}")` } }, picture);
  picture.addEventListener("error", () => frame.replaceWith(text), { once: true });
  return frame;
}

/** The parts of a text: what can be written as it is, and pictures of what would show as boxes. */
export function spell(text) {
  if (ORDINARY.test(text)) return [text];
  const runs = [];
  for (const { segment } of segments.segment(text)) {
    const unwritable = isUnwritable(segment);
    const last = runs.at(-1);
    const isOpen = last?.unwritable === unwritable && !(unwritable && last.graphemes === LONGEST_DRAWING);
    if (!isOpen) runs.push({ text: segment, graphemes: 1, unwritable });
    else Object.assign(last, { text: last.text + segment, graphemes: last.graphemes + 1 });
  }
  return runs.map((run) => (run.unwritable ? drawing(run.text) : run.text));
}
