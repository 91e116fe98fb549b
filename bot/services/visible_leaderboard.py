"""Leaderboards as they are shown: members who have left or hide are left out, and the places below them close up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.creator_weeks import CreatorWeek
from bot.domain.leaderboards import Board, Standing
from bot.domain.live import LiveEvent
from bot.services.leaderboards import PAGE, BoardPage, BoardQuery, Leaderboards
from bot.services.live_displays import LiveDisplays
from bot.services.live_rules import LiveStatus
from bot.services.member_choices import Members

MOST_ROWS = 1_000
"""How many rows are read at once."""

MOST_ABOVE = 50
"""Up to this place, Discord is asked about everyone above."""

NEARBY = 2 * PAGE
"""How many places above and below the viewer's own are read: some may have left."""


@dataclass(frozen=True, slots=True)
class VisiblePage:
    """A page of a board with only those who are here. `number` counts from 0, and `board` is the page as the books have
    it."""

    board: BoardPage
    standings: tuple[Standing, ...]
    own: Standing | None
    number: int
    pages: int

    @property
    def recap_event(self) -> LiveEvent | None:
        """The live event whose recap belongs above the page: an event that is over, on the first page of all its
        gifters."""
        query, event = self.board.query, self.board.event
        if event is None or event.ended_ms is None or self.number:
            return None
        return event if query.board is Board.GIFTERS and query.fans_of is None else None


async def visible_page(leaderboards: Leaderboards, members: Members, query: BoardQuery) -> VisiblePage:
    """Return the page of `query` among those who are still in the guild; raises what `Leaderboards.leaderboard` raises.

    All rows above the page are needed to know which of those members have left, but they are read together. `members`
    remembers whom it has looked up.
    """
    standings: list[Standing] = []
    absent_places: list[int] = []
    wanted = (query.page + 1) * PAGE
    rows = range(min(wanted, MOST_ROWS))
    while True:
        board = await leaderboards.leaderboard(query, rows)
        await _sort_by_presence(members, board, wanted, standings, absent_places)
        if len(standings) >= wanted or rows.stop >= board.leaderboard.places:
            break
        # Some have left. Doubling the rows each time keeps the reads few, however many have left.
        rows = range(rows.stop, rows.stop + min(rows.stop, MOST_ROWS))
    # The requested page may have become empty since its button was drawn.
    start = min(query.page, max(0, (len(standings) - 1) // PAGE)) * PAGE
    own = board.leaderboard.own
    pages = max(1, -(-(board.leaderboard.places - len(absent_places)) // PAGE))
    return VisiblePage(
        board=board,
        standings=tuple(standings[start : start + PAGE]),
        own=own and _moved_up(own, absent_places),
        number=min(query.page, pages - 1),
        pages=pages,
    )


async def visible_around(leaderboards: Leaderboards, members: Members, query: BoardQuery) -> VisiblePage | None:
    """Return the viewer's place with those around it who are still in the guild, as one page; None without a place.

    Raises what `Leaderboards.leaderboard` raises. For the first places, everyone above is checked. Further down that
    would take a question to Discord for each of them, so only those nearby are checked.
    """
    own = (await leaderboards.leaderboard(query, range(1))).leaderboard.own
    if own is None:
        return None
    first = own.place - 1 - NEARBY if own.place > MOST_ABOVE else 0
    board = await leaderboards.leaderboard(query, range(first, own.place + NEARBY))
    standings: list[Standing] = []
    absent_places: list[int] = []
    await _sort_by_presence(members, board, len(board.leaderboard.standings), standings, absent_places)
    own = board.leaderboard.own and _moved_up(board.leaderboard.own, absent_places)
    above = sum(own is not None and standing.place < own.place for standing in standings)
    # If there are few on one side, there is room for more on the other.
    start = max(0, min(above - PAGE // 2 + 1, len(standings) - PAGE))
    return VisiblePage(board, tuple(standings[start : start + PAGE]), own, number=0, pages=1)


async def _sort_by_presence(
    members: Members, board: BoardPage, wanted: int, standings: list[Standing], absent_places: list[int]
) -> None:
    """Add the rows of `board` to `standings`, or to `absent_places`, until there are as many standings as `wanted`."""
    rows = board.leaderboard.standings
    # A few members at a time: a gift that waits for Discord to confirm its creator must not queue behind a whole board.
    for first in range(0, len(rows), PAGE):
        if len(standings) >= wanted:
            return
        few = rows[first : first + PAGE]
        present = await _present(members, board.query, few)
        for standing in few:
            if standing.subject_id in present:
                standings.append(_moved_up(standing, absent_places))
            else:
                absent_places.append(standing.place)


async def visible_fans(members: Members, guild_id: int, fans: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return a creator's top fans without those who have left. The places close up."""
    # 0 stands for members whose data was erased: they are counted but not shown.
    known = [fan for fan in fans if fan.subject_id]
    present = await members.members_among(guild_id, [fan.subject_id for fan in known])
    present_fans = [fan for fan in known if fan.subject_id in present]
    return tuple(replace(fan, place=place) for place, fan in enumerate(present_fans, start=1))


async def visible_week(members: Members, guild_id: int, week: CreatorWeek) -> CreatorWeek:
    """Return the recap of a creator's week without the names of those who have left."""
    fans = await visible_fans(members, guild_id, week.stats.fans)
    present = await members.members_among(guild_id, [week.largest_id] if week.largest_id else [])
    largest_id = week.largest_id if week.largest_id in present else 0
    return replace(week, stats=replace(week.stats, fans=fans), largest_id=largest_id)


async def visible_recap(displays: LiveDisplays, members: Members, event: LiveEvent, page: VisiblePage) -> LiveStatus:
    """Return the recap of an event whose first page of gifters is `page`, and which names none who have left."""
    recap = await displays.recap(event.guild_id, event.event_id)
    named = [member_id for member_id in (recap.best_id, recap.largest_id) if member_id]
    present = await members.members_among(event.guild_id, named)
    best_id, largest_id = (number if number in present else 0 for number in (recap.best_id, recap.largest_id))
    totals = replace(recap.totals, top=page.standings[: len(recap.totals.top)])
    return replace(recap, totals=totals, best_id=best_id, largest_id=largest_id)


async def _present(members: Members, query: BoardQuery, standings: tuple[Standing, ...]) -> set[int]:
    subjects = [standing.subject_id for standing in standings]
    if query.board is Board.GIFTS:
        return set(subjects)
    # 0 stands for members whose data was erased: they are counted but not shown.
    return await members.members_among(query.guild_id, (member_id for member_id in subjects if member_id))


def _moved_up(standing: Standing, absent_places: list[int]) -> Standing:
    return replace(standing, place=standing.place - sum(place < standing.place for place in absent_places))
