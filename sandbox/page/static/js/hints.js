/** The tour of a first visit: five steps through the product, each of which takes one click. */

import { find } from "./commands.js";
import { onCommand, prefill } from "./composer.js";
import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { become } from "./people.js";
import { channelMessages, nameOf, openChannel, state, subscribe } from "./store.js";

const KEY = "rosette-hints";

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

const STEPS = [
  { label: "Buy coins", command: "buy", act: () => asPerson("member", () => prefill("buy")) },
  {
    label: "Send a gift",
    command: "gift",
    act: () =>
      asPerson("member", () => {
        goTo("live-stage");
        gift();
      }),
  },
  {
    label: "See it announced",
    act: () => {
      goTo("live-stage");
      finish(2);
    },
  },
  { label: "See who is ahead", command: "leaderboard", act: () => prefill("leaderboard") },
  {
    label: "Moderate",
    command: "packages add",
    act: () =>
      asPerson("moderator", () => {
        goTo("mod-room");
        prefill("packages add");
      }),
  },
];

function load() {
  try {
    return { done: [], hidden: false, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return { done: [], hidden: false };
  }
}

const progress = load();

function save() {
  localStorage.setItem(KEY, JSON.stringify(progress));
  draw();
}

function finish(index) {
  if (!progress.done.includes(index)) progress.done.push(index);
  save();
}

function draw() {
  const strip = byId("hints");
  strip.hidden = progress.hidden;
  byId("hints-show").hidden = !progress.hidden;
  const current = STEPS.findIndex((_, index) => !progress.done.includes(index));
  replace(
    strip,
    h(
      "ol",
      {},
      STEPS.map((step, index) => {
        const isDone = progress.done.includes(index);
        return h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              class: `hint${isDone ? " done" : ""}${index === current ? " current" : ""}`,
              "aria-current": index === current ? "step" : null,
              onclick: step.act,
            },
            h("span", { class: "hint-number", "aria-hidden": "true" }, isDone ? icon("check") : index + 1),
            h("span", {}, step.label, step.command && find(step.command) ? h("code", {}, `/${step.command}`) : null),
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
        onclick: () => {
          progress.hidden = true;
          save();
        },
      },
      icon("close"),
    ),
  );
  strip.querySelector(".current")?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

/** The third step is done when an announcement arrives while the visitor is watching. */
function noticeAnnouncement(ids) {
  if (progress.hidden || progress.done.includes(2) || !progress.done.includes(1)) return;
  const messages = channelMessages(state.channel);
  const announced = [...ids]
    .map((id) => messages.get(id))
    .some((message) => message?.author.bot && !message.ephemeral && !message.interaction);
  if (announced) finish(2);
}

export function setUpHints() {
  byId("hints-show").addEventListener("click", () => {
    Object.assign(progress, { hidden: false, done: [] });
    save();
  });
  subscribe("messages", noticeAnnouncement);
  onCommand((name) => STEPS.forEach((step, index) => step.command === name && finish(index)));
  subscribe("commands", draw);
  subscribe("people", () => {
    if (later?.id !== state.me) return;
    const { act } = later;
    later = null;
    act();
  });
  draw();
}
