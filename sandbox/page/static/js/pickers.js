/** The choices for an option of a slash command, and the check of a typed value. */

import { avatar } from "./avatar.js";
import { channelIcon, labelOf } from "./channel_names.js";
import { h } from "./dom.js";
import { narrow } from "./matching.js";
import { interact } from "./socket.js";
import { nameOf, state } from "./store.js";

export const TYPE = {
  STRING: 3,
  INTEGER: 4,
  BOOLEAN: 5,
  USER: 6,
  CHANNEL: 7,
  ROLE: 8,
  MENTIONABLE: 9,
  NUMBER: 10,
  ATTACHMENT: 11,
};
const MOST_SHOWN = 25;

const colour = (role) => (role.color ? `#${role.color.toString(16).padStart(6, "0")}` : "currentColor");

const members = () =>
  [...state.members.values()].map(({ user }) => ({
    value: user.id,
    label: nameOf(user),
    detail: user.username,
    mark: avatar(user, nameOf(user)),
  }));
const roles = () =>
  [...state.roles.values()]
    .filter((role) => role.id !== state.guild.id)
    .map((role) => ({
      value: role.id,
      label: role.name,
      mark: h("span", { style: { color: colour(role) } }, "●"),
    }));
const channels = (option) =>
  state.channels
    .filter((channel) => !option.channel_types?.length || option.channel_types.includes(channel.type))
    .map((channel) => ({
      value: channel.id,
      label: labelOf(channel),
      mark: channelIcon(channel),
    }));

const KNOWN = {
  [TYPE.BOOLEAN]: () => [
    { value: true, label: "True" },
    { value: false, label: "False" },
  ],
  [TYPE.USER]: members,
  [TYPE.CHANNEL]: channels,
  [TYPE.ROLE]: roles,
  [TYPE.MENTIONABLE]: () => [...members(), ...roles()],
  [TYPE.ATTACHMENT]: () => [{ label: "Choose a file", chooses: true }],
};

const matches = (items, text) =>
  narrow(items, text.replace(/^[@#]/, ""), (item) => [item.label, item.detail]).slice(0, MOST_SHOWN);

export const mustBePicked = (option) => option.type in KNOWN || Boolean(option.choices);

/** The items that need no request to the bot, or null if the bot has to be asked. */
export function localItems(option, text) {
  if (option.choices)
    return matches(
      option.choices.map((choice) => ({ value: choice.value, label: choice.name })),
      text,
    );
  if (option.type in KNOWN) return matches(KNOWN[option.type](option), text);
  return null;
}

/** Asks the bot for choices; null when it did not answer. */
export async function ask(request) {
  const answer = await interact({ t: "autocomplete", ...request });
  if (answer.t !== "choices") return null;
  return answer.choices.map((choice) => ({ value: choice.value, label: choice.name }));
}

export function hint(option) {
  if (option.type === TYPE.INTEGER || option.type === TYPE.NUMBER) {
    const { min_value: least, max_value: most } = option;
    if (least !== undefined && most !== undefined)
      return `A number from ${least.toLocaleString()} to ${most.toLocaleString()}.`;
    if (least !== undefined) return `A number from ${least.toLocaleString()}.`;
    return "A number.";
  }
  if (option.type === TYPE.STRING && option.max_length) return `Up to ${option.max_length} characters.`;
  return "";
}

function number(option, text) {
  const pattern = option.type === TYPE.INTEGER ? /^[+-]?\d{1,16}$/ : /^[+-]?\d+(\.\d+)?$/;
  const compact = text.replace(/[\s,_']/g, "");
  if (!pattern.test(compact))
    return { problem: `${option.name} must be ${option.type === TYPE.INTEGER ? "a whole number" : "a number"}.` };
  const value = Number(compact);
  if (option.min_value !== undefined && value < option.min_value)
    return { problem: `${option.name} must be at least ${option.min_value.toLocaleString()}.` };
  if (option.max_value !== undefined && value > option.max_value)
    return { problem: `${option.name} must be at most ${option.max_value.toLocaleString()}.` };
  return { value };
}

/** {value} or {problem} for a value that was typed instead of picked. */
export function parse(option, text) {
  const trimmed = text.trim();
  if (!trimmed) return { problem: `${option.name} is required.` };
  if (mustBePicked(option)) {
    const exact = localItems(option, trimmed).filter(
      (item) => item.label.toLocaleLowerCase().replace(/^#/, "") === trimmed.toLocaleLowerCase().replace(/^[@#]/, ""),
    );
    return exact.length ? { value: exact[0].value } : { problem: `Choose ${option.name} from the list.` };
  }
  if (option.type === TYPE.INTEGER || option.type === TYPE.NUMBER) return number(option, trimmed);
  if (option.max_length && [...text].length > option.max_length)
    return { problem: `${option.name} is longer than ${option.max_length} characters.` };
  if (option.min_length && [...text].length < option.min_length)
    return { problem: `${option.name} needs ${option.min_length} characters or more.` };
  return { value: trimmed };
}
