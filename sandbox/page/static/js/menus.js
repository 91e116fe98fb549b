/** Context menus of messages and members: right click, long press, the "…" button or the menu key. */

import { act, askThread } from "./doing.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { openModal } from "./modal.js";
import { place } from "./place.js";
import { startReply } from "./replying.js";
import { channelOf, KIND, may, RIGHT, silence } from "./rights.js";
import { interact } from "./socket.js";
import { nameOf, state } from "./store.js";
import { toast } from "./toast.js";

const USER = 2;
const MESSAGE = 3;
const HAS_THREAD = 1 << 5;
const LONG_PRESS_MS = 500;

/** Messages that Discord itself creates: pinned, thread started, the first message of a thread. */
export const NOTICES = new Set([6, 18, 21]);

let open = null;

function close(refocus = true) {
  if (!open) return;
  const { popup, origin } = open;
  open = null;
  popup.remove();
  document.removeEventListener("pointerdown", outside, true);
  if (refocus && origin?.isConnected) origin.focus({ preventScroll: true });
}

const outside = (event) => !open?.popup.contains(event.target) && close(false);

function keys(event, items) {
  const current = items.indexOf(document.activeElement);
  const last = items.length - 1;
  const target = { ArrowDown: current + 1, ArrowUp: current + last, Home: 0, End: last }[event.key];
  if (target !== undefined) {
    event.preventDefault();
    items[target % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
}

/** Removes separators at the ends and next to each other. */
function tidy(entries) {
  const visible = entries.filter((entry) => entry !== false && entry !== undefined);
  return visible.filter((entry, index) => entry || (visible[index - 1] && visible.slice(index).some(Boolean)));
}

/** Opens a menu of {label, icon?, hint?, danger?, run} at a point; null separates groups, false is left out. */
export function menu(rawEntries, { x, y }, label, origin) {
  close(false);
  const entries = tidy(rawEntries);
  const items = [];
  const popup = h(
    "div",
    { class: "popup menu", role: "menu", "aria-label": label },
    entries.map((entry) => {
      if (!entry) return h("div", { class: "menu-line", role: "separator" });
      const item = h(
        "button",
        {
          type: "button",
          role: "menuitem",
          tabindex: -1,
          class: entry.danger ? "danger" : null,
          onclick: () => {
            close();
            entry.run();
          },
        },
        h("span", { class: "menu-mark" }, entry.icon ? icon(entry.icon) : null),
        h("span", { class: "menu-words" }, entry.label),
        entry.hint ? h("span", { class: "faint" }, entry.hint) : null,
      );
      items.push(item);
      return item;
    }),
  );
  popup.addEventListener("keydown", (event) => keys(event, items));
  document.body.append(popup);
  open = { popup, origin };
  place(popup, { left: x, right: x, top: y, bottom: y });
  items[0]?.focus({ preventScroll: true });
  document.addEventListener("pointerdown", outside, true);
}

async function run(command, targetId) {
  const channelId = state.channel;
  const answer = await interact(
    { t: "menu", channel_id: channelId, command_id: command.id, target_id: targetId },
    { channelId, command: command.name },
  );
  if (answer.t === "modal") openModal(answer.modal, channelId);
}

function commandEntries(type, targetId) {
  const commands = state.commands.filter((command) => command.type === type);
  return commands.map((command) => ({
    label: command.name,
    icon: "app",
    hint: "app",
    run: () => run(command, targetId),
  }));
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("Your browser blocked copying.");
  }
}

export function messageMenu(message, point, origin) {
  const channel = channelOf(message.channel_id);
  const notice = NOTICES.has(message.type);
  const active = !channel?.thread_metadata?.archived;
  const ordinary = !message.ephemeral && !notice;
  const own = message.author.id === state.me;
  menu(
    [
      ordinary && !silence(channel) && { label: "Reply", icon: "reply", run: () => startReply(message) },
      ordinary &&
        channel?.type === KIND.text &&
        !(message.flags & HAS_THREAD) &&
        may(channel, RIGHT.createThreads) && { label: "Create thread", icon: "thread", run: () => askThread(message) },
      ordinary &&
        active &&
        may(channel, RIGHT.pinMessages) && {
          label: message.pinned ? "Unpin message" : "Pin message",
          icon: "pin",
          run: () => act("pin", { message_id: message.id, pinned: !message.pinned }, message.channel_id),
        },
      null,
      ...(ordinary && active ? commandEntries(MESSAGE, message.id) : []),
      null,
      message.content && { label: "Copy text", icon: "copy", run: () => copy(message.content) },
      { label: "Copy message ID", icon: "copy", run: () => copy(message.id) },
      null,
      !message.ephemeral &&
        (own || may(channel, RIGHT.manageMessages)) && {
          label: "Delete message",
          icon: "trash",
          danger: true,
          run: () => act("delete_message", { message_id: message.id }, message.channel_id),
        },
    ],
    point,
    "Message actions",
    origin,
  );
}

export function memberMenu(user, point, origin) {
  const member = state.members.has(user.id);
  const isSelf = user.id === state.me;
  menu(
    [
      ...(user.bot ? [] : commandEntries(USER, user.id)),
      null,
      member && {
        label: "Mention",
        icon: "at",
        run: () => byId("composer").dispatchEvent(new CustomEvent("mention", { detail: `<@${user.id}> ` })),
      },
      { label: "Copy user ID", icon: "copy", run: () => copy(user.id) },
      null,
      isSelf &&
        user.id !== state.guild?.owner_id && {
          label: "Leave the server",
          icon: "leave",
          danger: true,
          run: () => act("leave"),
        },
    ],
    point,
    `Actions for ${nameOf(user)}`,
    origin,
  );
}

const middle = (element) => {
  const box = element.getBoundingClientRect();
  return { x: box.left + Math.min(box.width / 2, 120), y: box.top + Math.min(box.height, 40) };
};

/** Opens `show(point, origin)` by right click, long press or the menu key on the element. */
export function onMenu(element, show) {
  let press = null;
  const cancel = () => clearTimeout(press);
  element.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, input, textarea")) return;
    event.preventDefault();
    const keyboard = event.clientX === 0 && event.clientY === 0;
    show(keyboard ? middle(element) : { x: event.clientX, y: event.clientY }, element);
  });
  element.addEventListener(
    "touchstart",
    (event) => {
      const { clientX: x, clientY: y } = event.touches[0];
      press = setTimeout(() => show({ x, y }, element), LONG_PRESS_MS);
    },
    { passive: true },
  );
  for (const name of ["touchend", "touchmove", "touchcancel"])
    element.addEventListener(name, cancel, { passive: true });
}
