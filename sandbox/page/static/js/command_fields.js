/** What a command is filled in with: a field for each option, the one behind the last, and buttons that add options. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { hint, TYPE } from "./pickers.js";

const WIDEST = 40;
const SHARED = {
  type: "text",
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: "false",
};

/** Makes a field as wide as its text. */
export function fit(input) {
  const narrowest = input.classList.contains("rest") ? 1 : 3;
  input.size = Math.max(narrowest, Math.min(WIDEST, [...input.value].length + 1));
}

export function optionInput(option, id) {
  return h("input", {
    ...SHARED,
    id,
    enterkeyhint: "next",
    size: 3,
    readonly: option.type === TYPE.ATTACHMENT,
    "aria-required": String(Boolean(option.required)),
    "aria-description": [option.description, hint(option)].filter(Boolean).join(". "),
    inputmode: { [TYPE.INTEGER]: "numeric", [TYPE.NUMBER]: "decimal" }[option.type] ?? "text",
  });
}

/** The field behind the last chip. What is typed there finds the next option; it handles the keys if there is no chip. */
export function restInput(entry, listeners) {
  return h("input", {
    ...SHARED,
    ...listeners,
    class: "rest",
    "aria-label": `${entry.name}: press Enter to send, or type to find an option`,
    enterkeyhint: "send",
    size: 1,
  });
}

/** The button of an option that can still be added. */
export function extraButton(option, onclick) {
  return h(
    "button",
    {
      type: "button",
      class: "extra",
      title: option.description,
      "aria-label": `Add ${option.name}: ${option.description}`,
      data: { option: option.name },
      onclick,
    },
    icon("plus"),
    option.name,
  );
}
