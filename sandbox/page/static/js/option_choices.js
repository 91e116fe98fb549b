/** The choices of a command's options: what the list offers while a field is filled in, and what is picked there. */

import { absence } from "./absence.js";
import { fit } from "./command_fields.js";
import * as pickers from "./pickers.js";
import { state } from "./store.js";
import { chooseFile } from "./uploading.js";

const ASK_AFTER_MS = 120;

/** What a field holds: {value} if something was picked or makes sense as it was typed, else {problem}. */
export function valueOf(field) {
  return field.picked ? { value: field.picked.value } : pickers.parse(field.option, field.input.value);
}

export class OptionChoices {
  #turn = 0;
  #asking = 0;
  #isLoading = false;

  /** `fields()` returns the fields there are; `onPicked(field)` is called once a field has its choice. */
  constructor(entry, { list, fields, complain, onPicked }) {
    Object.assign(this, { entry, list, fields, complain, onPicked });
  }

  /** Closes the list. Choices that arrive later must not open it again. */
  close() {
    clearTimeout(this.#asking);
    this.#turn += 1;
    this.#isLoading = false;
    this.list.close();
  }

  suggest(field) {
    const { option, input, chip } = field;
    chip.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.list.own(input);
    this.list.onPick = (item) => this.#pick(field, item);
    const title = [option.name, option.description].join(" — ");
    const text = field.picked ? "" : input.value;
    if (option.autocomplete) {
      this.#askSoon(field, title);
      return;
    }
    const items = pickers.localItems(option, text);
    const note = items ? (items.length ? "" : "Nothing matches.") : pickers.hint(option) || "Type some text.";
    const picked = field.picked && items ? items.findIndex((item) => item.value === field.picked.value) : -1;
    this.list.show(items ?? [], { title, note, active: Math.max(0, picked) });
  }

  /** Picks the active item of the list, or of one that is still loading; false when there is nothing to pick. */
  choose(field) {
    if (field?.picked || !this.list.isOpen) return false;
    if (this.#isLoading) this.#goOn(field);
    else if (this.list.active >= 0) this.list.pick();
    else return false;
    return true;
  }

  #askSoon(field, title) {
    clearTimeout(this.#asking);
    if (absence()) {
      this.close();
      this.list.show([], { title, note: absence() });
      return;
    }
    const turn = (this.#turn += 1);
    this.#isLoading = true;
    if (!this.list.isOpen) this.list.show([], { title, note: "Loading options…" });
    this.#asking = setTimeout(
      async () => {
        const choices = await pickers.ask(this.#request(field));
        if (turn !== this.#turn || this.list.field !== field.input || document.activeElement !== field.input) return;
        const note =
          choices === null ? "The options could not be loaded." : choices.length ? "" : "No options match your search.";
        this.#isLoading = false;
        this.list.show(choices ?? [], { title, note });
      },
      field.picked || !field.input.value ? 0 : ASK_AFTER_MS,
    );
  }

  #request(field) {
    const filledOptions = this.fields()
      .filter((sibling) => sibling !== field && sibling.input.value.trim())
      .map((sibling) => [sibling, valueOf(sibling)])
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

  async #pick(field, item) {
    if (item.chooses) item = await chooseFile();
    this.complain(item.problem ?? "");
    if (item.problem) return;
    this.#put(field, item);
    this.close();
    this.onPicked(field);
  }

  #put(field, item) {
    field.picked = item;
    field.input.value = item.label;
    fit(field.input);
    field.chip.classList.remove("invalid");
  }

  /** Goes on while choices are still on their way. The first is put in when they come, unless the text has changed. */
  #goOn(field) {
    const text = field.input.value;
    field.coming = pickers.ask(this.#request(field)).then((choices) => {
      if (choices?.length && field.input.value === text && !field.picked) this.#put(field, choices[0]);
    });
    this.close();
    this.onPicked(field);
  }
}
