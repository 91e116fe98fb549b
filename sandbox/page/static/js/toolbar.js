/** The tools of the sandbox itself: bot light, restart and kill, log. */

import { say as announceText } from "./announce.js";
import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { closePanels, panel } from "./panels.js";
import { send } from "./socket.js";
import { state, subscribe } from "./store.js";
import { toast } from "./toast.js";

const STATES = {
  starting: ["wait", "The bot is starting…"],
  online: ["good", "Bot online"],
  offline: ["bad", "Bot offline"],
  restarting: ["wait", "The bot is restarting…"],
  dead: ["bad", "The bot has stopped"],
};

function botState() {
  if (!state.connected) return ["bad", "No connection to the sandbox"];
  if (state.bot.online) return STATES.online;
  return STATES[state.bot.state === "online" ? "offline" : state.bot.state] ?? STATES.offline;
}

function restart(kill) {
  if (!send({ t: "restart_bot", kill })) toast("There is no connection to the sandbox.");
  closePanels();
}

function drawBot() {
  const [tone, words] = botState();
  replace(byId("bot-button"), h("span", { class: `light ${tone}` }), h("span", { class: "tool-words" }, words));
  byId("bot-button").setAttribute("aria-label", `${words}. Restart or kill the bot`);
  replace(
    byId("bot-panel"),
    h("h2", {}, words),
    h(
      "p",
      { class: "faint" },
      "The bot is a process of its own. However it stops, no payment and no gift may be lost.",
    ),
    h(
      "div",
      { class: "row" },
      h("button", { type: "button", class: "button primary", onclick: () => restart(false) }, "Restart gracefully"),
      h("button", { type: "button", class: "button danger", onclick: () => restart(true) }, "kill −9"),
    ),
  );
  drawBanner();
}

/** A problem with the server itself, and the button that solves it, if there is one. */
function placeTrouble() {
  const help = (label, event) =>
    h("button", { type: "button", class: "button primary", onclick: () => send(event) }, label);
  if (state.guild && !state.guild.joined) return ["You left the server.", help("Join again", { t: "join" })];
  if (state.trouble.outage) return ["The server has an outage. On Discord, members couldn't see it now.", help("End the outage", { t: "trouble", outage: false })];
  if (!state.trouble.has_bot) return ["The bot was kicked from the server.", help("Invite it again", { t: "trouble", bot: true })];
  return null;
}

function drawBanner() {
  const banner = byId("banner");
  if (!state.connected) {
    banner.hidden = !state.everConnected;
    replace(banner, h("span", { class: "light bad" }), "The connection to the sandbox was lost. Trying again…");
    return;
  }
  const dead = state.bot.state === "dead";
  const words = placeTrouble();
  banner.hidden = !dead && !words;
  if (!dead && words) replace(banner, h("span", { class: "light bad" }), h("div", {}, words[0]), words[1]);
  if (!dead) return;
  replace(
    banner,
    h("span", { class: "light bad" }),
    h(
      "div",
      {},
      h(
        "strong",
        {},
        `The bot has stopped${state.bot.exit_code === undefined || state.bot.exit_code === null ? "" : ` (exit code ${state.bot.exit_code})`}.`,
      ),
      state.bot.lines?.length
        ? h("details", {}, h("summary", {}, "Last lines of its log"), h("pre", {}, state.bot.lines.join("\n")))
        : null,
    ),
    h("button", { type: "button", class: "button primary", onclick: () => restart(false) }, "Start it again"),
  );
}

let following = true;

function drawLog() {
  const box = byId("log-lines");
  if (byId("log").hidden) return;
  replace(
    box,
    state.log.map((line) => {
      const tone = /\b(ERROR|CRITICAL|Traceback)\b/.test(line) ? "bad" : /\bWARN(ING)?\b/.test(line) ? "warn" : "";
      return h("div", { class: tone }, line);
    }),
  );
  if (following) box.scrollTop = box.scrollHeight;
}

function toggleLog(open = byId("log").hidden) {
  byId("log").hidden = !open;
  byId("log-button").setAttribute("aria-expanded", String(open));
  state.log = open ? state.log : [];
  send({ t: "log", on: open });
  if (open) drawLog();
  if (!open) byId("log-button").focus();
}

export function setUpToolbar() {
  replace(byId("log-icon"), icon("log"));
  replace(byId("log-close"), icon("close"));
  panel("bot");
  byId("log-button").addEventListener("click", () => toggleLog());
  byId("log-close").addEventListener("click", () => toggleLog(false));
  byId("log-lines").addEventListener(
    "scroll",
    ({ target }) => {
      following = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
    },
    { passive: true },
  );
  subscribe("bot", () => {
    drawBot();
    announceText(botState()[1]);
  });
  subscribe("trouble", drawBanner);
  subscribe("channels", drawBanner);
  subscribe("connection", () => {
    drawBot();
    if (state.connected && !byId("log").hidden) {
      state.log = [];
      send({ t: "log", on: true });
    }
  });
  subscribe("log", drawLog);
  drawBot();
}
