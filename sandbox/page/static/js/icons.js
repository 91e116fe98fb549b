/** The page's own line icons, 24 by 24, in the colour of the text around them. */

import { svg } from "./dom.js";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.5 15h16",
  stage:
    "M12 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4 7c0-2.4 1.8-4 4-4s4 1.6 4 4M6.5 14.5a6.5 6.5 0 1 1 11 0M3.8 17a10 10 0 1 1 16.4 0",
  menu: "M4 7h16M4 12h16M4 17h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.6a3.5 3.5 0 0 1 0 6M18 14.5c2.2.8 3.6 2.8 3.6 5.5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  send: "M4 12 20 4l-4 16-4.5-6.5L4 12Zm7.5 1.5L20 4",
  slash: "M15 4 9 20",
  storm: "M13 3 5 13.5h6L10 21l9-11.5h-6.5L13 3Z",
  power: "M12 3v8M6.3 6.8a8 8 0 1 0 11.4 0",
  log: "M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  pin: "M9 3h6l-1 7 4 4H6l4-4-1-7Zm3 11v7",
  reply: "M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7",
  chevron: "M7 10l5 5 5-5",
  check: "M5 12.5 10 17l9-10",
  external: "M14 4h6v6M20 4 11 13M18 14v6H4V6h6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  plus: "M12 5v14M5 12h14",
};

export function icon(name) {
  const heavy = name === "more";
  return svg(
    "svg",
    {
      viewBox: "0 0 24 24",
      class: "icon",
      "aria-hidden": "true",
      focusable: "false",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": heavy ? 3.4 : 1.9,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    },
    svg("path", { d: PATHS[name] }),
  );
}
