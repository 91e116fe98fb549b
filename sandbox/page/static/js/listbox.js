/** A list to choose from, driven by the keyboard of whatever field owns it (aria-activedescendant). */

import { h, replace, uid } from "./dom.js";
import { icon } from "./icons.js";
import { spell } from "./names.js";

export class Listbox {
  /** `owner` is the field with the focus; onPick(item) is called for a choice. */
  constructor(element, { onPick, multiple = false }) {
    this.element = element;
    this.onPick = onPick;
    this.items = [];
    this.options = [];
    this.active = -1;
    element.setAttribute("role", "listbox");
    element.id ||= uid("list");
    if (multiple) element.setAttribute("aria-multiselectable", "true");
  }

  own(field) {
    this.field?.removeAttribute("aria-activedescendant");
    this.tellExpanded(false);
    this.field = field;
    field?.setAttribute("aria-controls", this.element.id);
    this.tellExpanded();
  }

  /** A plain text field cannot be "expanded"; a combobox is. */
  tellExpanded(open = this.isOpen) {
    if (this.field?.getAttribute("role") === "combobox") this.field.setAttribute("aria-expanded", String(open));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** items: {label, description?, mark? (node), detail?, chosen?, group?, disabled?}; a note is a line that cannot be chosen. */
  show(items, { title = "", note = "", active = 0 } = {}) {
    this.items = items;
    this.options = items.map((item, index) => this.option(item, index));
    const rows = [];
    items.forEach((item, index) => {
      if (item.group && item.group !== items[index - 1]?.group)
        rows.push(h("div", { class: "list-group", role: "presentation" }, item.group));
      rows.push(this.options[index]);
    });
    replace(
      this.element,
      title ? h("div", { class: "list-title", role: "presentation" }, title) : null,
      rows,
      note ? h("div", { class: "list-note", role: "status" }, note) : null,
    );
    this.element.hidden = !items.length && !note;
    this.tellExpanded();
    this.move(Math.min(active, items.length - 1), true);
  }

  option(item, index) {
    return h(
      "div",
      {
        id: uid("option"),
        role: "option",
        class: "list-option",
        "aria-selected": String(Boolean(item.chosen)),
        // The field must keep the focus, or a phone's keyboard closes.
        onpointerdown: (event) => event.preventDefault(),
        onmousemove: () => this.move(index),
        onclick: () => this.pick(index),
      },
      item.mark ? h("span", { class: "list-mark" }, item.mark) : null,
      h(
        "span",
        { class: "list-words" },
        h("span", { class: "list-label" }, spell(item.label)),
        item.description ? h("span", { class: "list-description" }, item.description) : null,
      ),
      item.detail ? h("span", { class: "list-detail" }, item.detail) : null,
      item.chosen ? icon("check") : null,
    );
  }

  move(index, silent = false) {
    this.options[this.active]?.classList.remove("active");
    this.active = index;
    const option = this.options[index];
    if (!option) {
      this.field?.removeAttribute("aria-activedescendant");
      return;
    }
    option.classList.add("active");
    this.field?.setAttribute("aria-activedescendant", option.id);
    if (!silent) option.scrollIntoView({ block: "nearest" });
  }

  pick(index = this.active) {
    const item = this.items[index];
    if (item && !item.disabled) this.onPick(item);
  }

  close() {
    this.element.hidden = true;
    this.active = -1;
    this.tellExpanded();
    this.field?.removeAttribute("aria-activedescendant");
  }

  /** Handles the arrow keys; returns true when the list has handled the key. */
  key(event) {
    if (!this.isOpen || !this.items.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return false;
    event.preventDefault();
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    this.move((from + step + this.items.length) % this.items.length);
    return true;
  }
}
