/** The gift storm: its rate, duration, mix of items and givers, and its progress. */

import { byId, h, replace } from "./dom.js";
import { icon } from "./icons.js";
import { panel } from "./panels.js";
import { interact, send } from "./socket.js";
import { state, subscribe } from "./store.js";
import { toast } from "./toast.js";

const MOST = 500;

/** The slider is logarithmic: one can choose 3 as well as 300 gifts a second. */
const rateAt = (step) => Math.max(1, Math.round(MOST ** (step / 100)));

const form = byId("storm-form");
const value = (name) => Number(new FormData(form).get(name));
const number = (count) => count.toLocaleString();

function drawPlan() {
  const rate = rateAt(value("rate"));
  byId("storm-rate-words").textContent = `${number(rate)} gifts/s · ${number(rate * value("seconds"))} in all`;
}

async function start(event) {
  event.preventDefault();
  const plan = {
    rate: rateAt(value("rate")),
    seconds: value("seconds"),
    givers: value("givers"),
    mix: new FormData(form).get("mix"),
  };
  const answer = await interact({ t: "storm", ...plan });
  if (answer.t === "failed") toast(answer.text);
}

function figure(words, count, tone = "") {
  return h("div", { class: tone }, h("dt", {}, words), h("dd", {}, count));
}

function figures({ answered, refused, late, unanswered, failed, rate, p50, p99 }) {
  return [
    figure("answered", number(answered)),
    figure("refused", number(refused), refused ? "warn" : ""),
    figure("late", number(late), late ? "bad" : ""),
    figure("unanswered", number(unanswered), unanswered ? "bad" : ""),
    failed ? figure("errors", number(failed), "bad") : null,
    figure("a second", rate.toFixed(rate < 10 ? 1 : 0)),
    figure("half within", `${p50} ms`),
    figure("99 % within", `${p99} ms`),
  ];
}

/** Explains the outcomes of gifts without a receipt. */
function explain({ refused, late, late_booked: booked, unanswered }) {
  const lines = [];
  if (refused) lines.push("Refused: the bot said why, and charged nothing.");
  if (late)
    lines.push(
      `Late: the answer came after Discord's 3 seconds, so the sender saw “did not respond”. ` +
        `${number(booked)} of ${number(late)} gifts still went through. The others charged nothing.`,
    );
  if (unanswered)
    lines.push("Unanswered: the bot said nothing for 8 seconds. /balance shows whether the gift went through.");
  return lines.map((line) => h("p", { class: "faint" }, line));
}

function draw() {
  const { running, sent, total, note } = state.storm;
  const share = total ? Math.min(100, Math.round((100 * sent) / total)) : 0;
  byId("storm-button").classList.toggle("running", running);
  byId("storm-button").style.setProperty("--share", `${share}%`);
  byId("storm-start").hidden = running;
  byId("storm-stop").hidden = !running;
  for (const field of form.querySelectorAll("input")) field.disabled = running;
  if (document.activeElement === document.body && !byId("storm-panel").hidden)
    byId(running ? "storm-stop" : "storm-start").focus();
  byId("storm-meter").hidden = !total;
  byId("storm-meter").value = share;
  const words = total ? `${number(sent)} of ${number(total)} sent` : "";
  byId("storm-words").textContent = [words, note].filter(Boolean).join(" · ");
  byId("storm-figures").hidden = !sent;
  replace(byId("storm-figures"), sent ? figures(state.storm) : null);
  replace(byId("storm-notes"), sent && !running ? explain(state.storm) : null);
}

export function setUpStorm() {
  replace(byId("storm-icon"), icon("storm"));
  panel("storm", draw);
  form.addEventListener("input", drawPlan);
  form.addEventListener("submit", start);
  byId("storm-stop").addEventListener("click", () => send({ t: "storm", stop: true }));
  subscribe("storm", draw);
  drawPlan();
}
