/** The page's own line icons, 24 by 24, in the colour of the text around them. */

import { svg } from "./dom.js";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.5 15h16",
  stage:
    "M12 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4 7c0-2.4 1.8-4 4-4s4 1.6 4 4M6.5 14.5a6.5 6.5 0 1 1 11 0M3.8 17a10 10 0 1 1 16.4 0",
  voice: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4Zm12-1a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12",
  forum: "M4 5h12v8H9l-3 3v-3H4V5Zm8 11h3l3 3v-3h2V9",
  thread: "M7 4v8a4 4 0 0 0 4 4h8M15.5 12.5 19 16l-3.5 3.5",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5v4M15 3.5v4",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Zm0-12v4.5l3 2",
  repeat: "M5 11V9.5A3.5 3.5 0 0 1 8.5 6H19m-3-3 3 3-3 3M19 13v1.5a3.5 3.5 0 0 1-3.5 3.5H5m3 3-3-3 3-3",
  lock: "M7 11h10v9H7zM9 11V8a3 3 0 0 1 6 0v3",
  archive: "M4 5h16v4H4zM6 9v11h12V9M10 13h4",
  hook: "M8 17a3.5 3.5 0 1 1-1.5-6.6M10.5 11 13 6.8A3.5 3.5 0 1 1 16 10M10 17h6.5a3 3 0 1 0-1.2-5.8",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  at: "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm3.5-7V13a2.3 2.3 0 0 0 4.5.6A8 8 0 1 0 16 19",
  leave: "M14 4H5v16h9M10 12h10M16.5 8.5 20 12l-3.5 3.5",
  app: "M12 4.5 19 8.5v7L12 19.5 5 15.5v-7zM5 8.5l7 4 7-4M12 12.5v7",
  bell: "M6.5 16V11a5.5 5.5 0 0 1 11 0v5l1.5 2H5l1.5-2ZM10 20.5h4",
  bolt: "M4 19 12 5l8 14H4Zm8-8.5v4M12 16.7h.01",
  place: "M12 20.5s-6-5.6-6-10.2a6 6 0 0 1 12 0c0 4.6-6 10.2-6 10.2Zm0-8.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  menu: "M4 7h16M4 12h16M4 17h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.6a3.5 3.5 0 0 1 0 6M18 14.5c2.2.8 3.6 2.8 3.6 5.5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  send: "M4 12 20 4l-4 16-4.5-6.5L4 12Zm7.5 1.5L20 4",
  slash: "M15 4 9 20",
  storm: "M13 3 5 13.5h6L10 21l9-11.5h-6.5L13 3Z",
  screen: "M3.5 5h17v11.5h-17zM9 20h6M10.5 8.5v4.5l4-2.2z",
  expand: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  mute: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4Zm12 .5 5 5M21 10l-5 5",
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
