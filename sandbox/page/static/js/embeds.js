/** Embeds, attachments and pictures. */

import { h, imageUrl, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { inline } from "./inline.js";
import { stamp } from "./time.js";

function enlarge(source, alt) {
  const dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": alt || "Picture" },
    h("img", { src: source, alt }),
    alt ? h("p", {}, alt) : null,
    h(
      "button",
      { type: "button", class: "round close", "aria-label": "Close", onclick: () => dialog.close() },
      icon("close"),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const TALLEST = 420;

/** A picture whose space is reserved while it loads. If it is missing, its description is shown. */
export function picture(media, alt, className = "picture") {
  const source = imageUrl(media?.url ?? "");
  if (!source) return null;
  const words = alt || media.description || "";
  const image = h("img", { src: source, alt: words, loading: "lazy", decoding: "async" });
  const frame = h(
    "button",
    {
      type: "button",
      class: className,
      "aria-label": words ? `Picture: ${words}` : "Picture, open larger",
      onclick: () => enlarge(source, words),
    },
    image,
  );
  if (media.width && media.height) {
    image.width = media.width;
    image.height = media.height;
    // The frame hugs the picture, however tall it is.
    frame.style.setProperty("--fit", `${Math.min(media.width, (media.width * TALLEST) / media.height)}px`);
  }
  if (words) frame.append(h("span", { class: "alt-tag", "aria-hidden": "true", title: words }, "ALT"));
  image.addEventListener("error", () => frame.classList.add("missing"), { once: true });
  return frame;
}

function small(url, className) {
  const source = imageUrl(url ?? "");
  if (!source) return null;
  const image = h("img", { src: source, alt: "", class: className });
  image.addEventListener("error", () => image.remove(), { once: true });
  return image;
}

function linked(text, url) {
  const target = url ? safeUrl(url) : null;
  return target
    ? h("a", { href: target.href, target: "_blank", rel: "noopener noreferrer" }, inline(text))
    : inline(text);
}

/** Pairs each field with how many share its row: up to three in a row stand beside each other. */
function inRows(fields) {
  const rows = [];
  for (const field of fields) {
    const row = rows.at(-1);
    if (field.inline && row?.[0].inline && row.length < 3) row.push(field);
    else rows.push([field]);
  }
  return rows.flatMap((row) => row.map((field) => [field, row.length]));
}

function field([{ name, value }, count]) {
  return h(
    "div",
    { class: "field", data: { beside: count } },
    h("div", { class: "field-name" }, inline(name)),
    h("div", { class: "prose" }, markdown(value)),
  );
}

function footer(embed) {
  if (!embed.footer && !embed.timestamp) return null;
  return h(
    "footer",
    {},
    small(embed.footer?.icon_url, "tiny"),
    embed.footer ? h("span", {}, embed.footer.text) : null,
    embed.footer && embed.timestamp ? h("span", { "aria-hidden": "true" }, "•") : null,
    embed.timestamp ? stamp(Date.parse(embed.timestamp)) : null,
  );
}

export function embed(data) {
  const colour = data.color ? `#${data.color.toString(16).padStart(6, "0")}` : null;
  return h(
    "article",
    { class: "embed", style: colour ? { "--edge": colour } : {} },
    h(
      "div",
      { class: "embed-words" },
      data.author
        ? h(
            "div",
            { class: "embed-author" },
            small(data.author.icon_url, "tiny"),
            linked(data.author.name, data.author.url),
          )
        : null,
      data.title
        ? h("div", { class: "embed-title", role: "heading", "aria-level": 3 }, linked(data.title, data.url))
        : null,
      data.description ? h("div", { class: "prose" }, markdown(data.description)) : null,
      data.fields?.length ? h("div", { class: "fields" }, inRows(data.fields).map(field)) : null,
    ),
    data.thumbnail ? picture(data.thumbnail, data.thumbnail.description, "thumbnail") : null,
    data.image ? picture(data.image, data.image.description) : null,
    footer(data),
  );
}

const bytes = (size) =>
  size < 1024 ? `${size} B` : size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;

const isPicture = (file) =>
  file.content_type?.startsWith("image/") || /\.(png|jpe?g|gif|webp|svg)$/i.test(file.filename);

export const attachment = (file) => (isPicture(file) ? picture(file, file.description) : download(file));

/** The files below a message: pictures side by side as in a gallery, then all others. */
export function attachments(files) {
  const pictures = files.filter(isPicture).map(attachment);
  const count = Math.min(pictures.length, 3);
  return [
    count > 1 ? h("div", { class: "gallery loose", data: { count } }, pictures) : pictures,
    files.filter((file) => !isPicture(file)).map(attachment),
  ];
}

function download(file) {
  const source = imageUrl(file.url);
  return h(
    "div",
    { class: "file" },
    icon("file"),
    h(
      "div",
      {},
      h("a", { href: source, download: file.filename, target: "_blank", rel: "noopener" }, file.filename),
      h("div", { class: "faint" }, bytes(file.size ?? 0), file.description ? ` · ${file.description}` : ""),
    ),
  );
}

/** A picture that an embed refers to as attachment://name is shown in the embed only, not again below it. */
export function loose(message) {
  const used = new Set(
    (message.embeds ?? []).flatMap((embed) => [
      embed.image?.url,
      embed.thumbnail?.url,
      embed.footer?.icon_url,
      embed.author?.icon_url,
    ]),
  );
  const text = JSON.stringify(message.components ?? []);
  return (message.attachments ?? []).filter(
    (file) =>
      !used.has(file.url) &&
      !used.has(`attachment://${file.filename}`) &&
      !text.includes(file.url) &&
      !text.includes(`attachment://${file.filename}`),
  );
}

/** Turns the attachment:// names in a message's embeds and components into the addresses of its files. */
export function resolveFiles(message, url) {
  if (!url?.startsWith("attachment://")) return url;
  return message.attachments?.find((file) => file.filename === url.slice(13))?.url ?? url;
}
