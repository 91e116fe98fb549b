/** Faces: the avatar of an account or, without one, a gradient and an initial that depend only on the name. */

import { h, svg, uid } from "./dom.js";
import { isMissing } from "./names.js";
import { state } from "./store.js";

function hash(text) {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 16777619);
  return value >>> 0;
}

function initial(name) {
  const segments = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name.trim());
  for (const { segment } of segments) return segment.toLocaleUpperCase();
  return "?";
}

function canvas(label) {
  const root = svg("svg", { viewBox: "0 0 40 40", class: "avatar", "aria-hidden": "true", focusable: "false" });
  root.dataset.name = label;
  return root;
}

export function rosette(petals = 8, label = "Rosette") {
  const root = canvas(label);
  const id = uid("petal");
  root.append(
    svg(
      "defs",
      {},
      svg(
        "linearGradient",
        { id, x1: 0, y1: 0, x2: 0, y2: 1 },
        svg("stop", { offset: 0, "stop-color": "#ff9ab5" }),
        svg("stop", { offset: 1, "stop-color": "#cf3a68" }),
      ),
    ),
    svg("rect", { width: 40, height: 40, fill: "#3a1528" }),
  );
  for (let index = 0; index < petals; index += 1) {
    root.append(
      svg("ellipse", {
        cx: 20,
        cy: 11.4,
        rx: 4.6,
        ry: 7.2,
        fill: `url(#${id})`,
        opacity: 0.92,
        transform: `rotate(${(360 / petals) * index} 20 20)`,
      }),
    );
  }
  root.append(svg("circle", { cx: 20, cy: 20, r: 4.4, fill: "#ffd27a" }));
  return root;
}

/** The face of webhook messages, which come from no account. */
function outsider(label) {
  const root = canvas(label);
  root.append(
    svg("rect", { width: 40, height: 40, fill: "#3f4a63" }),
    svg("path", {
      d: "M16 25a4.5 4.5 0 1 1-2-8.4M19 18l3-5a4.5 4.5 0 1 1 3.8 4M18.5 25h8a3.8 3.8 0 1 0-1.5-7.4",
      fill: "none",
      stroke: "#c9d4ee",
      "stroke-width": 2.2,
      "stroke-linecap": "round",
    }),
  );
  return root;
}

function picture(user) {
  const image = h("img", { class: "avatar", src: `/cdn/avatars/${user.id}/${user.avatar}.png?size=128`, alt: "" });
  image.decoding = "async";
  image.addEventListener("error", () => image.replaceWith(initialled(user, user.username)), { once: true });
  return image;
}

/** The face of a Discord user object. Our bot's is the rosette. */
export function avatar(user, name) {
  if (user.id === state.bot.user?.id) return rosette(8, name);
  if (user.avatar) return picture(user);
  return user.bot ? outsider(name) : initialled(user, name);
}

function initialled(user, name) {
  const seed = hash(`${user.id}${user.username}`);
  const hue = seed % 360;
  const root = canvas(name);
  const id = uid("face");
  root.append(
    svg(
      "defs",
      {},
      svg(
        "linearGradient",
        { id, x1: 0, y1: 0, x2: 1, y2: 1 },
        svg("stop", { offset: 0, "stop-color": `hsl(${hue} 62% 58%)` }),
        svg("stop", { offset: 1, "stop-color": `hsl(${(hue + 48) % 360} 58% 38%)` }),
      ),
    ),
    svg("rect", { width: 40, height: 40, fill: `url(#${id})` }),
    svg("circle", { cx: 8 + (seed % 24), cy: 40, r: 12 + (seed % 7), fill: "#fff", opacity: 0.12 }),
    svg(
      "text",
      {
        x: 20,
        y: 20,
        "text-anchor": "middle",
        "dominant-baseline": "central",
        fill: "#fff",
        "font-size": 18,
        "font-weight": 650,
      },
      initial(isMissing([...name.trim()][0] ?? "") ? user.username : name),
    ),
  );
  return root;
}
