/** Trouble at the press of a button: the bot is kicked, the server has an outage, Discord answers with errors. */

import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { panel } from "./panels.js";
import { send } from "./socket.js";
import { state, subscribe } from "./store.js";
import { toast } from "./toast.js";

const ANSWERS = [
  ["", "as usual"],
  ["slow", "two seconds late"],
  ["limited", "429: too many requests"],
  ["broken", "502: Discord is down"],
  ["lost", "not at all: the connection is cut"],
  ["50001", "50001: missing access"],
  ["50013", "50013: missing permissions"],
  ["10003", "10003: unknown channel"],
  ["160005", "160005: the thread is locked"],
  ["20016", "20016: slow mode"],
  ["200000", "200000: blocked by AutoMod"],
];

const HOUR = 3600;
const CLOCKS = [
  [0, "right"],
  [13 * HOUR, "13 hours ahead"],
  [-13 * HOUR, "13 hours behind"],
  [40 * 24 * HOUR, "40 days ahead"],
];

const ask = (change) => send({ t: "trouble", ...change }) || toast("There is no connection to the sandbox.");

function toggle(label, words, on, change) {
  return h(
    "label",
    { class: "switch-row" },
    h("span", {}, h("b", {}, label), h("span", { class: "faint block" }, words)),
    h("input", { type: "checkbox", class: "switch", role: "switch", checked: on, onchange: (event) => change(event.target.checked) }),
  );
}

function choice(label, options, current, change) {
  return h(
    "label",
    { class: "stacked" },
    h("b", {}, label),
    h(
      "select",
      { class: "native", onchange: (event) => change(event.target.value) },
      options.map(([key, words]) => h("option", { value: key, selected: key === current }, words)),
    ),
  );
}

function draw() {
  const { has_bot: hasBot, outage, answers, clock, staff_role: staffRole } = state.trouble;
  const any = !hasBot || outage || answers || clock;
  byId("trouble-button").classList.toggle("troubled", Boolean(any));
  const controls = () => [...byId("trouble-panel").querySelectorAll("input, select")];
  const focused = controls().indexOf(document.activeElement);
  replace(
    byId("trouble-panel"),
    h("h2", {}, "Trouble"),
    h("p", { class: "faint" }, "Things that go wrong on Discord. Nothing here moves coins."),
    toggle("The bot is in the server", "Switch it off to kick the bot, and on to invite it again.", hasBot, (on) => ask({ bot: on })),
    toggle("Outage of the server", "Discord says that the server is unavailable.", outage, (on) => ask({ outage: on })),
    choice("Discord answers the bot's messages", ANSWERS, answers, (value) => ask({ answers: value })),
    choice("Discord's clock, compared with this machine's", CLOCKS, clock, (value) => ask({ clock: Number(value) })),
    choice(
      "Server Settings → Integrations: who sees staff commands, besides Manage Server",
      [["", "nobody"], ...[...state.roles.values()].filter((role) => !role.managed).map((role) => [role.id, `@${role.name.replace("@", "")}`])],
      staffRole,
      (value) => ask({ staff_role: value }),
    ),
    h("p", { class: "faint" }, "Discord's clock makes the ids, and ids set the order of messages."),
    h("p", {}, h("a", { class: "text-link", href: "/stripe/dashboard" }, "Trouble with payments: Stripe's dashboard")),
  );
  controls()[focused]?.focus();
}

export function setUpTrouble() {
  replace(byId("trouble-icon"), icon("bolt"));
  panel("trouble");
  subscribe("trouble", draw);
  draw();
}
