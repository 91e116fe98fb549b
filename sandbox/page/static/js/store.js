/** What the page knows, and who wants to hear of changes. Changes are told once per frame, however many there were. */

export const state = {
  connected: false,
  everConnected: false,
  me: null,
  people: [],
  guild: null,
  channels: [],
  roles: new Map(),
  members: new Map(),
  commands: [],
  bot: { online: false, state: "starting", lines: [] },
  events: [],
  stages: [],
  mayCreate: { elsewhere: false, places: [] },
  mayOpen: [],
  trouble: { has_bot: true, outage: false, answers: "", clock: 0 },
  reply: null,
  deleted: new Set(),
  storm: { running: false, sent: 0, total: 0 },
  log: [],
  channel: null,
  messages: new Map(),
  unread: new Map(),
  waiting: new Map(),
};

const KEPT_MESSAGES = 600;
const PAINT_EVERY_MS = 100;

const listeners = new Map();
const touched = new Map();
let scheduled = false;
let paintedAt = -PAINT_EVERY_MS;

/** Calls listener(details) after touch(topic, detail) was called: at once, and then at most ten times a second. */
export function subscribe(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
}

function flush() {
  scheduled = false;
  paintedAt = performance.now();
  const batch = [...touched];
  touched.clear();
  for (const [topic, details] of batch) for (const listener of listeners.get(topic) ?? []) listener(details);
}

export function touch(topic, detail = null) {
  if (!touched.has(topic)) touched.set(topic, new Set());
  if (detail !== null) touched.get(topic).add(detail);
  if (scheduled) return;
  scheduled = true;
  const rest = paintedAt + PAINT_EVERY_MS - performance.now();
  // A storm brings hundreds of changes a second, and the bot needs the processor more than this page does. A hidden
  // tab gets no frames; a timer keeps its list from growing without end.
  if (document.hidden || rest > 0) setTimeout(flush, Math.max(rest, document.hidden ? 200 : 0));
  else requestAnimationFrame(flush);
}

export const user = (id) => state.members.get(id)?.user ?? state.people.find((one) => one.user.id === id)?.user ?? null;

export function nameOf(someone) {
  if (!someone) return "someone";
  return state.members.get(someone.id)?.nick ?? someone.global_name ?? someone.username;
}

/** The style that gives a name the colour of the member's highest coloured role; CSS keeps it readable. */
export function roleStyle(someone) {
  const roles = (state.members.get(someone?.id)?.roles ?? [])
    .map((id) => state.roles.get(id))
    .filter((role) => role?.color);
  roles.sort((left, right) => right.position - left.position);
  return roles.length ? { "--role": `#${roles[0].color.toString(16).padStart(6, "0")}` } : {};
}

export const channelMessages = (id) => state.messages.get(id) ?? new Map();

export function openChannel(id) {
  if (!state.channels.some((channel) => channel.id === id)) return;
  state.channel = id;
  state.reply = null;
  state.unread.delete(id);
  history.replaceState(null, "", `#${id}`);
  touch("channel");
  touch("channels");
}

export const isOlder = (left, right) => BigInt(left) < BigInt(right);
const inTime = (left, right) => (isOlder(left, right) ? -1 : 1);

/** Keeps a message, new or edited, and returns whether it is new here. */
export function putMessage(message) {
  const known = state.messages.get(message.channel_id) ?? new Map();
  const isNew = !known.has(message.id);
  // An edit of a message from before all that is kept here is not news.
  if (isNew && known.size >= KEPT_MESSAGES && isOlder(message.id, known.keys().next().value)) return false;
  known.set(message.id, message);
  if (known.size > KEPT_MESSAGES) known.delete(known.keys().next().value);
  const ids = [...known.keys()];
  // Messages nearly always come in order; only a late one pays for sorting.
  if (isNew && ids.length > 1 && isOlder(ids.at(-1), ids.at(-2))) {
    state.messages.set(message.channel_id, new Map([...known].sort(([left], [right]) => inTime(left, right))));
    touch("reorder");
  } else {
    state.messages.set(message.channel_id, known);
  }
  if (isNew && message.channel_id !== state.channel) {
    state.unread.set(message.channel_id, (state.unread.get(message.channel_id) ?? 0) + 1);
    touch("channels");
  }
  touch("messages", message.id);
  return isNew;
}

export function dropMessage(channelId, id) {
  state.messages.get(channelId)?.delete(id);
  state.deleted.add(id);
  touch("messages", id);
  for (const other of channelMessages(channelId).values())
    if (other.message_reference?.message_id === id) touch("messages", other.id);
}

/** The message that another one quotes as it is now; null once it is deleted, undefined if none is quoted. */
export function quotedBy(message) {
  const quoted = message.referenced_message;
  if (!quoted) return quoted;
  if (state.deleted.has(quoted.id)) return null;
  return state.messages.get(quoted.channel_id)?.get(quoted.id) ?? quoted;
}

export function learnEvents(told) {
  state.events = told.events;
  state.stages = told.stages;
  state.mayCreate = told.may_create;
  state.mayOpen = told.may_open;
  touch("events");
}

export function meet(hello) {
  state.me = hello.me;
  state.people = hello.people;
  state.guild = hello.guild;
  state.channels = hello.channels;
  state.roles = new Map(hello.roles.map((role) => [role.id, role]));
  state.members = new Map(hello.members.map((member) => [member.user.id, member]));
  state.commands = hello.commands;
  state.bot = { lines: [], ...hello.bot };
  state.storm = hello.storm ?? state.storm;
  state.trouble = hello.trouble ?? state.trouble;
  state.reply = null;
  learnEvents(hello);
  state.messages = new Map(
    Object.entries(hello.messages).map(([id, list]) => [id, new Map(list.map((one) => [one.id, one]))]),
  );
  state.waiting.clear();
  if (!state.channels.some((channel) => channel.id === state.channel)) {
    const wanted = location.hash.slice(1);
    const home =
      state.channels.find((channel) => channel.id === wanted) ??
      state.channels.find((channel) => channel.name === "general") ??
      state.channels[0];
    state.channel = home?.id ?? null;
  }
  for (const topic of ["people", "channels", "members", "commands", "bot", "storm", "channel", "waiting", "trouble"]) touch(topic);
}
