/** One message as an element: its author and time, the command or message that it answers, and its content. */

import { avatar } from "./avatar.js";
import { render } from "./components.js";
import { byId, h } from "./dom.js";
import { attachments, embed, loose } from "./embeds.js";
import { icon } from "./icons.js";
import { isOnlyEmoji, markdown } from "./markdown.js";
import { jump } from "./jumping.js";
import { messageMenu, NOTICES, onMenu } from "./menus.js";
import { appTag, author, context, face } from "./message_head.js";
import { spell } from "./names.js";
import { startReply } from "./replying.js";
import { channelOf, silence } from "./rights.js";
import { send } from "./socket.js";
import { channelMessages, dropMessage, nameOf, openChannel, quotedBy, state, user } from "./store.js";
import { sentAt, stamp } from "./time.js";

const LOADING = 1 << 7;
const COMPONENTS_V2 = 1 << 15;
const HAS_THREAD = 1 << 5;
const PIN_NOTICE = 6;
const STARTER = 21;
const TOGETHER_MS = 7 * 60 * 1000;

function dots() {
  return h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}

function body(message) {
  if (message.flags & LOADING)
    return h("div", { class: "thinking" }, dots(), ` ${nameOf(message.author)} is thinking…`);
  if (message.flags & COMPONENTS_V2)
    return h(
      "div",
      { class: "layout" },
      message.components.map((part) => render(part, message)),
    );
  const words = message.content
    ? h("div", { class: `prose${isOnlyEmoji(message.content) ? " big-emoji" : ""}` }, markdown(message.content))
    : null;
  return [
    words,
    attachments(loose(message)),
    (message.embeds ?? []).map(embed),
    (message.components ?? []).map((part) => render(part, message)),
  ];
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) =>
      h("span", { class: `reaction${reaction.me ? " mine" : ""}` }, reaction.emoji.name, h("b", {}, reaction.count)),
    ),
  );
}

function dismiss(message) {
  send({ t: "dismiss", message_id: message.id });
  dropMessage(message.channel_id, message.id);
}

function ephemeralFoot(message) {
  if (!message.ephemeral) return null;
  return h(
    "div",
    { class: "private" },
    icon("eye"),
    "Only you can see this · ",
    h("button", { type: "button", class: "text-link", onclick: () => dismiss(message) }, "Dismiss message"),
  );
}

function failures(message) {
  return [...state.waiting.values()]
    .filter((entry) => entry.messageId === message.id && entry.failed)
    .map((entry) => h("div", { class: "went-wrong", role: "alert" }, entry.failed));
}

export function belongsTo(message, before) {
  if (!before || before.author.id !== message.author.id || before.ephemeral !== message.ephemeral) return false;
  if (before.author.username !== message.author.username) return false;
  if (message.interaction || "referenced_message" in message || NOTICES.has(before.type)) return false;
  return sentAt(message.id) - sentAt(before.id) < TOGETHER_MS;
}

const mentionsMe = (message) =>
  !message.ephemeral && (message.mention_everyone || message.mentions?.some((member) => member.id === state.me));

function notice(message) {
  const item = h(
    "li",
    { id: `message-${message.id}`, class: "message notice", tabindex: -1 },
    h("span", { class: "notice-mark" }, icon(message.type === PIN_NOTICE ? "pin" : "thread")),
    h("span", {}, author(message.author), " ", message.type === PIN_NOTICE ? pinned(message) : started(message)),
    stamp(sentAt(message.id)),
  );
  onMenu(item, (point) => messageMenu(message, point, item));
  return item;
}

const link = (words, run) => h("button", { type: "button", class: "text-link", onclick: run }, words);

function pinned({ message_reference: to }) {
  return [
    "pinned ",
    link("a message", () => jump(to.channel_id, to.message_id)),
    " to this channel. See ",
    link("all pinned messages", () => byId("pins-button").click()),
    ".",
  ];
}

function started({ content, message_reference: to }) {
  return ["started a thread: ", link(content, () => openChannel(to.channel_id))];
}

