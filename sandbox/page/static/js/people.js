/** The members on the right, and the switch between the people whom the visitor can play. */

import { avatar, rosette } from "./avatar.js";
import { byId, h, replace } from "./dom.js";
import { drawer, followWidth } from "./drawers.js";
import { icon } from "./icons.js";
import { appTag } from "./message_head.js";
import { memberMenu, onMenu } from "./menus.js";
import { spell } from "./names.js";
import { send } from "./socket.js";
import { roleStyle, nameOf, state, subscribe } from "./store.js";

export function become(userId) {
  if (userId !== state.me) send({ t: "as", user_id: userId });
}

function drawPeople() {
  replace(
    byId("people"),
    state.people.map(({ user, role, blurb }) => {
      const isSelf = user.id === state.me;
      return h(
        "button",
        {
          type: "button",
          class: `person${isSelf ? " me" : ""}`,
          "aria-pressed": String(isSelf),
          title: blurb,
          data: { person: user.username },
          onclick: () => become(user.id),
        },
        avatar(user, nameOf(user)),
        h("span", { class: "person-words" }, h("b", {}, spell(nameOf(user))), " ", h("small", {}, role)),
      );
    }),
  );
  byId("people").querySelector(".me")?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

/** The roles of a member that do not head a section of their own, the highest first; nothing without any. */
function rolesLine(ids) {
  const roles = ids.map((id) => state.roles.get(id)).filter((role) => role && !role.hoist && !role.managed);
  if (!roles.length) return null;
  roles.sort((left, right) => right.position - left.position);
  const names = roles.map((role) => role.name).join(", ");
  return h("small", { class: "member-roles", title: names }, spell(names));
}

function memberRow({ user, roles }) {
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
    h(
      "span",
      { class: "member-words" },
      h("span", { class: "member-name roled", style: roleStyle(user) }, spell(nameOf(user))),
      rolesLine(roles),
    ),
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
    const role = hoisted.find((role) => member.roles.includes(role.id));
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
  followWidth();
  subscribe("people", drawPeople);
  subscribe("members", () => {
    drawMembers();
    drawPeople();
  });
}
