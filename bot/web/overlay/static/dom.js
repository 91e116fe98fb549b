/** Elements are built, never parsed from HTML, so whatever members type can only become text. */

/** make("div", "rosette-chip", child, "text"): an element with a class and children. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A piece of member text: its direction is its own, and does not touch its neighbours. */
export function bdi(className, text = "") {
  const element = make("bdi", className, text);
  element.dir = "auto";
  return element;
}

/** Writes text only where it differs, because each write costs a layout. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/** Starts a CSS animation anew by taking its class off and on. */
export function restart(element, className) {
  element.classList.remove(className);
  void element.offsetWidth;
  element.classList.add(className);
}

const RETRIES = 4;
const RETRY_MS = 800;

/** Shows a picture of the bot's own server. One that is being drawn comes later; a missing one leaves its place empty. */
export function picture(image, address) {
  const url = own(address);
  if (image.dataset.src === url) return;
  image.dataset.src = url;
  image.dataset.tries = "0";
  image.hidden = !url;
  if (url) image.src = url;
  else image.removeAttribute("src");
}

export function newPicture(className) {
  const image = make("img", className);
  image.alt = "";
  image.decoding = "async";
  image.addEventListener("error", () => retry(image));
  image.addEventListener("load", () => show(image, true));
  picture(image, null);
  return image;
}

function retry(image) {
  const wanted = image.dataset.src;
  const tries = Number(image.dataset.tries);
  image.hidden = true;
  if (!wanted || tries >= RETRIES) return;
  image.dataset.tries = String(tries + 1);
  setTimeout(() => {
    if (image.dataset.src === wanted) image.src = wanted;
  }, RETRY_MS * (tries + 1));
}

/** Returns the whole address if it is one of the bot's own server, else "". */
export function own(address) {
  if (!address) return "";
  try {
    const url = new URL(address, location.href);
    return url.origin === location.origin ? url.href : "";
  } catch {
    return "";
  }
}
