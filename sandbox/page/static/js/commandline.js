/** A slash command being filled in: one chip per option. Required ones show at once, optional ones on request. */

import { extraButton, fit, optionInput, restInput } from "./command_fields.js";
import { h, replace, uid } from "./dom.js";
import { narrow } from "./matching.js";
import { OptionChoices, valueOf } from "./option_choices.js";
import * as pickers from "./pickers.js";
import { typedOptions, withoutName } from "./typed_options.js";

export class CommandLine {
  /** `list` is the composer's Listbox; `leave()` goes back to plain text; `send(entry, options)` uses the command. */
  constructor(entry, { list, leave, send, complain }) {
    Object.assign(this, { entry, list, leave, send, complain });
    this.fields = [];
    const fields = () => this.fields;
    this.choices = new OptionChoices(entry, { list, fields, complain, onPicked: (field) => this.next(field) });
    this.extras = h("span", { class: "extras", role: "group", "aria-label": "Optional options" });
    this.chips = h("span", { class: "chips" });
    this.rest = restInput(entry, {
      onfocus: () => this.offer(),
      onblur: () => this.list.field === this.rest && this.choices.close(),
      oninput: () => this.take(this.rest) || this.offer(),
      onkeydown: (event) => this.key(event, null),
    });
    this.element = h(
      "div",
      { class: "command-line", role: "group", "aria-label": `Command ${entry.name}: ${entry.description}` },
      h(
        "span",
        { class: "command-words" },
        h("span", { class: "command-name" }, `/${entry.name}`),
        this.chips,
        this.rest,
      ),
      this.extras,
    );
    this.element.addEventListener("pointerdown", (event) => {
      if (event.target === this.element || event.target.classList.contains("command-words")) {
        event.preventDefault();
        this.focus();
      }
    });
    entry.options.filter((option) => option.required).forEach((option) => this.add(option, false));
    this.paintExtras();
  }

  get addable() {
    return this.entry.options.filter((option) => !this.fields.some((field) => field.option === option));
  }

  /** Offers the options that can still be added. None is active before something is typed, so that Enter sends. */
  offer() {
    const words = this.rest.value.trim();
    fit(this.rest);
    this.complain("");
    this.list.own(this.rest);
    this.list.onPick = ({ option }) => this.add(option);
    const items = narrow(this.addable, words, (option) => [option.name]).map((option) => ({
      option,
      label: option.name,
      description: option.description,
    }));
    const note = words && !items.length ? this.complaint() : "";
    this.list.show(items, { title: items.length ? "Options" : "", note, active: words ? 0 : -1 });
  }

  complaint = () => `/${this.entry.name} has no option “${this.rest.value.trim()}”. Pick one of its options first.`;

  paintExtras() {
    const { addable } = this;
    replace(
      this.extras,
      addable.map((option) => extraButton(option, () => this.add(option))),
    );
    this.rest.hidden = !addable.length && this.fields.length > 0;
  }

  add(option, focus = true) {
    this.rest.value = "";
    fit(this.rest);
    const id = uid("option-field");
    const input = optionInput(option, id);
    const field = { option, input, picked: null, text: "" };
    field.chip = h(
      "span",
      { class: "chip", data: { option: option.name } },
      h("label", { for: id }, option.name),
      input,
    );
    input.addEventListener("focus", () => this.choices.suggest(field));
    input.addEventListener("blur", () => this.list.field === input && this.choices.close());
    input.addEventListener("input", () => this.typed(field));
    input.addEventListener("keydown", (event) => this.key(event, field));
    this.fields.push(field);
    this.chips.append(field.chip);
    this.paintExtras();
    if (focus) input.focus();
    return field;
  }

  remove(field) {
    const index = this.fields.indexOf(field);
    this.fields.splice(index, 1);
    field.chip.remove();
    this.choices.close();
    this.paintExtras();
    (this.fields[Math.max(0, index - 1)]?.input ?? this.rest).focus();
  }

