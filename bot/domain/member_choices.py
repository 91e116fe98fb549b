"""The choices that members make for themselves in a guild."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from bot.domain.errors import Refusal


class Choice(IntEnum):
    """Something that members choose, each off at first. The values stand in the ids of buttons."""

    NO_PINGS = 1
    """Never to be pinged."""
    HIDDEN = 2
    """Not to be on leaderboards, in results, and to have no profile that others see."""
    AMOUNTS_HIDDEN = 3
    """Others see neither how many coins the member has gifted nor how many gifts."""
    ANONYMOUS = 4
    """Gifts are anonymous unless the member says otherwise with one."""
    QUIET = 5
    """Trains, matches and combos leave the member out, and the member's private replies leave them out."""


@dataclass(frozen=True, slots=True)
class MemberChoices:
    """A member's choices: since when each holds, in milliseconds UTC; None for those that are off."""

    no_pings: bool = False
    hidden_since_ms: int | None = None
    amounts_hidden_since_ms: int | None = None
    quiet_since_ms: int | None = None
    anonymous_since_ms: int | None = None

    def has(self, choice: Choice) -> bool:
        """Whether a choice is on."""
        if choice is Choice.NO_PINGS:
            return self.no_pings
        since_ms: int | None = getattr(self, _FIELDS[choice])
        return since_ms is not None

    def with_choice(self, choice: Choice, *, is_on: bool, now_ms: int) -> "MemberChoices":
        """Return the choices with one switched on or off. One that is on already stays as it is."""
        if choice is Choice.NO_PINGS:
            return replace(self, no_pings=is_on)
        if self.has(choice) == is_on:
            return self
        return replace(self, **{_FIELDS[choice]: now_ms if is_on else None})

    @property
    def is_hidden(self) -> bool:
        """Whether the member is not shown."""
        return self.hidden_since_ms is not None

    @property
    def hides_amounts(self) -> bool:
        """Whether others do not see how much the member has gifted."""
        return self.amounts_hidden_since_ms is not None

    @property
    def is_quiet(self) -> bool:
        """Whether trains, matches and combos leave the member out."""
        return self.quiet_since_ms is not None

    @property
    def joins_combos(self) -> bool:
        """Whether the member may be named with a combo, which tells who it was and how many gifts."""
        return not (self.is_quiet or self.hides_amounts or self.is_hidden)

    @property
    def shows_quantity(self) -> bool:
        """Whether others read how many pieces of a gift the member has sent."""
        return not (self.is_quiet or self.hides_amounts)


_FIELDS: Final = {
    Choice.HIDDEN: "hidden_since_ms",
    Choice.AMOUNTS_HIDDEN: "amounts_hidden_since_ms",
    Choice.QUIET: "quiet_since_ms",
    Choice.ANONYMOUS: "anonymous_since_ms",
}

NO_CHOICES: Final = MemberChoices()
"""The choices of members who have chosen nothing."""


@dataclass(unsafe_hash=True)
class HiddenMember(Refusal):
    """A member who does not want to be shown was looked up."""

    member_id: int
