/** The texts of the overlay, in English and German, and for both pages numbers as each language writes them. */

const EN = {
  anonymous: "Anonymous",
  away: "While you were away",
  gifts: { one: "{n} gift", other: "{n} gifts" },
  from: { one: "from {n} person", other: "from {n} people" },
  more: { one: "{n} more gift", other: "{n} more gifts" },
  for: "for {name}",
  goal: "Goal",
  goalReached: "Goal reached",
  top: "Top gifters",
  train: "Gift train: level {n}",
  match: "Match",
  test: "Test",
  example: "Example gift",
  exampleNote: "This is what a message looks like.",
  offline: "No connection to the bot. Trying again.",
  withdrawn: "This link is no longer valid. Get a new one in Discord.",
  incomplete: "This link is incomplete. Copy it again from Discord.",
  crowded: "Too many sources use this link.",
};

const DE = {
  anonymous: "Anonym",
  away: "Während du weg warst",
  gifts: { one: "{n} Geschenk", other: "{n} Geschenke" },
  from: { one: "von {n} Person", other: "von {n} Personen" },
  more: { one: "{n} weiteres Geschenk", other: "{n} weitere Geschenke" },
  for: "für {name}",
  goal: "Ziel",
  goalReached: "Ziel erreicht",
  top: "Top-Schenkende",
  train: "Geschenkezug: Stufe {n}",
  match: "Match",
  test: "Test",
  example: "Beispielgeschenk",
  exampleNote: "So sieht eine Nachricht aus.",
  offline: "Keine Verbindung zum Bot. Neuer Versuch läuft.",
  withdrawn: "Dieser Link gilt nicht mehr. Hol dir in Discord einen neuen.",
  incomplete: "Dieser Link ist unvollständig. Kopiere ihn in Discord noch einmal.",
  crowded: "Zu viele Quellen nutzen diesen Link.",
};

/** One language: `say` for texts, `count` for texts with a number in them, `number` for bare numbers. */
export class Reader {
  #table;
  #numbers;
  #plurals;

  constructor(lang, tables = { en: EN, de: DE }) {
    const locale = supported(lang);
    this.lang = tables[locale.split("-")[0]] ? locale : "en";
    this.#table = { ...tables.en, ...tables[this.lang.split("-")[0]] };
    this.#numbers = new Intl.NumberFormat(this.lang);
    this.#plurals = new Intl.PluralRules(this.lang);
  }

  number = (value) => this.#numbers.format(value);

  has = (key) => key in this.#table;

  say(key, values = {}) {
    return this.#table[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  count(key, value) {
    const forms = this.#table[key];
    return (forms[this.#plurals.select(value)] ?? forms.other).replace("{n}", this.number(value));
  }
}

function supported(lang) {
  try {
    return Intl.getCanonicalLocales(lang || "en")[0];
  } catch {
    return "en";
  }
}

/** Minutes and seconds until `endsMs`, "0:42"; hours from one hour on. Never below zero. */
export function countdown(endsMs, nowMs) {
  const seconds = Math.max(0, Math.ceil((endsMs - nowMs) / 1000));
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
