/** Says why the bot offers nothing, if it is missing. */

import { state } from "./store.js";

const STARTING = new Set(["starting", "restarting"]);

/** Why the bot cannot be asked, or an empty text. */
export function absence() {
  if (!state.guild?.joined) return "You are not in this server any more, so it offers you no commands.";
  if (!state.trouble.has_bot) return "The bot was kicked from this server. Invite it again to use its commands.";
  if (!state.bot.online) return STARTING.has(state.bot.state) ? "The bot is still starting." : "The bot is not running.";
  return "";
}
