"""The web part, in the bot's own process: payment webhooks and health."""
