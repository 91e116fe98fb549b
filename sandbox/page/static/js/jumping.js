/** Jumps to a message in any channel, and sums up a message in a few words. */

import { openChannel, state } from "./store.js";
import { toast } from "./toast.js";

const GIST = 140;

/** The first words of a message, or a name for what it contains instead. */
export function gist(message) {
  const embed = message.embeds?.[0];
  const words = message.content || embed?.title || embed?.description;
  if (words) return words.replace(/\s+/g, " ").slice(0, GIST);
  return message.attachments?.length ? "a picture" : "a message";
}

/** Opens a message's channel and highlights the message for a moment. */
export function jump(channelId, messageId) {
  if (channelId !== state.channel) openChannel(channelId);
  // Two frames: one until the channel is drawn, one until its layout is done.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const item = document.getElementById(`message-${messageId}`);
      if (!item) {
        toast("That message is no longer here.");
        return;
      }
      item.scrollIntoView({ block: "center" });
      item.classList.add("found");
      setTimeout(() => item.classList.remove("found"), 1600);
    }),
  );
}
