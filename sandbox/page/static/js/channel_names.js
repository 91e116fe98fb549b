/** How channels are called: only those of text have a "#", as in Discord's client. */

import { icon } from "./icons.js";
import { isThread, isVocal, KIND } from "./rights.js";

const ICONS = { [KIND.voice]: "voice", [KIND.stage]: "stage", [KIND.forum]: "forum" };

export const channelIcon = (channel) => icon(isThread(channel) ? "thread" : (ICONS[channel.type] ?? "hash"));

/** The name as it stands in a sentence or a title. */
export const labelOf = (channel) => (isVocal(channel) || isThread(channel) ? channel.name : `#${channel.name}`);

/** The name as a mention shows it, with the icon of a channel that has no "#". */
export const markedLabel = (channel) =>
  labelOf(channel) === channel.name ? [channelIcon(channel), channel.name] : labelOf(channel);
