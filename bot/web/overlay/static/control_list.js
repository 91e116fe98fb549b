/** The dock's two lists: messages that wait for approval, and the last gifts. */

import { draw, newIcon } from "./icons.js";
import { bdi, make, newPicture, picture, show } from "./dom.js";

const MOST_GIFTS = 40;

function button(className, content, label, press) {
  const element = make("button", className, content);
  element.type = "button";
  element.setAttribute("aria-label", label);
  element.addEventListener("click", press);
  return element;
}

function replayIcon() {
  const icon = newIcon();
  draw(icon, "replay");
  return icon;
}

const nameOf = (gift, reader) => gift.sender.name ?? reader.say("anonymous");

function head(gift, reader) {
  const image = newPicture("art");
  picture(image, gift.gift.art);
  const times = gift.count > 1 ? ` ×${reader.number(gift.count)}` : "";
  const what = make("span", "what", bdi("", gift.gift.name), times);
  const coins = make("span", "coins", reader.number(gift.coins));
  const test = gift.test ? make("span", "test-tag", `🧪 ${reader.say("testGift")}`) : null;
  return [image, make("span", "who", bdi("name", nameOf(gift, reader)), what, test), coins];
}

export class HeldMessages {
  #items = new Map();
  #list;
  #section;

  constructor(section, list) {
    this.#section = section;
    this.#list = list;
  }

  get first() {
    return this.#items.keys().next().value ?? null;
  }

  /** `answer(name, seq)` is called with "approve" or "reject". */
  add(gift, reader, answer) {
    this.remove(gift.seq);
    const name = nameOf(gift, reader);
    const yes = button("good", reader.say("approve"), reader.say("approveOne", { name }), () => answer("approve", gift.seq));
    const no = button("bad", reader.say("reject"), reader.say("rejectOne", { name }), () => answer("reject", gift.seq));
    const text = make("p", "note", bdi("", gift.note ?? ""));
    const item = make("li", "gift", ...head(gift, reader), text, make("span", "answers", yes, no));
    this.#items.set(gift.seq, item);
    this.#list.append(item);
    show(this.#section, true);
  }

  clear() {
    for (const seq of [...this.#items.keys()]) this.remove(seq);
  }

  /** Takes a message out. The focus moves on to the next one, and is not lost. */
  remove(seq) {
    const item = this.#items.get(seq);
    if (!item) return;
    const hadFocus = item.contains(document.activeElement);
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    this.#items.delete(seq);
    show(this.#section, this.#items.size > 0);
    if (hadFocus) (next?.querySelector("button") ?? document.querySelector("#buttons button")).focus();
  }
}

export class LastGifts {
  #list;
  #none;
  #items = new Map();

  constructor(list, none) {
    this.#list = list;
    this.#none = none;
  }

  /** Adds new gifts, the newest on top. `again(seq)` replays one. */
  add(gifts, reader, again) {
    const items = gifts.slice(-MOST_GIFTS).map((gift) => this.#item(gift, reader, again));
    this.#list.prepend(...items.reverse());
    while (this.#list.childElementCount > MOST_GIFTS) this.#list.lastElementChild.remove();
    const kept = new Set(this.#list.children);
    for (const [seq, item] of this.#items) if (!kept.has(item)) this.#items.delete(seq);
    this.#sayIfEmpty();
  }

  remove(seqs) {
    for (const seq of seqs) {
      this.#items.get(seq)?.remove();
      this.#items.delete(seq);
    }
    this.#sayIfEmpty();
  }

  clear() {
    this.#list.replaceChildren();
    this.#items.clear();
    this.#sayIfEmpty();
  }

  #sayIfEmpty() {
    show(this.#none, this.#list.childElementCount === 0);
  }

  #item(gift, reader, again) {
    const label = reader.say("againOne", { name: nameOf(gift, reader) });
    const play = gift.seq === null ? null : button("quiet", replayIcon(), label, () => again(gift.seq));
    const note = gift.note && !gift.held ? make("p", "note", bdi("", gift.note)) : null;
    const item = make("li", "gift", ...head(gift, reader), play, note);
    item.dataset.tier = gift.tier;
    if (gift.seq !== null) this.#items.set(gift.seq, item);
    return item;
  }
}
