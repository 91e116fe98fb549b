/** Options that are typed by hand, as in "creator:Noor count:5". */

/** The text before the first option in `text`, and [name, text] of each: of `options`, those that it names. */
export function typedOptions(text, options) {
  const names = options.map((option) => option.name).join("|");
  const [before, ...parts] = names ? text.split(new RegExp(`(?:^|\\s)(${names}):`, "u")) : [text];
  const values = parts.flatMap((part, index) => (index % 2 ? [] : [[part, parts[index + 1].trim()]]));
  return [before.trim(), values];
}

/** The text for an option's own field: its name may be typed there once more. */
export function withoutName(text, { name }) {
  return text.startsWith(`${name}:`) ? text.slice(name.length + 1).trimStart() : text;
}

/** The one of `entries` whose options follow its name in `text`, and what stands behind the name. */
export function typedCommand(text, entries) {
  for (const entry of entries) {
    if (!text.startsWith(`${entry.name} `)) continue;
    const behind = text.slice(entry.name.length + 1);
    const [before, values] = typedOptions(behind, entry.options);
    if (!before && values.length) return [entry, behind];
  }
  return [null, ""];
}
