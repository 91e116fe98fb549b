/** The column of channels, with threads below their channels, and the header of the open channel. */

import { channelIcon } from "./channel_names.js";
import { byId, h, replace } from "./dom.js";
import { act, askPost, askStage, askThread, askWebhook } from "./doing.js";
import { drawer } from "./drawers.js";
import { icon } from "./icons.js";
import { copy, menu, onMenu } from "./menus.js";
import { isPhone } from "./place.js";
import { RIGHT, channelOf, isThread, isVocal, KIND, may } from "./rights.js";
import { openChannel, state, subscribe } from "./store.js";

const SLOW_MODES = [
  ["Off", 0],
  ["10 seconds", 10],
  ["1 minute", 60],
];

/** The order of Discord's own column: text channels first, then voice channels. */
function sorted() {
  const parents = state.channels.filter((channel) => !isThread(channel) && channel.type !== 4);
  return parents.sort((left, right) => isVocal(left) - isVocal(right) || left.position - right.position);
}

/** The threads to list below a channel: active ones and the open one, but of a forum only the open one. */
function threadsOf(parent) {
  return state.channels.filter((thread) => {
    if (thread.parent_id !== parent.id || !isThread(thread)) return false;
    return thread.id === state.channel || (parent.type !== KIND.forum && !thread.thread_metadata.archived);
  });
}

const isLive = (channel) => state.stages.some((stage) => stage.channel_id === channel.id);

function row(channel) {
  const current = channel.id === state.channel;
  const unread = state.unread.get(channel.id);
  const button = h(
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
    channelIcon(channel),
    h("span", {}, channel.name),
    isLive(channel) ? h("span", { class: "live-tag" }, "LIVE") : null,
    channel.nsfw ? h("span", { class: "badge calm" }, "18+") : null,
    unread
      ? h("span", { class: "badge" }, unread > 99 ? "99+" : unread, h("span", { class: "sr" }, " unread"))
      : null,
  );
  onMenu(button, (point) => channelMenu(channel, point, button));
  return h("li", { class: isThread(channel) ? "thread-row" : null }, button);
}

function drawChannels() {
  replace(
    byId("channel-list"),
    sorted().map((channel) => [row(channel), threadsOf(channel).map(row)]),
  );
  byId("guild-name").textContent = state.guild?.name ?? "";
}

function threadEntries(channel) {
  const { archived, locked } = channel.thread_metadata;
  const moderates = may(channel, RIGHT.manageThreads);
  return [
    (moderates || (channel.owner_id === state.me && !locked)) && {
      label: archived ? "Unarchive thread" : "Archive thread",
      icon: "archive",
      run: () => act("archive", { archived: !archived }, channel.id),
    },
    moderates && {
      label: locked ? "Unlock thread" : "Lock thread",
      icon: "lock",
      run: () => act("lock", { locked: !locked }, channel.id),
    },
  ];
}

function stageEntries(channel) {
  if (!state.mayOpen.includes(channel.id)) return [];
  return [
    isLive(channel)
      ? { label: "End the stage", icon: "stage", danger: true, run: () => act("stage_close", {}, channel.id) }
      : { label: "Start the stage", icon: "stage", run: () => askStage(channel.id) },
  ];
}

function slowModeEntries(channel) {
  if (!may(channel, RIGHT.manageChannels) || isThread(channel)) return [];
  return SLOW_MODES.map(([words, seconds]) => ({
    label: `Slow mode: ${words.toLowerCase()}`,
    icon: channel.rate_limit_per_user === seconds ? "check" : "clock",
    run: () => act("slow_down", { seconds }, channel.id),
  }));
}

function ageEntries(channel) {
  if (!may(channel, RIGHT.manageChannels) || isThread(channel)) return [];
  const { nsfw } = channel;
  return [
    {
      label: nsfw ? "Lift the age restriction" : "Restrict to adults",
      icon: "lock",
      run: () => act("restrict_by_age", { restricted: !nsfw }, channel.id),
    },
  ];
}

function channelMenu(channel, point, origin) {
  const thread = channel.type === KIND.text && may(channel, RIGHT.createThreads);
  const post = channel.type === KIND.forum && may(channel, RIGHT.sendMessages);
  menu(
    [
      thread && { label: "Create thread", icon: "thread", run: () => askThread() },
      post && { label: "New post", icon: "plus", run: () => askPost(channel.id) },
      ...(isThread(channel) ? threadEntries(channel) : []),
      ...stageEntries(channel),
      null,
      ...slowModeEntries(channel),
      ...ageEntries(channel),
      may(channel, RIGHT.manageWebhooks) &&
        channel.type !== KIND.forum && { label: "Write as a webhook", icon: "hook", run: () => askWebhook(channel.id) },
      null,
      { label: "Copy channel ID", icon: "copy", run: () => copy(channel.id) },
    ],
    point,
    `Actions for ${channel.name}`,
    origin,
  );
}

function status(channel) {
  const meta = channel.thread_metadata;
  if (!meta?.archived && !meta?.locked) return null;
  return h("span", { class: "tag" }, icon(meta.locked ? "lock" : "archive"), meta.locked ? "Locked" : "Archived");
}

function drawHead() {
  const channel = channelOf(state.channel);
  if (!channel) return;
  const parent = isThread(channel) ? channelOf(channel.parent_id) : null;
  replace(
    byId("channel-title"),
    parent
      ? [
          h(
            "button",
            { type: "button", class: "crumb", onclick: () => openChannel(parent.id) },
            channelIcon(parent),
            parent.name,
          ),
          h("span", { class: "crumb-mark", "aria-hidden": "true" }, "›"),
        ]
      : null,
    parent ? null : channelIcon(channel),
    h("span", { class: "channel-name" }, channel.name),
    status(channel),
  );
  byId("channel-topic").textContent = channel.topic ?? "";
  byId("pins-button").hidden = channel.type === KIND.forum;
}

export function setUpChannels() {
  replace(byId("channel-more"), icon("more"));
  byId("channel-more").addEventListener("click", () => {
    const box = byId("channel-more").getBoundingClientRect();
    channelMenu(channelOf(state.channel), { x: box.left, y: box.bottom }, byId("channel-more"));
  });
  subscribe("channels", () => {
    drawChannels();
    drawHead();
  });
  subscribe("channel", drawHead);
  subscribe("events", drawChannels);
}
