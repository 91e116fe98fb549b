/** Discord's markdown as nodes: first blocks, line by line, then the elements inside a line (inline.js). */

import { h } from "./dom.js";
import { inline } from "./inline.js";

const HEADING = /^(#{1,3}) +(\S.*)$/;
const SMALL = /^-# +(\S.*)$/;
const ITEM = /^( *)([-*]|\d{1,9}\.) +(\S.*)$/;
const FENCE = /```(?:([\w+-]*)\n)?([\s\S]*?)```/g;

function fenced(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(FENCE)) {
    parts.push({ text: text.slice(end, match.index).replace(/\n$/, "") });
    parts.push({ code: match[2].replace(/\n$/, "") });
    end = match.index + match[0].length;
  }
  parts.push({ text: end ? text.slice(end).replace(/^\n/, "") : text });
  return parts.filter((part) => part.code !== undefined || part.text !== "");
}

/** Nested lists from lines like "  - text"; returns [element, lines taken]. */
function list(lines, start, depth) {
  const first = ITEM.exec(lines[start]);
  const ordered = /\d/.test(first[2]);
  const element = h(ordered ? "ol" : "ul", ordered ? { start: Number.parseInt(first[2], 10) } : {});
  let index = start;
  while (index < lines.length) {
    const match = ITEM.exec(lines[index]);
    if (!match || match[1].length < depth || (match[1].length < depth + 2 && /\d/.test(match[2]) !== ordered)) break;
    if (match[1].length >= depth + 2 && element.lastChild) {
      const [nested, count] = list(lines, index, match[1].length);
      element.lastChild.append(nested);
      index += count;
    } else {
      element.append(h("li", {}, inline(match[3])));
      index += 1;
    }
  }
  return [element, index - start];
}

function quote(lines, start) {
  const body = [];
  if (lines[start].startsWith(">>> ")) {
    body.push(lines[start].slice(4), ...lines.slice(start + 1));
    return [h("blockquote", {}, blocks(body)), lines.length - start];
  }
  let index = start;
  while (index < lines.length && /^> ?/.test(lines[index])) body.push(lines[index++].replace(/^> ?/, ""));
  return [h("blockquote", {}, blocks(body)), index - start];
}

function block(lines, index) {
  const line = lines[index];
  if (/^(>>> |> |>$)/.test(line)) return quote(lines, index);
  if (ITEM.test(line)) return list(lines, index, ITEM.exec(line)[1].length);
  const heading = HEADING.exec(line);
  if (heading)
    return [
      h(
        "p",
        { class: `heading h${heading[1].length}`, role: "heading", "aria-level": 2 + heading[1].length },
        inline(heading[2]),
      ),
      1,
    ];
  const small = SMALL.exec(line);
  if (small) return [h("p", { class: "subtext" }, inline(small[1])), 1];
  return null;
}

function blocks(lines) {
  const nodes = [];
  let plain = [];
  const settle = () => {
    if (plain.length) nodes.push(h("p", {}, inline(plain.join("\n"))));
    plain = [];
  };
  for (let index = 0; index < lines.length;) {
    const parsed = block(lines, index);
    if (!parsed) {
      plain.push(lines[index++]);
      continue;
    }
    settle();
    nodes.push(parsed[0]);
    index += parsed[1];
  }
  settle();
  return nodes;
}

/** The nodes of a text in Discord's markdown. */
export function markdown(text) {
  return fenced(text ?? "").map((part) =>
    part.code === undefined ? blocks(part.text.split("\n")) : h("pre", {}, h("code", {}, part.code)),
  );
}

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*|\p{Regional_Indicator}{2}|\s|<a?:\w+:\d+>){1,30}$/u;
export const isOnlyEmoji = (text) => EMOJI_ONLY.test(text ?? "") && text.trim() !== "";
