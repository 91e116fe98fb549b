"""Profiles: what a member has achieved in a guild, and whom they gift most. All of it comes from gifts under their
name.

Anonymous gifts add to nothing here: a profile that changes right after one would tell who sent it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.clubs import club_level_of
from bot.domain.guilds import GuildRules
from bot.domain.levels import LevelProgress, badges_of
from bot.domain.shares import ShareChange
from bot.domain.streaks import Streak

MOST_FAVOURITES: Final = 3


class Favourite(NamedTuple):
    """A creator, and the coins that the member has gifted them."""

    creator_id: int
    coins: int


class ClubPlace(NamedTuple):
    """A membership in the fan club of a creator. While it pauses, its role is gone, and its points stay."""

    creator_id: int
    points: int
    is_paused: bool = False

    @property
    def level(self) -> int:
        """The level in the club."""
        return club_level_of(self.points)


class WonBadge(NamedTuple):
    """A badge that a member won in a challenge, both as staff wrote them."""

    badge: str
    challenge: str


class CreatorSide(NamedTuple):
    """What a profile says of a creator: how many members have gifted them, and what creators earn, now and before."""

    fans: int
    rules: GuildRules
    changes: Sequence[ShareChange]


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """A member's profile. `favourites` are in order, the most gifted first, and so are `clubs`, by points.

    Some of these creators may have left the guild. `train_badges` counts those of each level of gift trains, from 1 on.
    With `hides_amounts`, others read nothing about coins, points, or badges, which stand for sums.

    `won_badges` are those of challenges, newest first. `creator` is None unless the member is one.
    """

    member_id: int
    progress: LevelProgress
    streak: Streak
    favourites: Sequence[Favourite] = ()
    creator: CreatorSide | None = None
    clubs: Sequence[ClubPlace] = ()
    train_badges: Sequence[int] = ()
    hides_amounts: bool = False
    won_badges: Sequence[WonBadge] = ()

    @property
    def badges(self) -> tuple[int, ...]:
        """The badges that they show, the smallest first."""
        return () if self.hides_amounts else badges_of(self.progress.coins)
