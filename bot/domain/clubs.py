"""Fan clubs: who is in the club of a creator, what their points are, and when their membership pauses.

A member joins a creator's club with a gift that the catalogue marks for it, sent under their own name, and is in it as
long as any of these gifts stands. Points are the coins that they have gifted the creator under their own name, and
`ATTENDED` for each live event of the creator that they attended. A reversal lowers them.

A membership pauses 7 days after the creator's last live event if the member has done nothing for the creator since that
began: then the role goes, and the points stay. One gift, or one attended live event, and it goes on. While the creator
takes a break, time stands still for fans.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bot.domain.deadlines import Deadline, DeadlineKind

PATIENCE_MS: Final = 7 * 24 * 3_600_000
"""How long after the creator's last live event a membership goes on without anything done for the creator."""

ATTENDED: Final = 50
"""Points for an attended live event."""

CLUB_POINTS: Final = (10, 100, 300, 700, 1_500, 3_000, 6_000, 12_000, 25_000, 50_000)
"""The points from which on a member has each level in a club, from level 1 on."""


class Break(NamedTuple):
    """A time in which a creator takes no gifts, in milliseconds UTC."""

    from_ms: int
    until_ms: int


class LastShow(NamedTuple):
    """The last live event of a creator that is over: when it began and ended, in milliseconds UTC."""

    started_ms: int
    ended_ms: int


def points_of(coins: int, events: int = 0) -> int:
    """Return the points for coins gifted, and for live events attended."""
    return coins + ATTENDED * events


def club_level_of(points: int) -> int:
    """Return the level in a club, 0 for none yet."""
    return bisect_right(CLUB_POINTS, points)


def pause_due_ms(show: LastShow, breaks: Sequence[Break]) -> int:
    """Return when memberships pause after a live event, given the creator's breaks."""
    at_ms = show.ended_ms + PATIENCE_MS
    for one in merged(breaks):
        start_ms = max(one.from_ms, show.ended_ms)
        if start_ms < at_ms and one.until_ms > start_ms:
            at_ms += one.until_ms - start_ms
    return at_ms


def is_paused(active_ms: int, show: LastShow | None, breaks: Sequence[Break], now_ms: int) -> bool:
    """Whether a membership pauses at `now_ms`, whose member has last done something for the creator at `active_ms`.

    Without a live event, nobody has missed anything.
    """
    if show is None or active_ms >= show.started_ms:
        return False
    is_away = any(one.from_ms <= now_ms < one.until_ms for one in breaks)
    return not is_away and now_ms >= pause_due_ms(show, breaks)


def merged(breaks: Iterable[Break]) -> list[Break]:
    """Return breaks in order, with those that touch or overlap as one, so that no time counts twice."""
    ordered: list[Break] = []
    for one in sorted(breaks):
        if one.until_ms <= one.from_ms:
            continue
        if ordered and one.from_ms <= ordered[-1].until_ms:
            ordered[-1] = Break(ordered[-1].from_ms, max(ordered[-1].until_ms, one.until_ms))
        else:
            ordered.append(one)
    return ordered


def club_pauses_of(guild_id: int, creator: int, at_ms: int) -> Deadline:
    """Return the deadline for looking at the memberships in a creator's fan club."""
    return Deadline(guild_id, DeadlineKind.CLUB_PAUSES, creator, at_ms)
