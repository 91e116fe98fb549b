/** The bar above the composer during a reply to a message. */

import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { spell } from "./names.js";
import { roleStyle, nameOf, state, subscribe, touch } from "./store.js";

export function startReply(message) {
  state.reply = { id: message.id, author: message.author };
  touch("reply");
  byId("composer").dispatchEvent(new CustomEvent("write"));
}

export function endReply() {
  state.reply = null;
  touch("reply");
}

function draw() {
  const bar = byId("reply-bar");
  bar.hidden = !state.reply;
  if (!state.reply) return;
  replace(
    bar,
    icon("reply"),
    h(
      "span",
      {},
      "Replying to ",
      h("strong", { class: "roled", style: roleStyle(state.reply.author) }, spell(nameOf(state.reply.author))),
    ),
    h("button", { type: "button", class: "round", "aria-label": "Do not reply", onclick: endReply }, icon("close")),
  );
}

export function setUpReplying() {
  subscribe("reply", draw);
  subscribe("channel", draw);
}
