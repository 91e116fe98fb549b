/** Who a message is from, and what it answers: a face, a name, the command that was used or the message it replies to. */

import { avatar } from "./avatar.js";
import { isOnMenu } from "./commands.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { gist, jump } from "./jumping.js";
import { memberMenu, onMenu } from "./menus.js";
import { spell } from "./names.js";
import { nameOf, quotedBy, roleStyle, user } from "./store.js";

export function appTag() {
  return h("span", { class: "app-tag" }, "APP");
}

export function face(someone, className) {
  const button = h(
    "button",
    {
      type: "button",
      class: className,
      tabindex: -1,
      "aria-label": `Actions for ${nameOf(someone)}`,
      onclick: (event) => memberMenu(someone, { x: event.clientX, y: event.clientY }, button),
    },
    avatar(someone, nameOf(someone)),
  );
  onMenu(button, (point) => memberMenu(someone, point, button));
  return button;
}

export function author(someone) {
  const button = h(
    "button",
    {
      type: "button",
      class: "author roled",
      tabindex: -1,
      style: roleStyle(someone),
      onclick: (event) => memberMenu(someone, { x: event.clientX, y: event.clientY }, button),
    },
    spell(nameOf(someone)),
  );
  return button;
}

/** The line above a message: which command it answers, or which message. */
export function context(message) {
  const used = message.interaction;
  return used?.type === 2 ? usedCommand(used) : quote(quotedBy(message));
}

/** A command that was picked from a menu has no slash. What follows its answer knows it by its name alone. */
function usedCommand(used) {
  const command = h("span", { class: "command" }, isOnMenu(used.name) ? used.name : `/${used.name}`);
  return lineOf(used.user, (name) => h("span", {}, name, " used ", command));
}

function quote(original) {
  if (original === undefined) return null;
  if (original === null)
    return h("div", { class: "spine" }, icon("reply"), h("em", { class: "faint" }, "Original message was deleted"));
  const back = { type: "button", class: "quoted", onclick: () => jump(original.channel_id, original.id) };
  return lineOf(original.author, (name) => h("button", back, name, " ", gist(original)));
}

/** A line about a user: their small picture, and what `words` makes with their name. */
function lineOf(someone, words) {
  const who = user(someone.id) ?? someone;
  return h(
    "div",
    { class: "spine" },
    h("span", { class: "mini" }, avatar(who, nameOf(who))),
    words(h("strong", { class: "roled", style: roleStyle(who) }, spell(nameOf(who)))),
  );
}