/** The first message of a thread, which shows the message that the thread was started from. */
function starter(message) {
  const original = quotedBy(message);
  if (original)
    return messageItem({ ...original, id: message.id, channel_id: message.channel_id, flags: 0, pinned: false }, false);
  return h(
    "li",
    { id: `message-${message.id}`, class: "message notice", tabindex: -1 },
    h("span", { class: "notice-mark" }, icon("thread")),
    h("em", { class: "faint" }, "The message that started this thread was deleted."),
  );
}

function threadChip(message) {
  if (!(message.flags & HAS_THREAD)) return null;
  const thread = channelOf(message.id);
  if (!thread) return null;
  const count = Math.max(0, channelMessages(thread.id).size - 1);
  return h(
    "button",
    { type: "button", class: "thread-chip", onclick: () => openChannel(thread.id) },
    icon("thread"),
    h("b", {}, thread.name),
    h("span", { class: "faint" }, `${count} ${count === 1 ? "message" : "messages"} ›`),
  );
}

function actions(message) {
  const answerable = !message.ephemeral && !silence(channelOf(message.channel_id));
  const reply = h(
    "button",
    { type: "button", class: "round", tabindex: -1, "aria-label": "Reply", onclick: () => startReply(message) },
    icon("reply"),
  );
  const more = h(
    "button",
    {
      type: "button",
      class: "round more",
      tabindex: -1,
      "aria-label": "Message actions",
      "aria-haspopup": "menu",
      onclick: () => {
        const box = more.getBoundingClientRect();
        messageMenu(message, { x: box.left, y: box.bottom }, more);
      },
    },
    icon("more"),
  );
  return h("div", { class: "actions" }, answerable ? reply : null, more);
}

/** The list item of a message. `joined` hides its head, right below another message of the same author. */
export function messageItem(message, joined) {
  if (message.type === STARTER) return starter(message);
  if (NOTICES.has(message.type)) return notice(message);
  const sender = user(message.author.id) ?? message.author;
  const at = sentAt(message.id);
  const classes = [
    "message",
    joined && "joined",
    message.ephemeral && "ephemeral",
    mentionsMe(message) && "mentioned",
  ].filter(Boolean);
  const item = h(
    "li",
    { id: `message-${message.id}`, class: classes.join(" "), tabindex: -1 },
    context(message),
    joined ? h("span", { class: "gutter" }, stamp(at, { narrow: true })) : face(sender, "face"),
    h(
      "div",
      { class: "content" },
      h(
        "div",
        { class: joined ? "sr" : "head" },
        author(sender),
        sender.bot ? appTag() : null,
        stamp(at),
        message.pinned
          ? h("span", { class: "pinned", title: "Pinned" }, icon("pin"), h("span", { class: "sr" }, "pinned"))
          : null,
      ),
      body(message),
      message.edited_timestamp && !(message.flags & LOADING)
        ? h("span", { class: "edited", title: new Date(message.edited_timestamp).toLocaleString() }, "(edited)")
        : null,
      reactions(message),
      threadChip(message),
      failures(message),
      ephemeralFoot(message),
    ),
    actions(message),
  );
  onMenu(item, (point) => messageMenu(message, point, item));
  return item;
}

/** A command that is waiting for the bot, or that the bot never answered. */
export function waitingItem(entry, forget) {
  const me = user(state.me);
  const bot = state.bot.user;
  const words = entry.failed
    ? h(
        "div",
        { class: "went-wrong", role: "alert" },
        entry.failed,
        " · ",
        h("button", { type: "button", class: "text-link", onclick: () => forget(entry.nonce) }, "Dismiss"),
      )
    : h("div", { class: "thinking" }, dots(), " Sending command…");
  return h(
    "li",
    { class: `message ephemeral waiting${entry.failed ? "" : " young"}` },
    h(
      "div",
      { class: "spine" },
      h("span", { class: "mini" }, avatar(me, nameOf(me))),
      h("span", {}, h("strong", {}, spell(nameOf(me))), " used ", h("span", { class: "command" }, entry.command)),
    ),
    h("span", { class: "face" }, avatar(bot, nameOf(bot))),
    h(
      "div",
      { class: "content" },
      h("div", { class: "head" }, h("span", { class: "author roled" }, nameOf(bot)), appTag()),
      words,
    ),
  );
}
