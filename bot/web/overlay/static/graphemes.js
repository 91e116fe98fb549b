/** Cuts text between what a reader sees as characters, and thins out marks that would pile up beyond their line. */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const MARKS = /(\p{M}{3})\p{M}+/gu;

/** The text with at most `most` graphemes; a longer one ends in an ellipsis. */
export function cut(text, most) {
  const clean = String(text).replace(MARKS, "$1");
  if (clean.length <= most) return clean;
  let kept = "";
  let count = 0;
  for (const { segment } of segmenter.segment(clean)) {
    if (count === most - 1 && kept.length + segment.length < clean.length) return `${kept.trimEnd()}…`;
    kept += segment;
    count += 1;
  }
  return kept;
}

export function firstOf(text) {
  for (const { segment } of segmenter.segment(text.trim())) return segment.toLocaleUpperCase();
  return "";
}
