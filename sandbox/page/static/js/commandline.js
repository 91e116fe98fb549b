/** A slash command being filled in: one chip per option. Required ones show at once, optional ones on request. */

import { absence } from "./absence.js";
import { extraButton, fit, optionInput, restInput } from "./command_fields.js";
import { h, replace, uid } from "./dom.js";
import { narrow } from "./matching.js";
import * as pickers from "./pickers.js";
import { state } from "./store.js";
import { typedOptions } from "./typed_options.js";
import { chooseFile } from "./uploading.js";

const ASK_AFTER_MS = 120;

export class CommandLine {
  /** `list` is the composer's Listbox; `leave()` goes back to plain text; `send(entry, options)` uses the command. */
  constructor(entry, { list, leave, send, complain }) {
    Object.assign(this, { entry, list, leave, send, complain });
    this.fields = [];
    this.extras = h("span", { class: "extras", role: "group", "aria-label": "Optional options" });
    this.chips = h("span", { class: "chips" });
    this.rest = restInput(entry, {
      onfocus: () => this.offer(),
      onblur: () => this.list.field === this.rest && this.closeList(),
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
    input.addEventListener("focus", () => this.suggest(field));
    input.addEventListener("blur", () => this.list.field === input && this.closeList());
    input.addEventListener("input", () => this.typed(field));
    input.addEventListener("keydown", (event) => this.key(event, field));
    this.fields.push(field);
    this.chips.append(field.chip);
    this.paintExtras();
    if (focus) input.focus();
    return field;
  }

  /** Choices that arrive later must not open the list again. */
  closeList() {
    clearTimeout(this.asking);
    this.turn = (this.turn ?? 0) + 1;
    this.loading = false;
    this.list.close();
  }

  remove(field) {
    const index = this.fields.indexOf(field);
    this.fields.splice(index, 1);
    field.chip.remove();
    this.closeList();
    this.paintExtras();
    (this.fields[Math.max(0, index - 1)]?.input ?? this.rest).focus();
  }

  /** Moves options that are typed by hand, as in "count:5", into their own fields; returns whether there were any. */
  take(input) {
    const filled = this.fields.filter((field) => field.input === input || field.input.value);
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
    this.suggest(field);
  }

  request(field) {
    const filledOptions = this.fields
      .filter((sibling) => sibling !== field && sibling.input.value.trim())
      .map((sibling) => [sibling, this.value(sibling)])
      .filter(([, result]) => !("problem" in result))
      .map(([sibling, result]) => ({ name: sibling.option.name, type: sibling.option.type, value: result.value }));
    return {
      command_id: this.entry.command.id,
      path: this.entry.path,
      channel_id: state.channel,
      options: [
        ...filledOptions,
        { name: field.option.name, type: field.option.type, value: field.input.value, focused: true },
      ],
    };
  }

  suggest(field) {
    const { option, input, chip } = field;
    chip.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.list.own(input);
    this.list.onPick = (item) => this.pick(field, item);
    const title = [option.name, option.description].join(" — ");
    const text = field.picked ? "" : input.value;
    if (option.autocomplete) {
      this.askSoon(field, title);
      return;
    }
    const items = pickers.localItems(option, text);
    const note = items ? (items.length ? "" : "Nothing matches.") : pickers.hint(option) || "Type some text.";
    const picked = field.picked && items ? items.findIndex((item) => item.value === field.picked.value) : -1;
    this.list.show(items ?? [], { title, note, active: Math.max(0, picked) });
  }

  askSoon(field, title) {
    clearTimeout(this.asking);
    if (absence()) {
      this.closeList();
      this.list.show([], { title, note: absence() });
      return;
    }
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.loading = true;
    if (!this.list.isOpen) this.list.show([], { title, note: "Loading options…" });
    this.asking = setTimeout(
      async () => {
        const choices = await pickers.ask(this.request(field));
        if (turn !== this.turn || this.list.field !== field.input || document.activeElement !== field.input) return;
        const note =
          choices === null ? "The options could not be loaded." : choices.length ? "" : "No options match your search.";
        this.loading = false;
        this.list.show(choices ?? [], { title, note });
      },
      field.picked || !field.input.value ? 0 : ASK_AFTER_MS,
    );
  }

  async pick(field, item) {
    if (item.chooses) item = await chooseFile();
    this.complain(item.problem ?? "");
    if (item.problem) return;
    this.put(field, item);
    this.closeList();
    this.next(field);
  }

  put(field, item) {
    field.picked = item;
    field.input.value = item.label;
    fit(field.input);
    field.chip.classList.remove("invalid");
  }

  /** Goes on while choices are still on their way. The first is put in when they come, unless the text has changed. */
  goOn(field) {
    const text = field.input.value;
    field.coming = pickers.ask(this.request(field)).then((choices) => {
      if (choices?.length && field.input.value === text && !field.picked) this.put(field, choices[0]);
    });
    this.closeList();
    this.next(field);
  }

  /** Moves to the next empty field. If there is none, stays where it is, ready to send. */
  next(field) {
    const index = this.fields.indexOf(field);
    const order = [...this.fields.slice(index + 1), ...this.fields.slice(0, index)];
    const empty = order.find((field) => !field.input.value);
    if (empty) empty.input.focus();
    else this.closeList();
  }

  key(event, field) {
    if (event.isComposing || (field && this.list.key(event))) return;
    const pick = {
      Enter: () => this.choose(field) || this.submit(),
      Tab: () => !event.shiftKey && (field ? Boolean(field.input.value) && this.choose(field) : this.nextOption()),
      Escape: () => (this.list.isOpen ? this.closeList() : this.leave()),
      Backspace: () => !(field?.input ?? this.rest).value && this.back(field),
    }[event.key];
    if (!pick || pick() === false) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Picks the active item of the list, or of one that is still loading; false when there is nothing to pick. */
  choose(field) {
    if (field?.picked || !this.list.isOpen) return false;
    if (this.loading) this.goOn(field);
    else if (this.list.active >= 0) this.list.pick();
    else return false;
    return true;
  }

  /** Adds the active option or, if none is, the first one that can be added. */
  nextOption() {
    return this.list.isOpen && (this.choose(null) || (this.list.items.length > 0 && !this.list.pick(0)));
  }

  back(field) {
    if (field && !field.option.required) this.remove(field);
    else if (!field && this.fields.length) this.fields.at(-1).input.focus();
    else this.leave(`/${this.entry.name}`);
  }

  value(field) {
    return field.picked ? { value: field.picked.value } : pickers.parse(field.option, field.input.value);
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
      this.closeList();
      this.complain(this.complaint());
      return;
    }
    const options = [];
    for (const field of this.fields) {
      if (!field.option.required && !field.input.value.trim()) continue;
      const result = this.value(field);
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
