/** Actions that do not involve the bot, and the errors of those that fail. */

import { openForm } from "./forms.js";
import { interact } from "./socket.js";
import { openChannel, state } from "./store.js";
import { toast } from "./toast.js";

/** Does something in a channel; resolves with the answer, or with null after showing a refusal. */
export async function act(kind, fields = {}, channelId = state.channel) {
  const answer = await interact({ t: kind, channel_id: channelId, ...fields });
  if (answer.t === "failed") {
    toast(sentence(answer.text));
    return null;
  }
  return answer;
}

export function sentence(text) {
  const words = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

/** Does something from a form; returns the error for the form to show, if any. */
export async function tryTo(kind, fields, channelId = state.channel) {
  const answer = await interact({ t: kind, channel_id: channelId, ...fields });
  if (answer.t === "failed") return sentence(answer.text);
  // The channel itself comes just before the answer, and is drawn in the same frame.
  if (answer.channel_id) openChannel(answer.channel_id);
  return null;
}

export function askThread(message = null) {
  const words = message?.content.split("\n")[0].slice(0, 60) ?? "";
  openForm(
    {
      title: "Create thread",
      fields: [{ name: "name", label: "Thread name", max: 100, value: words }],
    },
    (values) => tryTo("thread", { ...values, message_id: message?.id ?? null }),
  );
}

export function askPost(channelId) {
  openForm(
    {
      title: "New post",
      submit: "Post",
      fields: [
        { name: "name", label: "Title", max: 100 },
        { name: "content", label: "Message", type: "long", max: 2000 },
      ],
    },
    (values) => tryTo("post", values, channelId),
  );
}

export function askWebhook(channelId) {
  openForm(
    {
      title: "Write as a webhook",
      note: "Garden News, a service outside Discord, writes into this channel.",
      submit: "Send",
      fields: [{ name: "content", label: "Message", type: "long", max: 2000 }],
    },
    (values) => tryTo("webhook", values, channelId),
  );
}

export function askStage(channelId) {
  openForm(
    {
      title: "Start the stage",
      submit: "Start",
      fields: [{ name: "topic", label: "Topic", max: 120, placeholder: "What is it about?" }],
    },
    (values) => tryTo("stage_open", values, channelId),
  );
}
