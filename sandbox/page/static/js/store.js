/** The state of the page and its listeners, who are notified once per frame, however many changes there were. */

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
  skus: new Map(),
  bot: { online: false, state: "starting", lines: [] },
  events: [],
  stages: [],
  mayCreate: { elsewhere: false, places: [] },
  mayOpen: [],
  trouble: { has_bot: true, outage: false, answers: "", clock: 0, staff_role: "" },
  tour: { steps: [] },
  stream: { link: "", owner: "", busy: false, trouble: "" },
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
const changes = new Map();
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
  const batch = [...changes];
  changes.clear();
  for (const [topic, details] of batch) for (const listener of listeners.get(topic) ?? []) listener(details);
}

export function touch(topic, detail = null) {
  if (!changes.has(topic)) changes.set(topic, new Set());
  if (detail !== null) changes.get(topic).add(detail);
  if (scheduled) return;
  scheduled = true;
  const wait = paintedAt + PAINT_EVERY_MS - performance.now();
  // A storm brings hundreds of changes a second, and the bot needs the processor more than this page does. A hidden
  // tab gets no frames; a timer keeps its list from growing without end.
  if (document.hidden || wait > 0) setTimeout(flush, Math.max(wait, document.hidden ? 200 : 0));
  else requestAnimationFrame(flush);
}

export const user = (id) =>
  state.members.get(id)?.user ?? state.people.find((person) => person.user.id === id)?.user ?? null;

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
  localStorage.setItem("channel", id);
  touch("channel");
  touch("channels");
}

export const isOlder = (left, right) => BigInt(left) < BigInt(right);
const inTime = (left, right) => (isOlder(left, right) ? -1 : 1);

/** Stores a message, new or edited, and returns whether it is new. */
export function putMessage(message) {
  const messages = state.messages.get(message.channel_id) ?? new Map();
  const isNew = !messages.has(message.id);
  // An edit of a message older than all stored ones is not a new message.
  if (isNew && messages.size >= KEPT_MESSAGES && isOlder(message.id, messages.keys().next().value)) return false;
  messages.set(message.id, message);
  if (messages.size > KEPT_MESSAGES) messages.delete(messages.keys().next().value);
  const ids = [...messages.keys()];
  // Messages nearly always arrive in order, so only a late one pays for sorting.
  if (isNew && ids.length > 1 && isOlder(ids.at(-1), ids.at(-2))) {
    state.messages.set(message.channel_id, new Map([...messages].sort(([left], [right]) => inTime(left, right))));
    touch("reorder");
  } else {
    state.messages.set(message.channel_id, messages);
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
  for (const message of channelMessages(channelId).values())
    if (message.message_reference?.message_id === id) touch("messages", message.id);
}

/** The message that another one quotes as it is now; null once it is deleted, undefined if none is quoted. */
export function quotedBy(message) {
  const quoted = message.referenced_message;
  if (!quoted) return quoted;
  if (state.deleted.has(quoted.id)) return null;
  return state.messages.get(quoted.channel_id)?.get(quoted.id) ?? quoted;
}

export function learnEvents(payload) {
  state.events = payload.events;
  state.stages = payload.stages;
  state.mayCreate = payload.may_create;
  state.mayOpen = payload.may_open;
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
  state.skus = new Map(hello.skus.map((sku) => [sku.id, sku]));
  state.bot = { lines: [], ...hello.bot };
  state.storm = hello.storm ?? state.storm;
  state.trouble = hello.trouble ?? state.trouble;
  state.tour = hello.tour ?? state.tour;
  state.stream = hello.stream ?? state.stream;
  state.reply = null;
  learnEvents(hello);
  state.messages = new Map(
    Object.entries(hello.messages).map(([id, list]) => [id, new Map(list.map((message) => [message.id, message]))]),
  );
  state.waiting.clear();
  if (!state.channels.some((channel) => channel.id === state.channel)) {
    const lastId = location.hash.slice(1) || localStorage.getItem("channel");
    const home =
      state.channels.find((channel) => channel.id === lastId) ??
      state.channels.find((channel) => channel.name === "general") ??
      state.channels[0];
    state.channel = home?.id ?? null;
  }
  for (const topic of ["people", "channels", "members", "commands", "bot", "storm", "channel", "waiting", "trouble", "tour", "stream"]) touch(topic);
}
