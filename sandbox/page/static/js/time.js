/** Times as members read them: message timestamps, <t:…> marks, and relative ones, which update themselves. */

import { h } from "./dom.js";

const EPOCH_MS = 1420070400000n;
const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

const format = (options) => new Intl.DateTimeFormat(undefined, options);
const STYLES = {
  t: format({ timeStyle: "short" }),
  T: format({ timeStyle: "medium" }),
  d: format({ dateStyle: "short" }),
  D: format({ dateStyle: "long" }),
  f: format({ dateStyle: "long", timeStyle: "short" }),
  F: format({ dateStyle: "full", timeStyle: "short" }),
};

/** The creation time of a snowflake in milliseconds since 1970. */
export const sentAt = (id) => Number((BigInt(id) >> 22n) + EPOCH_MS);

export function ago(seconds, now = Date.now()) {
  const away = seconds - now / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? UNITS.at(-1);
  return relative.format(Math.round(away / size), unit);
}

/** When a message was sent. A narrow place has no room for the day, which the title says. */
export function stamp(ms, { narrow = false } = {}) {
  const date = new Date(ms);
  const today = new Date().toDateString() === date.toDateString();
  return h(
    "time",
    { class: "stamp", datetime: date.toISOString(), title: STYLES.F.format(date) },
    narrow || today ? STYLES.t.format(date) : `${STYLES.d.format(date)} ${STYLES.t.format(date)}`,
  );
}

/** <t:seconds:style> */
export function mark(seconds, style = "f") {
  const date = new Date(seconds * 1000);
  const props = { class: "time-mark", title: STYLES.F.format(date), datetime: date.toISOString() };
  if (style === "R") props.data = { relative: seconds };
  return h("time", props, style === "R" ? ago(seconds) : (STYLES[style] ?? STYLES.f).format(date));
}

setInterval(() => {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const text = ago(Number(element.dataset.relative));
    if (element.textContent !== text) element.textContent = text;
  }
}, 1000);
