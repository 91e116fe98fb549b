/** Context menus of messages and members: right click, long press, the "…" button or the menu key. */

import { byId, h } from "./dom.js";
import { openModal } from "./modal.js";
import { place } from "./place.js";
import { interact } from "./socket.js";
import { nameOf, state } from "./store.js";
import { toast } from "./toast.js";

const USER = 2;
const MESSAGE = 3;
const LONG_PRESS_MS = 500;
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
  const here = items.indexOf(document.activeElement);
  const target = { ArrowDown: here + 1, ArrowUp: here - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (target !== undefined) {
    event.preventDefault();
    items[target % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close();
  }
}

/** Opens a menu of {label, hint?, run} at a point; groups are separated by null. */
export function menu(entries, { x, y }, label, origin) {
  close(false);
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
          onclick: () => {
            close();
            entry.run();
          },
        },
        h("span", {}, entry.label),
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
  return commands.map((command) => ({ label: command.name, hint: "app", run: () => run(command, targetId) }));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("The browser did not allow copying.");
  }
}

export function messageMenu(message, point, origin) {
  const apps = commandEntries(MESSAGE, message.id);
  menu(
    [
      ...(message.ephemeral ? [] : apps),
      apps.length && !message.ephemeral ? null : undefined,
      { label: "Copy text", run: () => copy(message.content) },
      { label: "Copy message ID", run: () => copy(message.id) },
    ].filter((entry) => entry !== undefined),
    point,
    "Message actions",
    origin,
  );
}

export function memberMenu(user, point, origin) {
  const apps = user.bot ? [] : commandEntries(USER, user.id);
  menu(
    [
      ...apps,
      apps.length ? null : undefined,
      {
        label: "Mention",
        run: () => byId("composer").dispatchEvent(new CustomEvent("mention", { detail: `<@${user.id}> ` })),
      },
      { label: "Copy user ID", run: () => copy(user.id) },
    ].filter((entry) => entry !== undefined),
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
