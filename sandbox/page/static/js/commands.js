/** The app's slash commands as a flat list, and a fuzzy search in it. */

import { distance, narrow } from "./matching.js";
import { state } from "./store.js";

const SUBCOMMAND = 1;
const GROUP = 2;
const CHAT_INPUT = 1;

function flatten(command) {
  const entries = [];
  const walk = (node, path) => {
    const parts = (node.options ?? []).filter((option) => option.type === SUBCOMMAND || option.type === GROUP);
    if (parts.length) parts.forEach((part) => walk(part, [...path, part.name]));
    else
      entries.push({
        command,
        path,
        name: [command.name, ...path].join(" "),
        description: node.description,
        options: node.options ?? [],
      });
  };
  walk(command, []);
  return entries;
}

export const entries = () =>
  state.commands
    .filter((command) => command.type === CHAT_INPUT)
    .flatMap(flatten)
    .sort((left, right) => left.name.localeCompare(right.name));

export const isOnMenu = (name) => state.commands.some((command) => command.type !== CHAT_INPUT && command.name === name);

export const find = (name) => entries().find((entry) => entry.name === name) ?? null;

/** The entries whose names match or, if there are none, whose descriptions do; the best first. */
export function search(query) {
  const byName = narrow(entries(), query, (entry) => [entry.name]);
  if (byName.length) return byName;
  const isInDescription = (entry) => (distance(entry.description, query) ?? 0) < 0;
  return narrow(entries().filter(isInDescription), query, (entry) => [entry.description]);
}
