/** The tour of a first visit: six steps through the product, each of which takes one click. */

import { find } from "./commands.js";
import { prefill } from "./composer.js";
import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { become } from "./people.js";
import { send } from "./socket.js";
import { nameOf, openChannel, state, subscribe } from "./store.js";
import { openStream } from "./stream.js";

const HIDDEN = "tour-hidden";

const personOf = (role) => state.people.find((person) => person.role === role)?.user;
const goTo = (name) =>
  state.channels.filter((channel) => channel.name === name).forEach((channel) => openChannel(channel.id));

function gift() {
  const creator = personOf("creator");
  prefill("gift", creator ? { creator: nameOf(creator) } : {});
}

/** Waits until the page has switched to a person, then acts. The switch takes a round trip to the sandbox. */
function asPerson(role, act) {
  const person = personOf(role);
  if (!person || person.id === state.me) {
    act();
    return;
  }
  later = { id: person.id, act };
  become(person.id);
}

let later = null;

/** The steps by the names that the sandbox has for them. It ticks each once it has happened, in every open page. */
const STEPS = [
  { name: "buy", label: "Buy coins", command: "buy", act: () => asPerson("member", () => prefill("buy")) },
  {
    name: "gift",
    label: "Send a gift",
    command: "gift",
    act: () =>
      asPerson("member", () => {
        goTo("live-stage");
        gift();
      }),
  },
  { name: "announcement", label: "See it announced", act: () => goTo("live-stage") },
  {
    name: "stream",
    label: "See it on stream",
    act: () => {
      openStream();
      // Only a gift that comes while the overlay is open is seen there.
      asPerson("member", gift);
    },
  },
  { name: "leaderboard", label: "See who is ahead", command: "leaderboard", act: () => prefill("leaderboard") },
  {
    name: "moderation",
    label: "Moderate",
    command: "packages add",
    act: () =>
      asPerson("moderator", () => {
        goTo("mod-room");
        prefill("packages add");
      }),
  },
];

const isHidden = () => localStorage.getItem(HIDDEN) === "yes";

function hide(hidden) {
  localStorage.setItem(HIDDEN, hidden ? "yes" : "no");
  draw();
}

function draw() {
  const strip = byId("hints");
  strip.hidden = isHidden();
  byId("hints-show").hidden = !isHidden();
  const current = STEPS.findIndex((step) => !state.tour.steps.includes(step.name));
  replace(
    strip,
    h(
      "ol",
      {},
      STEPS.map((step, index) => {
        const isDone = state.tour.steps.includes(step.name);
        return h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              class: `hint${isDone ? " done" : ""}${index === current ? " current" : ""}`,
              title: step.label,
              "aria-current": index === current ? "step" : null,
              onclick: step.act,
            },
            h("span", { class: "hint-number", "aria-hidden": "true" }, isDone ? icon("check") : index + 1),
            h("span", { class: "hint-words" }, step.label, step.command && find(step.command) ? h("code", {}, `/${step.command}`) : null),
            isDone ? h("span", { class: "sr" }, "done") : null,
          ),
        );
      }),
    ),
    h(
      "button",
      {
        type: "button",
        class: "round",
        "aria-label": "Hide the tour",
        onclick: () => hide(true),
      },
      icon("close"),
    ),
  );
  strip.querySelector(".current")?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

export function setUpHints() {
  byId("hints-show").addEventListener("click", () => {
    send({ t: "tour" });
    hide(false);
  });
  subscribe("commands", draw);
  subscribe("tour", draw);
  // An announcement counts as seen once a page shows its channel.
  subscribe("channel", () => state.channel && send({ t: "look", channel_id: state.channel }));
  subscribe("people", () => {
    if (later?.id !== state.me) return;
    const { act } = later;
    later = null;
    act();
  });
  draw();
}
