/** The pinned messages of a channel, in a popover below its head. */

import { avatar } from "./avatar.js";
import { act } from "./doing.js";
import { byId, h, replace } from "./dom.js";
import { attachments, embed, loose } from "./embeds.js";
import { icon } from "./icons.js";
import { jump } from "./jumping.js";
import { markdown } from "./markdown.js";
import { spell } from "./names.js";
import { panel } from "./panels.js";
import { channelOf, may, RIGHT } from "./rights.js";
import { nameOf, roleStyle, state, subscribe, user } from "./store.js";
import { sentAt, stamp } from "./time.js";

let close = () => {};
let pinnedIds = new Set();

function pinned(message) {
  const who = user(message.author.id) ?? message.author;
  const removable = may(channelOf(message.channel_id), RIGHT.pinMessages);
  return h(
    "li",
    { class: "pin" },
    h("span", { class: "mini face-small" }, avatar(who, nameOf(who))),
    h(
      "div",
      { class: "pin-words" },
      h(
        "div",
        { class: "head" },
        h("span", { class: "author roled", style: roleStyle(who) }, spell(nameOf(who))),
        stamp(sentAt(message.id)),
      ),
      message.content ? h("div", { class: "prose" }, markdown(message.content)) : null,
      attachments(loose(message)),
      (message.embeds ?? []).map(embed),
    ),
    h(
      "div",
      { class: "pin-actions" },
      h(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            close();
            jump(message.channel_id, message.id);
          },
        },
        "Jump",
      ),
      removable
        ? h(
            "button",
            {
              type: "button",
              class: "round",
              "aria-label": "Unpin message",
              onclick: () => act("pin", { message_id: message.id, pinned: false }, message.channel_id),
            },
            icon("close"),
          )
        : null,
    ),
  );
}

async function draw() {
  const answer = await act("pins");
  const messages = answer?.messages ?? [];
  pinnedIds = new Set(messages.map((message) => message.id));
  replace(
    byId("pins-panel"),
    h("h2", {}, "Pinned messages"),
    messages.length
      ? h("ul", { class: "pins", role: "list" }, messages.map(pinned))
      : h("p", { class: "nothing" }, icon("pin"), "This channel has no pinned messages yet."),
  );
}

export function setUpPins() {
  replace(byId("pins-button"), icon("pin"));
  close = panel("pins", draw);
  subscribe("channel", () => close());
  subscribe("messages", (ids) => {
    const messages = state.messages.get(state.channel);
    const moved = [...ids].some((id) => Boolean(messages?.get(id)?.pinned) !== pinnedIds.has(id));
    if (!byId("pins-panel").hidden && moved) draw();
  });
}
