/** The app's slash commands as a flat list, and a fuzzy search in it. */

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

export const find = (name) => entries().find((entry) => entry.name === name) ?? null;

/** Rates a match: lower is better, null when the text does not contain the letters in this order. */
export function distance(text, query) {
  const haystack = text.toLocaleLowerCase();
  const needle = query.toLocaleLowerCase().trim();
  if (!needle) return 0;
  if (haystack === needle) return -3;
  if (haystack.startsWith(needle)) return -2 + haystack.length / 1000;
  if (haystack.split(" ").some((word) => word.startsWith(needle))) return -1 + haystack.length / 1000;
  let from = 0;
  let gaps = 0;
  for (const letter of needle) {
    const at = haystack.indexOf(letter, from);
    if (at < 0) return null;
    gaps += at - from;
    from = at + 1;
  }
  return gaps;
}

/** The entries whose names match or, if there are none, whose descriptions do; the best first. */
export function search(query) {
  const ranked = (field) =>
    entries()
      .map((entry) => ({ entry, rank: distance(entry[field], query) }))
      .filter((match) => match.rank !== null);
  const byName = ranked("name");
  const matches = byName.length ? byName : ranked("description").filter((match) => match.rank < 0);
  return matches.sort((left, right) => left.rank - right.rank).map((match) => match.entry);
}
