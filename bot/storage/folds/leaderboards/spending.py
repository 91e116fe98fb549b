"""What a member has spent: by month, and by creator. It includes their anonymous gifts, so nobody else may see it.

Every gift counts on two lines of its sender: one of the whole guild, and one of the creator's fans. Anonymous gifts
have lines of their own.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select

from bot.domain.leaderboards import EVERYBODY, Board
from bot.storage.sql.leaderboard_tables import ladders, past_standings, standings
from bot.storage.sql.statements import Lookup, Query


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


_own = (
    standings.c.guild_id == _parameter("guild"),
    standings.c.subject == _parameter("sender"),
    ladders.c.guild_id == standings.c.guild_id,
    ladders.c.ladder == standings.c.ladder,
    or_(*(ladders.c.board == board.value for board in (Board.GIFTERS, Board.ANONYMOUS))),
    ladders.c.event == 0,
)
_CURRENT_MONTHS = Query(
    select(standings.c.ladder, standings.c.month, standings.c.month_coins, standings.c.month_pieces).where(
        *_own, ladders.c.scope == EVERYBODY
    )
)
_coins = func.sum(standings.c.coins)
_CREATORS = Query(
    select(ladders.c.scope, _coins, func.sum(standings.c.pieces))
    .where(*_own, ladders.c.scope != EVERYBODY)
    .group_by(ladders.c.scope)
    .order_by(_coins.desc(), ladders.c.scope)
    .limit(_parameter("most"))
)
_PAST_KEY = (past_standings.c.guild_id, past_standings.c.ladder, past_standings.c.period, past_standings.c.subject)
_PAST = Lookup(select(past_standings.c.period, past_standings.c.coins, past_standings.c.pieces), _PAST_KEY)


def by_month(c: Connection, guild_id: int, sender: int, months: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the coins and the pieces that a holder has gifted in each of `months` (202611), without empty ones."""
    sums: dict[int, tuple[int, int]] = {}
    keys: list[tuple[int, int, int, int]] = []
    rows: list[tuple[Any, ...]] = []
    for ladder, month, *month_sums in _CURRENT_MONTHS.rows(c, guild=guild_id, sender=sender):
        rows.append((month, *month_sums))
        keys += [(guild_id, ladder, past_month, sender) for past_month in months if past_month != month]
    for month, coins, pieces in [*rows, *_PAST.rows(c, keys)]:
        if month in months and coins:
            before = sums.get(month, (0, 0))
            sums[month] = before[0] + coins, before[1] + pieces
    return sums


def by_creator(c: Connection, guild_id: int, sender: int, most: int) -> list[tuple[int, int, int]]:
    """Return the creators, as holders, to whom a holder has gifted most, with the coins and the pieces."""
    rows = _CREATORS.rows(c, guild=guild_id, sender=sender, most=most)
    return [(creator, int(coins), int(pieces)) for creator, coins, pieces in rows]
