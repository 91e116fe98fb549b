/** Channels on the left, members on the right, and the switch between the people one can be. */

import { avatar, rosette } from "./avatar.js";
import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { appTag } from "./message.js";
import { memberMenu, onMenu } from "./menus.js";
import { isPhone } from "./place.js";
import { send } from "./socket.js";
import { roleStyle, nameOf, openChannel, state, subscribe } from "./store.js";

const STAGE = 13;
const SHOWN_KINDS = new Set([0, 2, 5, STAGE]);

export function become(userId) {
  if (userId !== state.me) send({ t: "as", user_id: userId });
}

/** Opens or closes a side drawer on phones; on wide windows it shows or hides the column. */
export function drawer(side, open) {
  const name = `${side}-open`;
  const wanted = open ?? !document.body.classList.contains(name);
  document.body.classList.remove("channels-open", "members-open");
  document.body.classList.toggle(name, wanted);
  byId("veil").hidden = !wanted || !isPhone();
  byId(`${side}-toggle`).setAttribute("aria-expanded", String(wanted));
  if (wanted && isPhone()) byId(side).querySelector("button")?.focus();
}

function drawPeople() {
  replace(
    byId("people"),
    state.people.map(({ user, role, blurb }) => {
      const mine = user.id === state.me;
      return h(
        "button",
        {
          type: "button",
          class: `person${mine ? " me" : ""}`,
          "aria-pressed": String(mine),
          title: blurb,
          data: { person: user.username },
          onclick: () => become(user.id),
        },
        avatar(user, nameOf(user)),
        h("span", { class: "person-words" }, h("b", {}, nameOf(user)), " ", h("small", {}, role)),
      );
    }),
  );
  byId("people").querySelector(".me")?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

function drawChannels() {
  const channels = state.channels
    .filter((channel) => SHOWN_KINDS.has(channel.type))
    .sort((left, right) => left.position - right.position);
  replace(
    byId("channel-list"),
    channels.map((channel) => {
      const current = channel.id === state.channel;
      const unread = state.unread.get(channel.id);
      return h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: `channel${current ? " current" : ""}${unread ? " unread" : ""}`,
            "aria-current": current ? "page" : null,
            data: { channel: channel.name },
            onclick: () => {
              openChannel(channel.id);
              if (isPhone()) drawer("channels", false);
            },
          },
          icon(channel.type === STAGE ? "stage" : "hash"),
          h("span", {}, channel.name),
          unread
            ? h("span", { class: "badge" }, unread > 99 ? "99+" : unread, h("span", { class: "sr" }, " unread"))
            : null,
        ),
      );
    }),
  );
  byId("guild-name").textContent = state.guild?.name ?? "";
}

function drawHeader() {
  const channel = state.channels.find((one) => one.id === state.channel);
  if (!channel) return;
  replace(byId("channel-title"), icon(channel.type === STAGE ? "stage" : "hash"), h("span", {}, channel.name));
  byId("channel-topic").textContent = channel.topic ?? "";
}

function memberRow({ user }) {
  const button = h(
    "button",
    {
      type: "button",
      class: "member",
      onclick: (event) => {
        const box = button.getBoundingClientRect();
        memberMenu(
          user,
          event.detail ? { x: event.clientX, y: event.clientY } : { x: box.left, y: box.bottom },
          button,
        );
      },
    },
    avatar(user, nameOf(user)),
    h("span", { class: "member-name roled", style: roleStyle(user) }, nameOf(user)),
    user.bot ? appTag() : null,
  );
  onMenu(button, (point) => memberMenu(user, point, button));
  return h("li", {}, button);
}

function groups() {
  const byRole = new Map();
  const hoisted = [...state.roles.values()]
    .filter((role) => role.hoist)
    .sort((left, right) => right.position - left.position);
  for (const member of state.members.values()) {
    const role = hoisted.find((one) => member.roles.includes(one.id));
    const name = member.user.bot ? "Apps" : (role?.name ?? "Members");
    if (!byRole.has(name)) byRole.set(name, []);
    byRole.get(name).push(member);
  }
  const order = [...hoisted.map((role) => role.name), "Apps", "Members"];
  return [...new Set(order)].filter((name) => byRole.has(name)).map((name) => [name, byRole.get(name)]);
}

function drawMembers() {
  replace(
    byId("member-list"),
    groups().map(([name, members]) =>
      h("section", {}, h("h3", {}, `${name} — ${members.length}`), h("ul", { role: "list" }, members.map(memberRow))),
    ),
  );
}

export function setUpPeople() {
  replace(byId("guild-mark"), rosette());
  replace(byId("channels-toggle"), icon("menu"));
  replace(byId("members-toggle"), icon("people"));
  byId("channels-toggle").addEventListener("click", () => drawer("channels"));
  byId("members-toggle").addEventListener("click", () => drawer("members"));
  byId("veil").addEventListener("click", () => {
    drawer("channels", false);
    drawer("members", false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("veil").hidden) byId("veil").click();
  });
  if (!isPhone()) drawer("members", true);
  subscribe("people", drawPeople);
  subscribe("channels", drawChannels);
  subscribe("channel", drawHeader);
  subscribe("members", () => {
    drawMembers();
    drawPeople();
  });
}
