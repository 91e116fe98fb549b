"""One interaction as its member experiences it: started, waited for, answered or not."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Interaction, Message, Modal, Reply
from sandbox.discord.state.interactions import NO_ANSWER

PATIENCE_SECONDS: Final = 20.0
_WITH_MESSAGE: Final = (Reply.MESSAGE, Reply.UPDATE)


class NoAnswer(Exception):  # noqa: N818 - it reads as what happened
    """The bot did not answer in time. The text is what Discord's client shows."""


class Exchange:
    """An interaction and the bot's answers to it."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    @property
    def followups(self) -> list[Message]:
        """The follow-ups so far."""
        return self.interaction.followups

    @property
    def outcome(self) -> Message | Modal | None:
        """What the member currently sees as the answer; None before it and while it is "thinking …"."""
        interaction = self.interaction
        if interaction.replied is Reply.MODAL:
            return interaction.modal
        message = interaction.original
        if interaction.replied is Reply.DEFERRED_UPDATE and not interaction.edits:
            return None
        if message is None or message.deleted or message.loading:
            return next((followup for followup in interaction.followups if not followup.deleted), None)
        if interaction.replied is Reply.DEFERRED_UPDATE and interaction.followups and not interaction.revised:
            return interaction.followups[0]
        return message

    async def wait_for_answer(self, timeout: float = PATIENCE_SECONDS) -> Reply:
        """Wait for the first answer and return its type; raises NoAnswer if none comes in time."""
        await self._until(lambda: self.interaction.replied is not None, timeout)
        reply = self.interaction.replied
        if reply is None:
            raise NoAnswer(NO_ANSWER)
        return reply

    async def reply(self, timeout: float = PATIENCE_SECONDS) -> Message | Modal:
        """Wait for the complete answer and return it: a deferred one counts once it is edited or followed up."""
        await self.wait_for_answer(timeout)
        await self._until(lambda: self.outcome is not None, timeout)
        outcome = self.outcome
        if outcome is None:
            raise NoAnswer(NO_ANSWER)
        return outcome

    async def message(self, timeout: float = PATIENCE_SECONDS) -> Message:
        """Wait like `reply` and return the message; raises TypeError for a modal."""
        outcome = await self.reply(timeout)
        if not isinstance(outcome, Message):
            raise TypeError(f"the bot opened the modal {outcome.title!r} instead of sending a message")
        return outcome

    async def modal(self, timeout: float = PATIENCE_SECONDS) -> Modal:
        """Wait like `reply` and return the modal; raises TypeError for a message."""
        outcome = await self.reply(timeout)
        if not isinstance(outcome, Modal):
            raise TypeError(f"the bot sent a message instead of opening a modal: {outcome.text!r}")
        return outcome

    async def choices(self, timeout: float = PATIENCE_SECONDS) -> list[JSON]:
        """Wait for an autocomplete's choices and return them."""
        await self.wait_for_answer(timeout)
        return self.interaction.choices or []

    async def updated(self, until: Callable[[Message], bool], timeout: float = PATIENCE_SECONDS) -> Message:
        """Wait until the answer satisfies a condition, perhaps after later edits, and return it."""
        message = await self.message(timeout)
        await wait_for(message, lambda: until(message), timeout)
        return message

    async def late_message(self, timeout: float = 5.0) -> JSON | None:
        """Wait for a message that the bot sends too late, so that nobody in the guild sees it; None if none comes."""

        def messages() -> list[JSON]:
            return [answer["data"] for answer in self.interaction.late if answer.get("type") in _WITH_MESSAGE]

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not messages():
                    await self.interaction.changed()
        return next(iter(messages()), None)

    async def _until(self, condition: Callable[[], bool], timeout: float) -> None:
        if condition():
            return
        if self.interaction.replied is None and timeout >= PATIENCE_SECONDS:
            # Until its first answer, an interaction fails by its own timer, so no second timer is needed here.
            await self._first(condition)
        if condition() or self.interaction.failed:
            return
        try:
            async with asyncio.timeout(timeout):
                while not condition() and not self.interaction.failed:
                    await self.interaction.changed()
        except TimeoutError:
            raise NoAnswer(NO_ANSWER) from None

    async def _first(self, condition: Callable[[], bool]) -> None:
        while not condition() and not self.interaction.failed and self.interaction.replied is None:
            await self.interaction.changed()


async def wait_for(message: Message, condition: Callable[[], bool], timeout: float = PATIENCE_SECONDS) -> None:
    """Wait through a message's edits until a condition holds; raises TimeoutError with the message's last text."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():
                await message.changed()
    except TimeoutError:
        raise TimeoutError(f"the message never became what was waited for; it reads {message.text!r}") from None
