/** The composer, for plain messages and for slash commands, which are found by a few letters. */

import { CommandLine } from "./commandline.js";
import { entries, find, search } from "./commands.js";
import { rosette } from "./avatar.js";
import { absence } from "./absence.js";
import { labelOf } from "./channel_names.js";
import { act } from "./doing.js";
import { byId, replace } from "./dom.js";
import { icon } from "./icons.js";
import { Listbox } from "./listbox.js";
import { openModal } from "./modal.js";
import { endReply } from "./replying.js";
import { channelOf, isThread, KIND, silence } from "./rights.js";
import { interact } from "./socket.js";
import { state, subscribe } from "./store.js";
import { toast } from "./toast.js";
import { typedCommand } from "./typed_options.js";

const form = byId("composer");
const text = byId("composer-text");
const slot = byId("composer-slot");
const problem = byId("composer-problem");
const list = new Listbox(byId("composer-list"), { onPick: () => {} });
const drafts = new Map();
let line = null;
let writer = null;

function complain(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
}

function toText(words = "") {
  empty(words);
  text.focus();
  suggest();
}

function empty(words = "") {
  line = null;
  modeButton();
  list.close();
  list.own(text);
  complain("");
  replace(slot, text);
  text.value = words;
  grow();
}

/** What somebody has begun to write is theirs: it goes when another person comes, and is there when they are back. */
function changeWriter() {
  if (writer === state.me) return;
  if (writer !== null) drafts.set(writer, { line, words: line ? "" : text.value });
  writer = state.me;
  const draft = drafts.get(writer);
  empty(draft?.words);
  if (draft?.line && find(draft.line.entry.name)) show(draft.line);
}

function show(commandLine) {
  line = commandLine;
  modeButton();
  replace(slot, line.element);
}

/** The button before the field opens the commands, or leaves the one being filled in, as phones have no Escape. */
function modeButton() {
  form.classList.toggle("commanding", Boolean(line));
  replace(byId("slash"), icon(line ? "close" : "slash"));
  byId("slash").setAttribute("aria-label", line ? "Leave the command" : "Commands");
}

function toCommand(entry, values = {}) {
  complain("");
  list.close();
  show(new CommandLine(entry, { list, leave: toText, send: useCommand, complain }));
  line.fill(values);
  line.focus();
}

async function useCommand(entry, options) {
  const channelId = state.channel;
  if (!state.connected) {
    toast("There is no connection to the sandbox. Try again in a moment.");
    return;
  }
  toText();
  const answer = await interact(
    { t: "slash", channel_id: channelId, command_id: entry.command.id, path: entry.path, options },
    { channelId, command: `/${entry.name}` },
  );
  if (answer.t === "modal") openModal(answer.modal, channelId);
}

function suggest() {
  const words = text.value;
  if (!words.startsWith("/") || words.includes("\n")) {
    list.close();
    return;
  }
  const query = words.slice(1);
  const exact = query.endsWith(" ") && find(query.trim());
  if (exact && search(query.trimEnd()).filter((entry) => entry.name.startsWith(`${exact.name} `)).length === 0) {
    toCommand(exact);
    return;
  }
  const [typed, options] = typedCommand(query, entries());
  if (typed) {
    toCommand(typed);
    line.read(options);
    return;
  }
  list.own(text);
  list.onPick = (item) => toCommand(item.entry);
  const items = search(query).map((entry) => ({
    entry,
    label: `/${entry.name}`,
    description: entry.description,
    mark: rosette(),
    detail: entry.options
      .filter((option) => option.required)
      .map((option) => option.name)
      .join(" "),
  }));
  const none = state.commands.length ? "No command matches." : "The bot has not registered its commands yet.";
  // Above the commands, because their list is longer than its box.
  const title = (items.length && absence()) || "Rosette's commands";
  list.show(items, { title, note: items.length ? "" : absence() || none });
}

async function say() {
  const words = text.value.trim();
  if (!words) return;
  if (words.startsWith("/") && find(words.slice(1).trim())) {
    toCommand(find(words.slice(1).trim()));
    return;
  }
  const reply = state.reply?.id ?? null;
  text.value = "";
  list.close();
  grow();
  endReply();
  // A refused text goes back into the field, unless something else was typed in the meantime.
  if (!(await act("say", { content: words, reply_to: reply })) && !text.value) {
    text.value = words;
    grow();
  }
}

function keydown(event) {
  if (event.isComposing) return;
  if (list.key(event)) return;
  if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && list.isOpen && list.items.length)) {
    event.preventDefault();
    if (list.isOpen && list.items.length) list.pick();
    else say();
  } else if (event.key === "Escape" && (list.isOpen || state.reply)) {
    event.preventDefault();
    if (list.isOpen) list.close();
    else endReply();
  }
}

/** Typing anywhere writes into the composer, unless another element uses the keys. */
function typeAnywhere(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
  if (document.querySelector("dialog[open], .popup")) return;
  const target = event.target;
  if (target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (line) line.focus();
  else text.focus();
}

const seconds = (count) => (count % 60 ? `${count} s` : `${count / 60} min`);

function describe() {
  const channel = channelOf(state.channel);
  const name = channel && (isThread(channel) ? `“${channel.name}”` : labelOf(channel));
  const words = channel ? `Message ${name}` : "Message";
  text.setAttribute("aria-label", `${words}; type / for commands`);
  text.placeholder = words;
  const silent = silence(channel);
  const slow = channel?.rate_limit_per_user;
  form.hidden = channel?.type === KIND.forum;
  form.classList.toggle("silent", Boolean(silent));
  byId("composer-note").textContent = silent || (slow ? `Slow mode: one message every ${seconds(slow)}.` : "");
  byId("composer-note").hidden = !silent && !slow;
}

/** Opens a command in the composer with options filled in; shows a note if the bot does not have it (yet). */
export function prefill(name, values = {}) {
  const entry = find(name);
  if (entry) toCommand(entry, values);
  else toast(absence() || `The bot has no /${name} command.`);
}

export function setUpComposer() {
  modeButton();
  replace(byId("send"), icon("send"));
  byId("slash").addEventListener("pointerdown", (event) => event.preventDefault());
  byId("slash").addEventListener("click", () => toText(line ? "" : "/"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (line) line.submit();
    else say();
  });
  form.addEventListener("write", () => {
    if (!line) text.focus();
  });
  form.addEventListener("mention", (event) => {
    if (!line) toText(text.value + event.detail);
  });
  text.addEventListener("input", () => {
    grow();
    suggest();
  });
  text.addEventListener("keydown", keydown);
  text.addEventListener("blur", () => list.field === text && list.close());
  document.addEventListener("keydown", typeAnywhere);
  subscribe("people", changeWriter);
  subscribe("channel", describe);
  subscribe("channels", describe);
  subscribe("commands", () => {
    if (line && !find(line.entry.name)) toText();
    else if (!line && document.activeElement === text) suggest();
  });
  list.own(text);
}
