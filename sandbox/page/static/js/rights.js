/** The visitor's permissions in each channel, which the sandbox sends as bits. */

import { state } from "./store.js";

export const RIGHT = {
  kickMembers: 1n << 1n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  readHistory: 1n << 16n,
  manageWebhooks: 1n << 29n,
  manageThreads: 1n << 34n,
  createThreads: 1n << 35n,
  sendInThreads: 1n << 38n,
  pinMessages: 1n << 51n,
};

export const KIND = { text: 0, voice: 2, news: 5, thread: 11, stage: 13, forum: 15 };

export const channelOf = (id) => state.channels.find((channel) => channel.id === id) ?? null;

export const isThread = (channel) => [10, 11, 12].includes(channel?.type);

export const isVocal = (channel) => channel?.type === KIND.voice || channel?.type === KIND.stage;

export const may = (channel, right) => Boolean(channel && BigInt(channel.rights ?? 0) & right);

/** The reason why the visitor cannot write here, or an empty text. */
export function silence(channel) {
  if (!state.guild?.joined) return "You are not in this server any more.";
  const meta = channel?.thread_metadata;
  if (meta?.locked && !may(channel, RIGHT.manageThreads)) return "This thread is locked.";
  const needed = isThread(channel) ? RIGHT.sendInThreads : RIGHT.sendMessages;
  return may(channel, needed) ? "" : "You do not have permission to send messages in this channel.";
}
