"""Read what a member has gifted, as far as it is counted. A member is a holder."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, bindparam, literal_column, select

from bot.domain.leaderboards import EVERYBODY, Board
from bot.storage.sql.gifter_tables import club_hearts, gifter_totals, gifter_weeks
from bot.storage.sql.leaderboard_tables import ladders, standings
from bot.storage.sql.statements import Lookup, Query

_HOLDER = (bindparam("guild", type_=BigInteger), bindparam("gifter", type_=BigInteger))
_COINS = Query(
    select(gifter_totals.c.coins).where(gifter_totals.c.guild_id == _HOLDER[0], gifter_totals.c.gifter == _HOLDER[1])
)
_COINS_OF_MANY = Lookup(
    select(gifter_totals.c.gifter, gifter_totals.c.coins), (gifter_totals.c.guild_id, gifter_totals.c.gifter)
)
_WEEKS = Query(
    select(gifter_weeks.c.week).where(
        gifter_weeks.c.guild_id == _HOLDER[0], gifter_weeks.c.gifter == _HOLDER[1], gifter_weeks.c.pieces > 0
    )
)
_FAVOURITES = Query(
    select(ladders.c.scope, standings.c.coins)
    .join(ladders, (ladders.c.guild_id == standings.c.guild_id) & (ladders.c.ladder == standings.c.ladder))
    .where(
        standings.c.guild_id == _HOLDER[0],
        standings.c.subject == _HOLDER[1],
        ladders.c.board == Board.GIFTERS.value,
        ladders.c.scope != EVERYBODY,
        ladders.c.event == 0,
    )
    .order_by(standings.c.coins.desc(), standings.c.last_seq)
    .limit(bindparam("most", type_=BigInteger))
)
# Without parameters of their own, so that many members can be looked up with them.
_GIFTED = club_hearts.join(
    ladders,
    (ladders.c.guild_id == club_hearts.c.guild_id)
    & (ladders.c.board == literal_column(f"'{Board.GIFTERS.value}'"))
    & (ladders.c.scope == club_hearts.c.creator)
    & (ladders.c.event == literal_column("0")),
).join(
    standings,
    (standings.c.guild_id == ladders.c.guild_id)
    & (standings.c.ladder == ladders.c.ladder)
    & (standings.c.subject == club_hearts.c.gifter),
)
_HAS_HEARTS = club_hearts.c.hearts > literal_column("0")
_CLUBS = Query(
    select(club_hearts.c.creator, standings.c.coins)
    .select_from(_GIFTED)
    .where(club_hearts.c.guild_id == _HOLDER[0], club_hearts.c.gifter == _HOLDER[1], _HAS_HEARTS)
    .order_by(standings.c.coins.desc(), standings.c.last_seq)
)
_CLUBS_OF_MANY = Lookup(
    select(club_hearts.c.gifter, club_hearts.c.creator).select_from(_GIFTED).where(_HAS_HEARTS),
    (club_hearts.c.guild_id, club_hearts.c.gifter),
)


def coins(c: Connection, guild_id: int, gifter: int) -> int:
    """Return the coins of all that a member has gifted under their own name."""
    rows = _COINS.rows(c, guild=guild_id, gifter=gifter)
    return rows[0][0] if rows else 0


def coins_of(c: Connection, guild_id: int, gifters: Collection[int]) -> dict[int, int]:
    """Return the coins of those of many members who have gifted anything under their own names."""
    return dict(_COINS_OF_MANY.rows(c, {(guild_id, gifter) for gifter in gifters}))


def weeks(c: Connection, guild_id: int, gifter: int) -> set[int]:
    """Return the weeks in which a member has gifted something under their own name."""
    return {week for (week,) in _WEEKS.rows(c, guild=guild_id, gifter=gifter)}


def favourites(c: Connection, guild_id: int, gifter: int, most: int) -> list[tuple[int, int]]:
    """Return the creators, holders, to whom a member has gifted most under their own name, with the coins."""
    return [(creator, coins) for creator, coins in _FAVOURITES.rows(c, guild=guild_id, gifter=gifter, most=most)]


def clubs(c: Connection, guild_id: int, gifter: int) -> list[tuple[int, int]]:
    """Return the creators, holders, in whose fan clubs a member is, with the coins gifted to each, the most first."""
    return [(creator, coins) for creator, coins in _CLUBS.rows(c, guild=guild_id, gifter=gifter)]


def clubs_of(c: Connection, guild_id: int, gifters: Collection[int]) -> dict[int, set[int]]:
    """Return the creators, holders, in whose fan clubs each of many members is."""
    clubs: dict[int, set[int]] = {gifter: set() for gifter in gifters}
    for gifter, creator in _CLUBS_OF_MANY.rows(c, {(guild_id, gifter) for gifter in gifters}):
        clubs[gifter].add(creator)
    return clubs