  /** Moves options that are typed by hand, as in "count:5", into their own fields; returns whether there were any. */
  take(input) {
    const own = this.fields.find((field) => field.input === input);
    if (own) input.value = withoutName(input.value, own.option);
    const filled = this.fields.filter((field) => field === own || field.input.value);
    const open = this.entry.options.filter((option) => !filled.some((field) => field.option === option));
    const [before, values] = typedOptions(input.value, open);
    if (!values.length) return false;
    this.complain("");
    this.fill(Object.fromEntries(values));
    input.value = before;
    fit(input);
    this.fields.find((field) => field.option.name === values.at(-1)[0]).input.focus();
    return true;
  }

  /** Fills in what stands behind the name of a command that was typed or pasted whole. */
  read(text) {
    this.rest.value = text;
    this.take(this.rest);
  }

  typed(field) {
    if (this.take(field.input)) return;
    field.picked = null;
    fit(field.input);
    field.chip.classList.remove("invalid");
    field.input.removeAttribute("aria-invalid");
    this.complain("");
    this.choices.suggest(field);
  }

  /** Moves to the next empty field. If there is none, stays where it is, ready to send. */
  next(field) {
    const index = this.fields.indexOf(field);
    const order = [...this.fields.slice(index + 1), ...this.fields.slice(0, index)];
    const empty = order.find((field) => !field.input.value);
    if (empty) empty.input.focus();
    else this.choices.close();
  }

  key(event, field) {
    if (event.isComposing || (field && this.list.key(event))) return;
    const pick = {
      Enter: () => this.choices.choose(field) || this.submit(),
      Tab: () => !event.shiftKey && (field ? Boolean(field.input.value) && this.choices.choose(field) : this.nextOption()),
      Escape: () => (this.list.isOpen ? this.choices.close() : this.leave()),
      Backspace: () => !(field?.input ?? this.rest).value && this.back(field),
    }[event.key];
    if (!pick || pick() === false) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Adds the active option or, if none is, the first one that can be added. */
  nextOption() {
    return this.list.isOpen && (this.choices.choose(null) || (this.list.items.length > 0 && !this.list.pick(0)));
  }

  back(field) {
    if (field && !field.option.required) this.remove(field);
    else if (!field && this.fields.length) this.fields.at(-1).input.focus();
    else this.leave(`/${this.entry.name}`);
  }

  /** Sends the command once the choices that were gone on from have come. */
  async submit() {
    if (this.isSending) return;
    this.isSending = true;
    await Promise.all(this.fields.map((field) => field.coming));
    this.isSending = false;
    if (this.element.isConnected) this.sendFilled();
  }

  sendFilled() {
    if (this.rest.value.trim()) {
      this.rest.focus();
      this.choices.close();
      this.complain(this.complaint());
      return;
    }
    const options = [];
    for (const field of this.fields) {
      if (!field.option.required && !field.input.value.trim()) continue;
      const result = valueOf(field);
      if ("problem" in result) {
        field.chip.classList.add("invalid");
        field.input.setAttribute("aria-invalid", "true");
        field.input.focus();
        this.complain(result.problem);
        return;
      }
      options.push({ name: field.option.name, type: field.option.type, value: result.value });
    }
    this.complain("");
    this.send(this.entry, options);
  }

  /** Fills options by name. Members may be given by theirs. */
  fill(values) {
    for (const [name, text] of Object.entries(values)) {
      const option = this.entry.options.find((option) => option.name === name);
      if (!option) continue;
      const field = this.fields.find((field) => field.option === option) ?? this.add(option, false);
      field.input.value = text;
      fit(field.input);
      const parsed = pickers.mustBePicked(option) ? pickers.parse(option, text) : {};
      if ("value" in parsed) field.picked = { value: parsed.value, label: text };
    }
  }

  focus() {
    const empty = this.fields.find((field) => !field.input.value);
    (empty ?? this.fields.at(-1))?.input.focus();
    if (!this.fields.length) this.rest.focus();
  }
}
