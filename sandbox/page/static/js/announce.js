/** Announces new messages to screen readers, at a pace that one can follow even in a storm. */

import { byId } from "./dom.js";
import { nameOf, state } from "./store.js";

const PAUSE_MS = 1500;
let waiting = [];
let timer = null;

function plain(message) {
  const embeds = (message.embeds ?? []).flatMap((embed) => [embed.title, embed.description]);
  const displays = [];
  const walk = (parts) =>
    parts.forEach((part) => {
      if (part.type === 10) displays.push(part.content);
      walk(part.components ?? []);
    });
  walk(message.components ?? []);
  return [message.content, ...embeds, ...displays]
    .filter(Boolean)
    .join(". ")
    .replace(/[*_`~|>#]|<[^>]*>/g, "");
}

function speak() {
  timer = null;
  const [first, ...laterMessages] = waiting;
  waiting = [];
  const more = laterMessages.length ? ` And ${laterMessages.length} more messages.` : "";
  byId("announcer").textContent = `${first}${more}`;
}

export function announce(message) {
  if (message.channel_id !== state.channel) return;
  say(`${nameOf(message.author)}: ${plain(message)}`.slice(0, 400));
}

export function say(text) {
  waiting.push(text);
  timer ??= setTimeout(speak, waiting.length > 1 ? PAUSE_MS : 100);
}
