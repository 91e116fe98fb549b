"""How interactions end, how soon they are answered, and why they are refused: counted here, shown by `bot.metrics`.

The labels come from this code and never from what Discord sends, so their number is limited: commands of the tree, and
controls and forms by their cogs.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Final

import discord

from bot.domain.errors import Refusal
from bot.domain.ids import created_ms
from bot.tallies import Spreads, Tally

HANDLED: Final = "handled"
"""Key in `Interaction.extras`: what of this process deals with the press or form, as `label_of` names it."""
UNKNOWN: Final = "unknown"
"""Commands and controls that this version does not have."""
_UNREAD: Final = "unread"
"""What was shed before anybody knew what it was."""
_ACK_BOUNDS_S: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0)
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
_COGS: Final = "cogs."
_COMMAND: Final = discord.InteractionType.application_command


class Outcome(StrEnum):
    """How an interaction ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """Told why not."""
    OUTDATED = "outdated"
    """Of an earlier version or an earlier process. The member is told so."""
    FAILED = "failed"
    """An error of ours, told with a number to quote."""
    LATE = "late"
    """Discord no longer took the answer, so nothing was begun or shown."""
    SHED = "shed"
    """Refused or dropped before it was read, because it had waited too long."""
    TAKEN = "taken"
    """Another process of the bot answers it."""


class InteractionMeter:
    """Counts interactions. `clock` gives milliseconds since the epoch by Discord's time."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.outcomes = Tally([(_UNREAD, Outcome.SHED.value)])
        """By command and outcome."""
        self.refusals = Tally((reason_of(each),) for each in _refusals())
        """By reason."""
        self.acks = Spreads(_ACK_BOUNDS_S)
        """Seconds from the creation of an interaction at Discord until it took the first answer, by command."""

    def acknowledged(self, interaction: discord.Interaction) -> None:
        """Count that Discord has just taken the first answer to an interaction."""
        # Two clocks that are a moment apart can make an answer come before its question.
        self.acks.note(label_of(interaction), max(0.0, (self._clock() - created_ms(interaction.id)) / 1000))

    def ended(self, interaction: discord.Interaction, outcome: Outcome) -> None:
        """Count the end of an interaction."""
        # Members of a StrEnum are the labels themselves; to ask for their values takes longer than to count.
        label = label_of(interaction)
        self.outcomes.know(label, Outcome.FAILED)
        self.outcomes.add(label, outcome)

    def shed(self) -> None:
        """Count an interaction that nothing was built of, so that nobody knows what it was about."""
        self.outcomes.add(_UNREAD, Outcome.SHED.value)

    def refused(self, refusal: Refusal) -> None:
        """Count a refusal that somebody was told."""
        self.refusals.add(reason_of(type(refusal)))


def label_of(interaction: discord.Interaction) -> str:
    """Return what an interaction is counted as."""
    if interaction.type is _COMMAND:
        command = interaction.command
        return command.qualified_name if command is not None else UNKNOWN
    if interaction.type is discord.InteractionType.autocomplete:
        return "autocomplete"
    return interaction.extras.get(HANDLED, UNKNOWN)


def label_for(kind: str, owner: type) -> str:
    """Return the label of a control or form that is the class `owner`: its kind, and the cog that has it."""
    module = owner.__module__
    return f"{kind} {module.removeprefix(_COGS).partition('.')[0] if module.startswith(_COGS) else 'shared'}"


@cache
def reason_of(refusal: type[Refusal]) -> str:
    """Return the label of a refusal: not_enough_coins."""
    return _WORD.sub("_", refusal.__name__).lower()


def _refusals(base: type[Refusal] = Refusal) -> set[type[Refusal]]:
    below = base.__subclasses__()
    return {*below, *(deeper for each in below for deeper in _refusals(each))}
