"""Interactions: members start them, the bot answers within three seconds, and their tokens last fifteen minutes."""

import asyncio
import secrets
from typing import Final

import orjson

from sandbox.discord.errors import ApiError
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, Guild, Interaction, InteractionType, Member, Message, Reply, User
from sandbox.discord.permissions import DM_PERMISSIONS, in_channel
from sandbox.discord.state.core import State

TOKEN_SECONDS: Final = 15 * 60.0
KEEP_INTERACTIONS: Final = 20_000
NO_ANSWER: Final = "The application did not respond"


class Interactions(State):
    """The interactions of the world."""

    def begin(
        self,
        user: User,
        channel: Channel,
        kind: InteractionType,
        data: JSON,
        *,
        message: Message | None = None,
        trigger: JSON | None = None,
        nonce: str | None = None,
    ) -> Interaction:
        """Create an interaction and send it to the bot. `trigger` is the metadata of the one that opened a modal."""
        guild = self.guild_of(channel)
        member = None if guild is None else guild.members[user.id]
        interaction_id, token = self.new_id(), secrets.token_urlsafe(40)
        payload = self._payload(interaction_id, token, user, channel, guild, member, kind, data, message)
        interaction = Interaction(
            interaction_id,
            token,
            kind,
            user,
            channel,
            guild,
            member,
            self.now(),
            data,
            orjson.dumps(payload),
            _metadata(payload, user, message, trigger),
            message,
            nonce,
        )
        self._by_id[interaction_id] = self._by_token[token] = interaction
        if len(self._by_id) > KEEP_INTERACTIONS:
            oldest = self._by_id.pop(next(iter(self._by_id)))
            del self._by_token[oldest.token]
        self._await_answer(interaction)
        self.deliver(interaction)
        self._interaction_event(interaction, "begun")
        return interaction

    def deliver(self, interaction: Interaction) -> None:
        """Send INTERACTION_CREATE. Calling this again makes a duplicate delivery."""
        guild_id = interaction.guild.id if interaction.guild else None
        self.dispatch("INTERACTION_CREATE", interaction.create_event, guild_id=guild_id)

    def _await_answer(self, interaction: Interaction) -> None:
        """Let an interaction fail once its seconds are over. One timer serves all interactions that wait."""
        loop = asyncio.get_running_loop()
        self._waiting.append((loop.time() + self.first_answer_seconds, interaction))
        if len(self._waiting) == 1:
            loop.call_later(self.first_answer_seconds, self._look_at_waiting)

    def _look_at_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            due, interaction = self._waiting[0]
            if interaction.replied is None:
                if due > loop.time():
                    loop.call_at(due, self._look_at_waiting)
                    return
                self._fail(interaction)
            self._waiting.popleft()

    def _payload(
        self,
        interaction_id: int,
        token: str,
        user: User,
        channel: Channel,
        guild: Guild | None,
        member: Member | None,
        kind: InteractionType,
        data: JSON,
        message: Message | None,
    ) -> JSON:
        payload: JSON = {
            "id": str(interaction_id),
            "application_id": str(self.application.id),
            "type": int(kind),
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.to_json(),
            "token": token,
            "version": 1,
            "locale": user.locale,
            "entitlements": self._entitlements(user, guild),
            "attachment_size_limit": self.attachment_size_limit,
        }
        if guild is None or member is None:
            payload["user"] = user.to_json()
            payload["app_permissions"] = str(DM_PERMISSIONS)
            payload["context"] = 1
            payload["authorizing_integration_owners"] = {"0": "0"}
        else:
            rights = in_channel(guild, channel, member)
            payload["member"] = {**member.to_json(), "permissions": str(rights)}
            payload["guild_id"] = str(guild.id)
            payload["guild"] = {"id": str(guild.id), "locale": guild.locale, "features": []}
            payload["guild_locale"] = guild.locale
            bot = guild.members.get(self.bot_user.id)
            payload["app_permissions"] = str(0 if bot is None else in_channel(guild, channel, bot))
            payload["context"] = 0
            payload["authorizing_integration_owners"] = {"0": str(guild.id)}
            payload["channel"]["permissions"] = str(rights)
        if self.application.installers is not None:
            payload["authorizing_integration_owners"] = self.application.installers
        if message is not None:
            payload["message"] = message.to_json(self.bot_user.id)
        return payload

    def _entitlements(self, user: User, guild: Guild | None) -> list[JSON]:
        """Return the entitlements of a user or guild that are neither deleted nor consumed."""
        if not self.entitlements:
            return []
        guild_id = guild.id if guild else None
        return [
            entitlement.to_json()
            for entitlement in self.entitlements.values()
            if not entitlement.deleted
            and not entitlement.consumed
            and (entitlement.user_id == user.id or entitlement.guild_id == guild_id is not None)
        ]

    def _fail(self, interaction: Interaction) -> None:
        interaction.failed = True
        interaction.wake()
        self._interaction_event(interaction, "failed")

    def interaction_to_answer(self, interaction_id: int, token: str, answer: JSON) -> Interaction:
        """Return an interaction that still waits for its first answer; raises 10062 or 40060.

        An `answer` that comes too late is stored in the interaction's `late`.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise ApiError(10062)
        if interaction.replied is not None:
            raise ApiError(40060)
        if self.now() - interaction.created > self.first_answer_seconds:
            interaction.late.append(answer)
            interaction.wake()
            raise ApiError(10062)
        return interaction

    def interaction_of_token(self, token: str) -> Interaction:
        """Return an answered interaction by its token; raises 10015 (unknown) or 50027 (older than 15 minutes)."""
        interaction = self._by_token.get(token)
        if interaction is None:
            raise ApiError(10015)
        if self.now() - interaction.created > TOKEN_SECONDS:
            raise ApiError(50027)
        if interaction.replied is None:
            raise ApiError(10015)
        return interaction

    def interaction(self, interaction_id: int) -> Interaction | None:
        """Return an interaction by id, or None if it is unknown or too old to be kept."""
        return self._by_id.get(interaction_id)

    def answered(self, interaction: Interaction, reply: Reply) -> None:
        """Record the type of the first answer."""
        interaction.replied = reply
        interaction.failed = False
        interaction.wake()
        self._interaction_event(interaction, reply.name.lower())

    def _interaction_event(self, interaction: Interaction, state: str) -> None:
        self.notify(
            "modal" if state == "modal" else "interaction",
            lambda: _event_json(interaction, state),
            guild_id=interaction.guild.id if interaction.guild else None,
            channel_id=interaction.channel.id,
            only_for=interaction.user.id,
        )


def _event_json(interaction: Interaction, state: str) -> JSON:
    """Return the event that reports an interaction's state to its user."""
    payload: JSON = {"id": str(interaction.id), "nonce": interaction.nonce, "state": state}
    if state == "failed":
        payload["text"] = NO_ANSWER
    if interaction.modal is not None:
        payload["modal"] = interaction.modal.to_json()
    if interaction.choices is not None:
        payload["choices"] = interaction.choices
    return payload


def _metadata(payload: JSON, user: User, message: Message | None, trigger: JSON | None) -> JSON:
    """Return the `interaction_metadata` of messages that answer an interaction."""
    metadata: JSON = {
        "id": payload["id"],
        "type": payload["type"],
        "user": user.to_json(),
        "authorizing_integration_owners": payload["authorizing_integration_owners"],
    }
    data: JSON = payload["data"]
    if payload["type"] == InteractionType.COMPONENT and message is not None:
        metadata["interacted_message_id"] = str(message.id)
    if payload["type"] == InteractionType.MODAL_SUBMIT and trigger is not None:
        metadata["triggering_interaction_metadata"] = trigger
    if data.get("type") == 2:
        metadata["target_user"] = data["resolved"]["users"][data["target_id"]]
    if data.get("type") == 3:
        metadata["target_message_id"] = data["target_id"]
    return metadata
