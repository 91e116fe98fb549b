/** A forum: its posts as cards, and the form for a new one. */

import { avatar } from "./avatar.js";
import { askPost } from "./doing.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { gist } from "./jumping.js";
import { spell } from "./names.js";
import { may, RIGHT } from "./rights.js";
import { channelMessages, nameOf, openChannel, roleStyle, state, user } from "./store.js";
import { sentAt, stamp } from "./time.js";

function mark(post) {
  const { archived, locked } = post.thread_metadata;
  if (locked) return h("span", { class: "tag" }, icon("lock"), "Locked");
  return archived ? h("span", { class: "tag" }, icon("archive"), "Archived") : null;
}

function card(post) {
  const messages = [...channelMessages(post.id).values()];
  const first = messages[0];
  const who = first ? (user(first.author.id) ?? first.author) : user(post.owner_id);
  const answers = Math.max(0, messages.length - 1);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "post", onclick: () => openChannel(post.id) },
      h("span", { class: "post-title" }, post.name, mark(post)),
      first
        ? h("span", { class: "post-words" }, h("b", { class: "roled", style: roleStyle(who) }, spell(nameOf(who))), `: ${gist(first)}`)
        : null,
      h(
        "span",
        { class: "post-foot" },
        who ? h("span", { class: "mini" }, avatar(who, nameOf(who))) : null,
        `${answers} ${answers === 1 ? "answer" : "answers"}`,
        h("span", { "aria-hidden": "true" }, "·"),
        stamp(sentAt(post.last_message_id ?? post.id)),
      ),
    ),
  );
}

export function forum(channel) {
  const posts = state.channels
    .filter((thread) => thread.parent_id === channel.id)
    .sort((left, right) => left.thread_metadata.archived - right.thread_metadata.archived || right.id - left.id);
  const allowed = may(channel, RIGHT.sendMessages);
  return h(
    "li",
    { class: "forum" },
    h(
      "div",
      { class: "forum-head" },
      h("div", {}, h("h2", {}, channel.name), h("p", {}, channel.topic ?? "")),
      allowed
        ? h(
            "button",
            { type: "button", class: "button primary", onclick: () => askPost(channel.id) },
            icon("plus"),
            "New post",
          )
        : null,
    ),
    posts.length
      ? h("ul", { class: "posts", role: "list" }, posts.map(card))
      : h("p", { class: "faint" }, "No posts yet."),
  );
}
