/** Select menus of messages and modals: a button that opens a list, which narrows as one types. */

import { avatar } from "./avatar.js";
import { channelIcon } from "./channel_names.js";
import { h, replace, uid } from "./dom.js";
import { emojiMark } from "./emoji.js";
import { icon } from "./icons.js";
import { Listbox } from "./listbox.js";
import { narrow } from "./matching.js";
import { spell } from "./names.js";
import { nameOf, state } from "./store.js";
import { isPhone, place } from "./place.js";

const MOST_SHOWN = 50;
const FEW = 10;

const memberItems = () =>
  [...state.members.values()].map(({ user }) => ({
    value: user.id,
    label: nameOf(user),
    description: `@${user.username}`,
    mark: avatar(user, nameOf(user)),
  }));

const roleItems = () =>
  [...state.roles.values()]
    .filter((role) => role.name !== "@everyone")
    .map((role) => ({
      value: role.id,
      label: role.name,
      mark: h(
        "span",
        {
          class: "role-dot",
          style: { color: role.color ? `#${role.color.toString(16).padStart(6, "0")}` : "currentColor" },
        },
        "●",
      ),
    }));

function channelItems(component) {
  const kinds = component.channel_types;
  return state.channels
    .filter((channel) => !kinds?.length || kinds.includes(channel.type))
    .map((channel) => ({ value: channel.id, label: channel.name, mark: channelIcon(channel) }));
}

const SOURCES = {
  3: (component) =>
    component.options.map((option) => ({
      value: option.value,
      label: option.label,
      description: option.description,
      mark: emojiMark(option.emoji),
    })),
  5: memberItems,
  6: roleItems,
  7: () => [...memberItems(), ...roleItems()],
  8: channelItems,
};

function initialValues(component) {
  if (component.type === 3) return component.options.filter((option) => option.default).map((option) => option.value);
  return (component.default_values ?? []).map((value) => value.id);
}

/** A select that calls onChange(values) once its choice is complete. */
export class Select {
  constructor(component, onChange, { busy = false, labelledBy = null } = {}) {
    this.component = component;
    this.onChange = onChange;
    this.most = component.max_values ?? 1;
    this.least = component.min_values ?? 1;
    this.values = initialValues(component);
    this.before = "";
    this.button = h("button", {
      type: "button",
      class: `select${busy ? " busy" : ""}`,
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      id: labelledBy ? uid("select") : null,
      disabled: component.disabled || busy,
      data: { customId: component.custom_id },
      onclick: () => this.open(),
    });
    if (labelledBy) this.button.setAttribute("aria-labelledby", `${labelledBy} ${this.button.id}`);
    this.paint();
  }

  get items() {
    return SOURCES[this.component.type](this.component);
  }

  paint() {
    const selection = this.items.filter((item) => this.values.includes(item.value));
    replace(
      this.button,
      h(
        "span",
        { class: selection.length ? "select-value" : "select-value faint" },
        selection.length === 1 ? selection[0].mark : null,
        spell(selection.map((item) => item.label).join(", ") || this.component.placeholder || "Make a selection"),
      ),
      icon("chevron"),
    );
  }

  open() {
    if (this.popup) return this.close();
    this.before = this.values.join();
    const field = h("input", {
      class: "list-filter",
      type: "text",
      role: "combobox",
      "aria-label": "Narrow the list",
      placeholder: "Search",
      autocomplete: "off",
      // A short list is not worth a keyboard that hides half a phone's screen.
      inputmode: isPhone() && this.items.length <= FEW ? "none" : "text",
      oninput: () => this.fill(),
      onkeydown: (event) => this.key(event),
    });
    const list = h("div", { class: "list", "aria-label": this.component.placeholder ?? "Choices" });
    this.field = field;
    this.popup = h(
      "div",
      { class: "popup select-popup" },
      field,
      list,
      this.most > 1
        ? h("button", { type: "button", class: "button primary", onclick: () => this.close() }, "Done")
        : null,
    );
    this.list = new Listbox(list, { onPick: (item) => this.pick(item), multiple: this.most > 1 });
    this.list.own(field);
    (this.button.closest("dialog, main") ?? document.body).append(this.popup);
    this.outside = (event) =>
      !this.popup?.contains(event.target) && !this.button.contains(event.target) && this.close();
    document.addEventListener("pointerdown", this.outside);
    this.button.setAttribute("aria-expanded", "true");
    this.fill();
    place(this.popup, this.button.getBoundingClientRect(), { width: this.button.offsetWidth });
    field.focus({ preventScroll: true });
  }

  fill() {
    const items = narrow(this.items, this.field.value, (item) => [item.label, item.description])
      .slice(0, MOST_SHOWN)
      .map((item) => ({ ...item, chosen: this.values.includes(item.value) }));
    this.list.show(items, { note: items.length ? "" : "Nothing matches.", active: Math.max(this.list.active, 0) });
  }

  pick({ value }) {
    if (this.most === 1) {
      this.values = this.values.includes(value) && this.least === 0 ? [] : [value];
      this.close(true);
      return;
    }
    if (this.values.includes(value)) this.values = this.values.filter((other) => other !== value);
    else if (this.values.length < this.most) this.values = [...this.values, value];
    this.fill();
    this.paint();
  }

  key(event) {
    if (this.list.key(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.list.pick();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  close(force = false) {
    document.removeEventListener("pointerdown", this.outside);
    this.popup?.remove();
    this.popup = null;
    this.button.setAttribute("aria-expanded", "false");
    this.paint();
    if (this.button.isConnected) this.button.focus();
    const changed = force || this.before !== this.values.join();
    if (changed && this.values.length >= this.least) this.onChange(this.values);
  }
}

export const select = (component, message, use, busy) =>
  new Select(component, (values) => use(message, component, values), { busy }).button;
