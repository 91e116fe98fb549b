/** Files for options of commands: chosen in the browser, and uploaded before the command is sent. */

import { h } from "./dom.js";
import { state } from "./store.js";

/** Lets the visitor choose a file; resolves to {value, label} once it is uploaded, or to {problem}. */
export function chooseFile() {
  return new Promise((resolve) => {
    const chooser = h("input", { type: "file", hidden: true });
    chooser.addEventListener("change", async () => {
      const [file] = chooser.files;
      chooser.remove();
      if (file) resolve(await upload(file));
    });
    chooser.addEventListener("cancel", () => chooser.remove());
    // Only what is part of the page can be found by those who look for it, such as tests.
    document.body.append(chooser);
    chooser.click();
  });
}

async function upload(file) {
  const query = new URLSearchParams({ name: file.name, channel: state.channel });
  try {
    const answer = await fetch(`/upload?${query}`, {
      method: "POST",
      headers: { "Content-Type": file.type || "application/octet-stream" },
      body: file,
    });
    if (answer.status === 413) return { problem: "A file has at most 10 MB." };
    if (!answer.ok) throw new Error(answer.statusText);
    const { id, filename } = await answer.json();
    return { value: id, label: filename };
  } catch {
    return { problem: "The file could not be uploaded." };
  }
}
