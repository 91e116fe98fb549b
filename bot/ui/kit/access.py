"""Checks the policy table before every command, and behind every staff button."""

from contextlib import suppress
from types import TracebackType

import discord
from discord import app_commands

from bot.domain import policy
from bot.domain.errors import BooksClosed, Busy, NotAllowed, Refusal
from bot.ui.kit.caller import Caller

NEEDS = "needs"
"""Key in a command's `extras`: the row of the policy table that opens it, if that is not its own."""


class RefusedCommand(app_commands.AppCommandError):
    """A refusal on its way through discord.py's command tree, which only lets its own errors pass."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


class Broken(app_commands.AppCommandError):
    """Any other error from a check; the original is the cause."""


class Checking:
    """A block whose exceptions are raised as AppCommandErrors, for `CommandTree.interaction_check`.

    The tree catches nothing else: any other exception would vanish, and the caller would get no answer.
    """

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, Refusal):
            raise RefusedCommand(error) from error
        if isinstance(error, Exception):
            raise Broken from error


async def check(interaction: discord.Interaction) -> None:
    """Raise UnknownGuild outside of a guild of the bot's, and NotAllowed unless the caller may use the command."""
    command = interaction.command
    # discord.py's tree answers unknown commands itself.
    if command is not None:
        await require(Caller(interaction), command.extras.get(NEEDS, command.qualified_name))


async def require(caller: Caller, command: str) -> None:
    """Raise NotAllowed unless the caller may use `command` in this guild."""
    needs = policy.POLICY.get(command)
    # A command without a row is closed to everybody, so that a forgotten row opens nothing.
    if needs is None:
        raise NotAllowed(())
    # Most commands are for everybody, and need no look-up.
    if needs:
        actor = await caller.actor()
        policy.check(command, actor)
        if actor.is_creator and (actor.staff or actor.manages_guild):
            # It is said below the answer, which does not wait for books that are closed.
            with suppress(BooksClosed, Busy):
                await caller.services.creators.note_staff(caller.guild_id, caller.member_id)
