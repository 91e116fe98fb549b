/** The signs on the dock's buttons. */

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  pause: "M8 5v14M16 5v14",
  resume: "M8 5l11 7-11 7z",
  skip: "M5 5l9 7-9 7zM18 5v14",
  replay: "M4 12a8 8 0 1 0 3-6.2M7 2.5v4h4",
  mute: "M4 9v6h4l6 5V4L8 9zM17 9.5l5 5M22 9.5l-5 5",
  unmute: "M4 9v6h4l6 5V4L8 9zM17.5 9a4.5 4.5 0 0 1 0 6M20 6.5a8 8 0 0 1 0 11",
  clear: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  test: "M9 3h6M10 3v6L5 19a1.5 1.5 0 0 0 1.4 2h11.2a1.5 1.5 0 0 0 1.4-2L14 9V3M7.5 15h9",
};

export function newIcon() {
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  icon.append(document.createElementNS(SVG, "path"));
  return icon;
}

export function draw(icon, name) {
  icon.firstChild.setAttribute("d", PATHS[name]);
}
