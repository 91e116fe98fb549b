"""The policy table at Discord's door: asked before every command, and by every staff button."""

import discord
from discord import app_commands

from bot.domain import policy
from bot.domain.errors import NotAllowed, Refusal
from bot.ui.guild_only import actor_of, guild_of


class Refused(app_commands.AppCommandError):
    """A refusal on its way through discord.py's command tree, which only lets its own errors pass."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(repr(refusal))
        self.refusal = refusal


class Broken(app_commands.AppCommandError):
    """Any other error from a check; the original is the cause."""


async def check(interaction: discord.Interaction) -> bool:
    """Let a command pass, or raise an AppCommandError; for `CommandTree.interaction_check`.

    The tree catches nothing else there: another exception would vanish, and the caller wait in vain.
    """
    command = interaction.command
    if command is None:
        return True  # the tree itself says that the command is unknown
    try:
        await require(interaction, command.qualified_name)
    except Refusal as refusal:
        raise Refused(refusal) from refusal
    except Exception as error:
        raise Broken from error
    return True


async def require(interaction: discord.Interaction, command: str) -> None:
    """Raise NotAllowed unless the caller may use `command` in this guild, UnknownGuild outside of one."""
    guild_of(interaction)
    needs = policy.POLICY.get(command)
    if needs is None:
        raise NotAllowed(())
    # Most commands are for everybody; those cost no look-up.
    if needs:
        policy.check(command, await actor_of(interaction))
