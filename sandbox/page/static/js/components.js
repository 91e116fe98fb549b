/** Buttons, selects and the layout parts of components v2, and what happens when they are used. */

import { h, safeUrl } from "./dom.js";
import { emojiMark } from "./emoji.js";
import { icon } from "./icons.js";
import { attachment, picture } from "./embeds.js";
import { markdown } from "./markdown.js";
import { openModal } from "./modal.js";
import { premiumButton } from "./purchase.js";
import { select } from "./selects.js";
import { interact } from "./socket.js";
import { state } from "./store.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

const waitsFor = (message, customId) =>
  [...state.waiting.values()].some(
    (entry) => entry.messageId === message.id && entry.customId === customId && !entry.failed,
  );

/** Sends the use of a component to the bot, and opens the modal if the bot answers with one. */
export async function use(message, component, values = []) {
  const answer = await interact(
    {
      t: "component",
      channel_id: message.channel_id,
      message_id: message.id,
      custom_id: component.custom_id,
      component_type: component.type,
      values,
    },
    { messageId: message.id, customId: component.custom_id, channelId: message.channel_id },
  );
  if (answer.t === "modal") openModal(answer.modal, message.channel_id);
}

function button(component, message) {
  if (component.sku_id) return premiumButton(component, message);
  const style = STYLES[component.style] ?? "secondary";
  const words = [emojiMark(component.emoji), component.label ? h("span", {}, component.label) : null];
  if (style === "link") {
    const url = safeUrl(component.url);
    return h(
      "a",
      {
        class: "button secondary",
        href: component.disabled ? null : url?.href,
        target: "_blank",
        rel: "noopener noreferrer",
        "aria-disabled": component.disabled ? "true" : null,
      },
      words,
      icon("external"),
    );
  }
  const busy = waitsFor(message, component.custom_id);
  return h(
    "button",
    {
      type: "button",
      class: `button ${style}${busy ? " busy" : ""}`,
      disabled: component.disabled,
      "aria-busy": busy ? "true" : null,
      "aria-label": component.label ? null : (component.emoji?.name ?? "Button"),
      data: { customId: component.custom_id ?? "" },
      onclick: () => busy || use(message, component),
    },
    words,
  );
}

const ROW = (parts, message) =>
  h(
    "div",
    { class: "action-row" },
    parts.map((part) => render(part, message)),
  );

function section(component, message) {
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "section-words" },
      component.components.map((part) => render(part, message)),
    ),
    component.accessory ? render(component.accessory, message) : null,
  );
}

function container(component, message) {
  const colour = component.accent_color ? `#${component.accent_color.toString(16).padStart(6, "0")}` : null;
  const parts = h(
    "div",
    { class: "container-parts" },
    component.components.map((part) => render(part, message)),
  );
  return h(
    "div",
    { class: `container${colour ? " tinted" : ""}`, style: colour ? { "--edge": colour } : {} },
    covered(component, parts),
  );
}

/** Spoilers of layout parts, hidden until they are clicked. */
function covered(component, element) {
  if (!component.spoiler || !element) return element;
  const cover = h("button", { type: "button", class: "cover" }, "Spoiler");
  const frame = h("div", { class: "covered" }, element, cover);
  cover.addEventListener("click", () => cover.remove());
  return frame;
}

const media = (item) => ({ ...item.media, description: item.description });

function gallery(component) {
  return h(
    "div",
    { class: "gallery", data: { count: Math.min(component.items.length, 3) } },
    component.items.map((item) => covered(item, picture(media(item), item.description))),
  );
}

const BUILDERS = {
  1: (component, message) => ROW(component.components, message),
  2: button,
  3: (component, message) => select(component, message, use, waitsFor(message, component.custom_id)),
  9: section,
  10: (component) => h("div", { class: "prose" }, markdown(component.content)),
  11: (component) => covered(component, picture(media(component), component.description, "thumbnail")),
  12: gallery,
  13: (component) =>
    covered(component, attachment({ filename: component.name ?? "file", size: component.size, ...component.file })),
  14: (component) =>
    h("hr", {
      class: `divider${component.divider === false ? " blank" : ""}${component.spacing === 2 ? " wide" : ""}`,
    }),
  17: container,
};
for (const type of [5, 6, 7, 8]) BUILDERS[type] = BUILDERS[3];

/** The element of one component of a message. Unknown types are shown by number, so that gaps are noticed. */
export function render(component, message) {
  return (
    BUILDERS[component.type]?.(component, message) ??
    h("div", { class: "faint" }, `(component type ${component.type} is not drawn here)`)
  );
}
