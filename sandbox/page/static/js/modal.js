/** The bot's modals: a native dialog, so focus and Escape behave. */

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { Select } from "./selects.js";
import { interact } from "./socket.js";
import { toast } from "./toast.js";

/** Each field: {id, value()}; `problem` of a text input is left to the browser's own validation. */
function textInput(component, id, fields) {
  const props = {
    id,
    name: component.custom_id,
    placeholder: component.placeholder,
    minlength: component.min_length || null,
    maxlength: component.max_length ?? 4000,
    required: component.required !== false,
    autocomplete: "off",
  };
  const input = component.style === 2 ? h("textarea", { rows: 4, ...props }) : h("input", { type: "text", ...props });
  input.value = component.value ?? "";
  fields.push({ id: component.custom_id, value: () => input.value });
  const counter = component.max_length ? h("span", { class: "faint count", "aria-hidden": "true" }) : null;
  const count = () => counter && (counter.textContent = `${input.value.length}/${component.max_length}`);
  input.addEventListener("input", count);
  count();
  return h("div", { class: "input-frame" }, input, counter);
}

function selectInput(component, id, fields) {
  const field = { id: component.custom_id, required: component.required !== false, value: () => box.values };
  const box = new Select(
    { ...component, min_values: field.required ? (component.min_values ?? 1) : 0 },
    () => box.button.classList.remove("invalid"),
    { labelledBy: `${id}-label` },
  );
  field.missing = () => field.required && !box.values.length && box.button;
  fields.push(field);
  return box.button;
}

function choiceInput(component, fields) {
  const many = component.type === 22;
  const options = component.options ?? [{ value: "true", label: "" }];
  const name = uid("choice");
  const inputs = options.map((option) =>
    h("input", {
      type: component.type === 21 ? "radio" : "checkbox",
      name,
      value: option.value,
      checked: option.default || component.default,
    }),
  );
  const values = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const least = component.type === 23 || component.required === false ? 0 : (component.min_values ?? 1);
  const most = many ? (component.max_values ?? options.length) : 1;
  const limit = () => {
    box.classList.remove("invalid");
    if (many) for (const input of inputs) input.disabled = !input.checked && values().length >= most;
  };
  fields.push({
    id: component.custom_id,
    value: () => (component.type === 23 ? inputs[0].checked : many ? values() : (values()[0] ?? null)),
    missing: () => values().length < least && box,
  });
  const box = h(
    "div",
    { class: "choices", tabindex: "-1", role: component.type === 21 ? "radiogroup" : "group", onchange: limit },
    options.map((option, index) =>
      h(
        "label",
        {},
        inputs[index],
        h(
          "span",
          {},
          option.label,
          option.description ? h("span", { class: "faint block" }, option.description) : null,
        ),
      ),
    ),
  );
  return box;
}

function control(component, id, fields) {
  if (component.type === 4) return textInput(component, id, fields);
  if ([3, 5, 6, 7, 8].includes(component.type)) return selectInput(component, id, fields);
  if ([21, 22, 23].includes(component.type)) return choiceInput(component, fields);
  return h("p", { class: "faint" }, `(input type ${component.type} is not drawn here)`);
}

function labelled(label, description, component, fields) {
  const id = uid("field");
  return h(
    "div",
    { class: "form-field" },
    h(
      "label",
      { for: id, id: `${id}-label` },
      label,
      component.required === false ? null : h("span", { class: "required", title: "required" }, " *"),
    ),
    description ? h("div", { class: "faint" }, description) : null,
    control(component, id, fields),
  );
}

function row(component, fields) {
  if (component.type === 18) return labelled(component.label, component.description, component.component, fields);
  if (component.type === 10) return h("div", { class: "prose" }, markdown(component.content));
  return component.components.map((part) => labelled(part.label ?? part.placeholder ?? "", null, part, fields));
}

/** Shows a modal and sends its values. The bot's answer arrives in the channel like any other. */
export function openModal(modal, channelId) {
  const fields = [];
  const title = uid("modal");
  const submit = h("button", { class: "button primary", type: "submit" }, "Submit");
  const form = h(
    "form",
    { method: "dialog", onsubmit: (event) => send(event) },
    h(
      "header",
      {},
      h("h2", { id: title }, modal.title),
      h(
        "button",
        { type: "button", class: "round", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "form-fields" },
      modal.components.map((component) => row(component, fields)),
    ),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, "Cancel"),
      submit,
    ),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": title }, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input, textarea, .select")?.focus();

  async function send(event) {
    event.preventDefault();
    const missing = fields.map((field) => field.missing?.()).find(Boolean);
    if (missing) {
      missing.classList.add("invalid");
      missing.focus();
      return;
    }
    submit.disabled = true;
    const values = Object.fromEntries(fields.map((field) => [field.id, field.value()]));
    const answer = await interact({
      t: "modal_submit",
      custom_id: modal.custom_id,
      modal_id: modal.id,
      fields: values,
    });
    submit.disabled = false;
    if (answer.t === "failed") toast(answer.text);
    else dialog.close();
    if (answer.t === "modal") openModal(answer.modal, channelId);
  }
}
