/** Inline elements of Discord's markdown: emphasis, code, links, mentions, times, emoji. */

import { markedLabel } from "./channel_names.js";
import { h, imageUrl, safeUrl } from "./dom.js";
import { spell } from "./names.js";
import { nameOf, openChannel, state, user } from "./store.js";
import { mark } from "./time.js";

function mention(text, props = {}) {
  const usable = props.data ? { type: "button", tabindex: -1 } : {};
  return h(props.data ? "button" : "span", { class: "mention", ...usable, ...props }, text);
}

function memberMention([, id]) {
  const mentioned = user(id);
  const ownClass = id === state.me ? " me" : "";
  const name = mentioned ? `@${nameOf(mentioned)}` : "@unknown-user";
  return mention(spell(name), { class: `mention${ownClass}`, data: { user: id } });
}

function channelMention([, id]) {
  const channel = state.channels.find((channel) => channel.id === id);
  if (!channel) return mention("#unknown");
  return h("button", { class: "mention", type: "button", onclick: () => openChannel(id) }, markedLabel(channel));
}

function emoji([, name, id]) {
  const picture = h("img", {
    class: "emoji",
    src: imageUrl(`/cdn/emojis/${id}.png`),
    alt: `:${name}:`,
    title: `:${name}:`,
  });
  picture.addEventListener("error", () => picture.replaceWith(`:${name}:`), { once: true });
  return picture;
}

const LONG_WORD = /(\/\S{16,})/;

/** A long address may be broken behind the signs that divide it, and not in the middle of a word. */
const breakable = (address) =>
  address.split(/(?<=[/?&=#._-])/).flatMap((part, index) => (index ? [h("wbr"), part] : [part]));

/** Text without markup. The bot shows the links of members' notes as text, so those are found by their length. */
const words = (text) => text.split(LONG_WORD).flatMap((part, index) => (index % 2 ? breakable(part) : spell(part)));

function link(label, address, title) {
  const url = safeUrl(address);
  if (!url) return [label];
  const content = typeof label === "string" ? breakable(label) : label;
  return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: title ?? url.href }, content);
}

function spoiler([, text]) {
  const element = h(
    "button",
    { class: "spoiler", type: "button", "aria-expanded": "false", title: "Show" },
    inline(text),
  );
  element.addEventListener("click", () => {
    element.classList.add("open");
    element.setAttribute("aria-expanded", "true");
  });
  return element;
}

const wrap = (tag) => (match) => h(tag, {}, inline(match[1]));

// Tried in this order at every position; the first match wins.
const RULES = [
  [/\\([^\p{L}\p{N}\s])/uy, (match) => match[1]],
  [/(`{1,2})([\s\S]+?)\1(?!`)/y, (match) => h("code", {}, match[2])],
  [/<@!?(\d+)>/y, memberMention],
  [/<@&(\d+)>/y, (match) => mention(`@${state.roles.get(match[1])?.name ?? "unknown-role"}`)],
  [/<#(\d+)>/y, channelMention],
  [/<\/([-\w\p{L} ]+):\d+>/uy, (match) => mention(`/${match[1]}`, { data: { command: match[1] } })],
  [/<a?:(\w+):(\d+)>/y, emoji],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, (match) => mark(Number(match[1]), match[2])],
  [
    /\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "([^"]*)")?\)/y,
    (match) => link(inline(match[1]), match[2], match[3]),
  ],
  [/<(https?:\/\/[^\s>]+)>/y, (match) => link(match[1], match[1])],
  [/https?:\/\/[^\s<>]+[^\s<>.,:;"')\]*_~|]/y, (match) => link(match[0], match[0])],
  [
    /(?:www\.)?discord(?:\.(?:gg|gift|new|me)|(?:app)?\.com\/(?:invite|gifts|template))\/[\w-]+/iy,
    (match) => link(match[0], `https://${match[0]}`),
  ],
  [/@(?:everyone|here)(?!\w)/y, (match) => mention(match[0])],
  [/\*\*\*(?=\S)([\s\S]+?)\*\*\*/y, (match) => h("strong", {}, h("em", {}, inline(match[1])))],
  [/\*\*(?=\S)([\s\S]+?)\*\*(?!\*)/y, wrap("strong")],
  [/__(?=\S)([\s\S]+?)__(?!_)/y, wrap("u")],
  [/~~(?=\S)([\s\S]+?)~~/y, wrap("s")],
  [/\|\|(?=\S)([\s\S]+?)\|\|/y, spoiler],
  [/\*(?=[^\s*])((?:\*\*[\s\S]+?\*\*|[^*])+?)\*(?!\*)/y, wrap("em")],
  [/_(?=[^\s_])([^_]+?)_(?![\p{L}\p{N}_])/uy, wrap("em")],
  [/\n/y, () => h("br")],
];

const SPECIAL = /[\\`<[hdDwW@*_~|\n]/g;

function matchAt(text, index) {
  for (const [pattern, build] of RULES) {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (!match) continue;
    // An underscore starts emphasis only at the start of a word, so that snake_case stays as it is.
    if (match[0][0] === "_" && match[0][1] !== "_" && /[\p{L}\p{N}]$/u.test(text.slice(0, index))) continue;
    return [build(match), match[0].length];
  }
  return null;
}

const SIGNS = /[.,:;!?…)'’]+/y;

/** The signs that belong to what stands before them. A browser would begin a line with them behind a button. */
function signAt(text, index) {
  SIGNS.lastIndex = index;
  return SIGNS.exec(text)?.[0] ?? "";
}

/** The nodes of one run of text. */
export function inline(text) {
  const nodes = [];
  let plain = "";
  for (let index = 0; index < text.length;) {
    const match = matchAt(text, index);
    if (match) {
      if (plain) nodes.push(...words(plain));
      plain = "";
      index += match[1];
      const sign = match[0].className?.startsWith("mention") ? signAt(text, index) : "";
      nodes.push(sign ? h("span", { class: "together" }, match[0], sign) : match[0]);
      index += sign.length;
      continue;
    }
    SPECIAL.lastIndex = index + 1;
    const next = SPECIAL.exec(text)?.index ?? text.length;
    plain += text.slice(index, next);
    index = next;
  }
  if (plain) nodes.push(...words(plain));
  return nodes;
}
