/** Scheduled events: the row above the channels, the dialog with all of them, and the form for a new one. */

import { avatar } from "./avatar.js";
import { channelIcon } from "./channel_names.js";
import { act, tryTo } from "./doing.js";
import { byId, h, replace, uid } from "./dom.js";
import { drawer } from "./drawers.js";
import { openForm } from "./forms.js";
import { icon } from "./icons.js";
import { isPhone } from "./place.js";
import { channelOf } from "./rights.js";
import { nameOf, openChannel, state, subscribe, user } from "./store.js";
import { mark } from "./time.js";

const ACTIVE = 2;
const ELSEWHERE = "elsewhere";
const HOUR_MS = 3_600_000;
let dialog = null;

export const activeEvents = () => state.events.filter((event) => event.status === ACTIVE);

function when(event) {
  if (event.status === ACTIVE) return h("span", { class: "event-live" }, h("i", { class: "pulse" }), "Live now");
  const seconds = Math.floor(Date.parse(event.scheduled_start_time) / 1000);
  return h("span", { class: "event-when" }, icon("calendar"), mark(seconds, "f"), h("span", { class: "faint" }, mark(seconds, "R")));
}

const REPEATS = [
  ["never", "Never"],
  ["daily", "Every day"],
  ["weekly", "Every week"],
];
const EVERY = ["Every year", "Every month", "Every week", "Every day"];

/** How often an event repeats, by Discord's frequency numbers. */
function recurs({ recurrence_rule: rule }) {
  if (!rule) return null;
  const words = rule.interval > 1 ? `Every ${rule.interval} weeks` : EVERY[rule.frequency];
  return h("span", { class: "event-recurs" }, icon("repeat"), words);
}

function where(event) {
  const channel = event.channel_id && channelOf(event.channel_id);
  if (!channel) return h("span", { class: "event-where" }, icon("place"), event.entity_metadata?.location ?? "");
  return h(
    "button",
    {
      type: "button",
      class: "event-where",
      onclick: () => {
        dialog?.close();
        openChannel(channel.id);
      },
    },
    channelIcon(channel),
    channel.name,
  );
}

function change(event) {
  if (!event.may_change) return [];
  const button = (words, kind, tone = "") =>
    h("button", { type: "button", class: `button ${tone}`, onclick: () => act(kind, { event_id: event.id }) }, words);
  if (event.status === ACTIVE) return [button("End event", "event_end", "danger")];
  return [button("Start event", "event_start", "success"), button("Cancel event", "event_cancel", "quiet")];
}

function interest(event) {
  return h(
    "button",
    {
      type: "button",
      class: `button interest${event.interested ? " on" : ""}`,
      "aria-pressed": String(event.interested),
      onclick: () => act("event_follow", { event_id: event.id, interested: !event.interested }),
    },
    icon(event.interested ? "check" : "bell"),
    "Interested",
  );
}

function card(event) {
  const host = user(event.creator_id);
  return h(
    "li",
    { class: `event${event.status === ACTIVE ? " live" : ""}` },
    h(
      "div",
      { class: "event-top" },
      when(event),
      h(
        "span",
        { class: "event-crowd", title: "People who are interested" },
        icon("people"),
        event.user_count,
        h("span", { class: "sr" }, " interested"),
      ),
    ),
    h("h3", {}, event.name),
    event.description ? h("p", { class: "event-words" }, event.description) : null,
    h(
      "div",
      { class: "event-place" },
      where(event),
      recurs(event),
      host ? h("span", { class: "event-host", title: `By ${nameOf(host)}` }, h("span", { class: "mini" }, avatar(host, nameOf(host))), nameOf(host)) : null,
    ),
    h("div", { class: "event-actions" }, change(event), interest(event)),
  );
}

const mayCreate = () => state.mayCreate.elsewhere || state.mayCreate.places.length > 0;

function draw() {
  const count = state.events.length;
  replace(
    dialog,
    h(
      "header",
      {},
      h("h2", { id: dialog.dataset.title }, count === 1 ? "1 event" : `${count} events`),
      mayCreate()
        ? h("button", { type: "button", class: "button primary", onclick: askEvent }, icon("plus"), "Create event")
        : null,
      h(
        "button",
        { type: "button", class: "round", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    count
      ? h("ul", { class: "event-list", role: "list" }, state.events.map(card))
      : h("p", { class: "nothing" }, icon("calendar"), "No events are planned. Creators and moderators can create one."),
  );
}

export function openEvents() {
  if (dialog) return;
  const title = uid("events");
  dialog = h("dialog", { class: "modal events", "aria-labelledby": title, data: { title } });
  dialog.addEventListener("close", () => {
    dialog.remove();
    dialog = null;
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  draw();
  dialog.showModal();
}

/** The local time of a moment in the format of a datetime field. */
function localTime(ms) {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function askEvent() {
  const soon = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS;
  const places = state.mayCreate.places.map((id) => [id, channelOf(id)?.name ?? id]);
  if (state.mayCreate.elsewhere) places.push([ELSEWHERE, "Somewhere else"]);
  const form = openForm(
    {
      title: "Create event",
      fields: [
        { name: "place_id", label: "Where", type: "choice", options: places, value: places[0][0] },
        { name: "location", label: "Location", max: 100, required: false, placeholder: "A street, a link, anything" },
        { name: "name", label: "Title", max: 100, placeholder: "Name of the event" },
        { name: "starts_at", label: "Start", type: "datetime-local", value: localTime(soon) },
        { name: "ends_at", label: "End", type: "datetime-local", required: false, value: localTime(soon + 2 * HOUR_MS) },
        { name: "repeats", label: "Repeats", type: "choice", options: REPEATS, value: "never" },
        { name: "description", label: "Description", type: "long", max: 1000, required: false },
      ],
    },
    (values) => tryTo("event_create", eventOf(values)),
  );
  const place = form.querySelector("[name=place_id]");
  const fit = () => {
    const away = place.value === ELSEWHERE;
    for (const name of ["location", "ends_at"]) {
      const field = form.querySelector(`[data-field=${name}]`);
      field.hidden = !away;
      field.querySelector("input").required = away;
      field.querySelector(".faint")?.remove();
    }
  };
  place.addEventListener("change", fit);
  fit();
}

function eventOf({ place_id: place, location, name, starts_at: start, ends_at: end, repeats, description }) {
  const away = place === ELSEWHERE;
  return {
    name,
    description,
    repeats,
    place_id: away ? null : place,
    location: away ? location : null,
    starts_at: new Date(start).toISOString(),
    ends_at: away && end ? new Date(end).toISOString() : null,
  };
}

/** The row above the channels. Live events have cards of their own there. */
function drawRow() {
  const live = activeEvents();
  replace(
    byId("events-row"),
    h(
      "button",
      {
        type: "button",
        class: "channel",
        id: "events-button",
        "aria-haspopup": "dialog",
        onclick: () => {
          if (isPhone()) drawer("channels", false);
          openEvents();
        },
      },
      icon("calendar"),
      h("span", {}, "Events"),
      state.events.length ? h("span", { class: "badge calm" }, state.events.length) : null,
    ),
    live.map((event) =>
      h("div", { class: "live-card" }, when(event), h("b", {}, event.name), where(event)),
    ),
  );
  if (dialog) draw();
}

export function setUpEvents() {
  subscribe("events", drawRow);
}
