/** A small form in a dialog, for actions that do not involve the bot. */

import { h, uid } from "./dom.js";
import { icon } from "./icons.js";

function control({ name, type = "text", value = "", required = true, max = null, options, placeholder = "" }, id) {
  const shared = { id, name, required };
  if (type === "choice")
    return h(
      "select",
      { ...shared, class: "native" },
      options.map(([key, words]) => h("option", { value: key, selected: key === value }, words)),
    );
  if (type === "long") return h("textarea", { ...shared, rows: 3, maxlength: max, placeholder, value });
  return h("input", { ...shared, type, maxlength: max, placeholder, value, autocomplete: "off" });
}

function field(spec) {
  const id = uid("form");
  const label = h(
    "label",
    { for: id },
    spec.label,
    spec.required === false ? h("span", { class: "faint" }, " optional") : null,
  );
  return h("div", { class: "form-field", data: { field: spec.name } }, label, control(spec, id));
}

/** Opens a form and returns its element. `onSubmit(values)` returns an error, or nothing, which closes the form. */
export function openForm({ title, note = "", fields, submit = "Create" }, onSubmit) {
  const heading = uid("title");
  const problem = h("p", { class: "went-wrong", role: "alert", hidden: true });
  const send = h("button", { class: "button primary", type: "submit" }, submit);
  const form = h(
    "form",
    { method: "dialog" },
    h(
      "header",
      {},
      h("h2", { id: heading }, title),
      h(
        "button",
        { type: "button", class: "round", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    h("div", { class: "form-fields" }, note ? h("p", { class: "faint" }, note) : null, fields.map(field), problem),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, "Cancel"),
      send,
    ),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": heading }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const failure = await onSubmit(Object.fromEntries(new FormData(form)));
    send.disabled = false;
    problem.textContent = failure ?? "";
    problem.hidden = !failure;
    if (!failure) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input, textarea, select")?.focus();
  return dialog;
}
