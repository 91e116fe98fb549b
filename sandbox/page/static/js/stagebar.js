/** The bar of a stage channel: the topic while it is open, and a button for people who may open or end it. */

import { act, askStage } from "./doing.js";
import { byId, h, replace } from "./dom.js";
import { activeEvents } from "./events.js";
import { icon } from "./icons.js";
import { channelOf, isVocal, KIND } from "./rights.js";
import { state, subscribe } from "./store.js";

function words(channel, stage, event) {
  if (stage || event) return h("span", {}, h("i", { class: "pulse" }), h("b", {}, "Live: "), stage?.topic ?? event.name);
  const kind = channel.type === KIND.stage ? "The stage is closed." : "This is the chat of a voice channel.";
  return h("span", { class: "faint" }, kind);
}

function draw() {
  const bar = byId("stage-bar");
  const channel = channelOf(state.channel);
  bar.hidden = !isVocal(channel);
  if (bar.hidden) return;
  const stage = state.stages.find((stage) => stage.channel_id === channel.id);
  const event = activeEvents().find((event) => event.channel_id === channel.id);
  const may = state.mayOpen.includes(channel.id);
  bar.classList.toggle("live", Boolean(stage || event));
  replace(
    bar,
    icon(channel.type === KIND.stage ? "stage" : "voice"),
    words(channel, stage, event),
    may && !stage
      ? h("button", { type: "button", class: "button", onclick: () => askStage(channel.id) }, "Start the stage")
      : null,
    may && stage
      ? h("button", { type: "button", class: "button danger", onclick: () => act("stage_close") }, "End the stage")
      : null,
  );
}

export function setUpStageBar() {
  for (const topic of ["channel", "channels", "events"]) subscribe(topic, draw);
}
