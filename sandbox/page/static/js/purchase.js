/** Premium buttons, and the purchase dialog that Discord's client opens for them. The bot hears only of the purchase. */

import { h } from "./dom.js";
import { openForm } from "./forms.js";
import { icon } from "./icons.js";
import { interact } from "./socket.js";
import { state } from "./store.js";
import { toast } from "./toast.js";

function priceOf({ amount, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

function openPurchase(message, sku) {
  openForm(
    {
      title: sku.name,
      note: `You pay ${priceOf(sku.price)} to Discord. This is a sandbox: no real money is taken.`,
      fields: [],
      submit: `Buy for ${priceOf(sku.price)}`,
    },
    async () => {
      const answer = await interact({
        t: "purchase",
        channel_id: message.channel_id,
        message_id: message.id,
        sku_id: sku.id,
      });
      if (answer.t === "failed") return answer.text;
      toast(`You bought ${sku.name}.`);
    },
  );
}

/** The button of an item. Discord writes the item's name and price on it. */
export function premiumButton(component, message) {
  const sku = state.skus.get(component.sku_id);
  return h(
    "button",
    {
      type: "button",
      class: "button primary",
      disabled: component.disabled || !sku,
      onclick: () => openPurchase(message, sku),
    },
    icon("app"),
    h("span", {}, sku ? `${sku.name} · ${priceOf(sku.price)}` : "This item is gone"),
  );
}
