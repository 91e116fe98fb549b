"""The store of challenge prizes: who got which. It is a source of members' roles. Members are holders."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, func, select, update

from bot.domain.challenges import Award, Challenge, CoinsState
from bot.storage.sql.challenge_tables import challenge_awards as table
from bot.storage.sql.challenge_tables import challenges
from bot.storage.sql.rows import insert_new
from bot.storage.sql.statements import Query

_ROLES = Query(
    select(table.c.role_id).where(
        table.c.guild_id == bindparam("guild", type_=BigInteger),
        table.c.winner == bindparam("winner", type_=BigInteger),
        table.c.role_id > 0,
        table.c.fallen_ms.is_(None),
    )
)


class StoredAward(NamedTuple):
    """A prize that a member got, what became of its coins, and whether it fell since."""

    award: Award
    coins: int
    coins_state: CoinsState
    has_fallen: bool


def add(c: Connection, challenge: Challenge, awards: Sequence[Award], now_ms: int) -> None:
    """Note who gets which prizes of a challenge, each once."""
    for award in awards:
        prize = challenge.prizes[award.prize]
        state = CoinsState.OPEN if prize.coins else CoinsState.NONE
        values = {
            "guild_id": challenge.guild_id,
            "challenge_id": challenge.challenge_id,
            "league": award.league,
            "winner": award.holder,
            "prize": award.prize,
            "place": award.place,
            "points": award.points,
            "role_id": prize.role_id,
            "badge": prize.badge,
            "words": prize.words,
            "coins": prize.coins,
            "coins_state": state.value,
            "at_ms": now_ms,
        }
        insert_new(c, table, values)


def of_challenge(c: Connection, guild_id: int, challenge_id: int) -> list[StoredAward]:
    """Return the prizes that members got in a challenge: by league, place and prize."""
    t = table.c
    query = select(t.league, t.winner, t.prize, t.place, t.points, t.coins, t.coins_state, t.fallen_ms).where(
        t.guild_id == guild_id, t.challenge_id == challenge_id
    )
    rows = c.execute(query.order_by(t.league, t.place, t.winner, t.prize))
    return [
        StoredAward(Award(league, winner, prize, place, points), coins, CoinsState(state), fallen_ms is not None)
        for league, winner, prize, place, points, coins, state, fallen_ms in rows
    ]


def note_coins(c: Connection, guild_id: int, challenge_id: int, award: Award, state: CoinsState) -> None:
    """Note what became of the coins of a prize."""
    t = table.c
    same = (t.guild_id == guild_id, t.challenge_id == challenge_id, t.league == award.league)
    of_winner = (t.winner == award.holder, t.prize == award.prize)
    c.execute(update(table).where(*same, *of_winner).values(coins_state=state.value))


def drop(c: Connection, guild_id: int, challenge_id: int, awards: Sequence[Award], now_ms: int) -> None:
    """Note that prizes fell: their roles and badges are their winners' no more."""
    t = table.c
    for award in awards:
        same = (t.guild_id == guild_id, t.challenge_id == challenge_id, t.league == award.league)
        of_winner = (t.winner == award.holder, t.prize == award.prize)
        c.execute(update(table).where(*same, *of_winner).values(fallen_ms=now_ms))


def refused_coins(c: Connection, guild_id: int) -> dict[int, int]:
    """Return the challenges in which coins of prizes could not be given, and of how many prizes."""
    t = table.c
    query = select(t.challenge_id, func.count()).where(
        t.guild_id == guild_id, t.coins_state == CoinsState.REFUSED.value
    )
    return {row[0]: row[1] for row in c.execute(query.group_by(t.challenge_id))}


def roles_of(c: Connection, guild_id: int, holder: int) -> set[int]:
    """Return the roles that a member has won."""
    return {role_id for (role_id,) in _ROLES.rows(c, guild=guild_id, winner=holder)}


def roles(c: Connection, guild_id: int) -> set[int]:
    """Return all roles that members have won."""
    t = table.c
    return {*c.execute(select(t.role_id).where(t.guild_id == guild_id, t.role_id > 0).distinct()).scalars()}


def badges_of(c: Connection, guild_id: int, holder: int, most: int) -> list[tuple[str, str]]:
    """Return the badges that a member has won, the newest first, each with the name of its challenge."""
    t, same = table.c, challenges.c.challenge_id == table.c.challenge_id
    query = (
        select(t.badge, challenges.c.name)
        .join(challenges, same & (challenges.c.guild_id == t.guild_id))
        .where(t.guild_id == guild_id, t.winner == holder, t.badge != "", t.fallen_ms.is_(None))
        .order_by(t.at_ms.desc(), t.challenge_id.desc(), t.prize)
    )
    unique = dict.fromkeys((badge, name) for badge, name in c.execute(query))
    return [*unique][:most]
