/** Finds by a few letters what a list offers: what begins with them comes first. */

/** The text without case, and without an emoji or a sign before its first letter. */
const plain = (text) => text.toLocaleLowerCase().replace(/^[^\p{L}\p{N}]+(?=[\p{L}\p{N}])/u, "");

/** Rates a match: lower is better, null when the text does not contain the letters in this order. */
export function distance(text, query) {
  const needle = plain(query).trim();
  if (!needle) return 0;
  const haystack = plain(text);
  if (haystack === needle) return -3;
  if (haystack.startsWith(needle)) return -2 + haystack.length / 1000;
  if (haystack.split(/\s+/).some((word) => plain(word).startsWith(needle))) return -1 + haystack.length / 1000;
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

/** The items that match, the best first. `textsOf` gives what an item is found by. */
export function narrow(items, query, textsOf) {
  const rank = (item) => Math.min(...textsOf(item).map((text) => distance(text ?? "", query) ?? Infinity));
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter((match) => match.rank < Infinity)
    .sort((left, right) => left.rank - right.rank)
    .map((match) => match.item);
}
