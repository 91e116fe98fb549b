"""Webhooks of channels and their messages."""

from typing import Final

from sandbox.discord.errors import ApiError
from sandbox.discord.model import Channel, Message, User, Webhook
from sandbox.discord.state.threads import Threads

MAX_WEBHOOKS: Final = 15


class Webhooks(Threads):
    """The webhooks of the world."""

    def add_webhook(self, channel: Channel, name: str) -> Webhook:
        """Create a webhook in a channel; raises 30007 if it already has 15."""
        if sum(webhook.channel_id == channel.id for webhook in self.webhooks.values()) >= MAX_WEBHOOKS:
            raise ApiError(30007)
        webhook = Webhook(self.new_id(), channel.id, name)
        self.webhooks[webhook.id] = webhook
        return webhook

    def say_as_webhook(self, webhook: Webhook, content: str, *, username: str | None = None) -> Message:
        """Post a message as a webhook, perhaps under another name."""
        channel = self.channels[webhook.channel_id]
        author = webhook.author if username is None else User(webhook.id, username, bot=True)
        message = self.new_message(channel, author, content, webhook_id=webhook.id)
        self.post(channel, message)
        return message
