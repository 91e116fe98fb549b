"""The store of limits on grants, and of what each member of staff has granted today."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, case, or_, select

from bot.domain.challenges import PRIZE_KEYS
from bot.domain.grant_limits import GrantedInDay, GrantLimits
from bot.domain.ledger.allowance import GrantCounted
from bot.domain.ledger.books import Books
from bot.domain.ledger.claim import ClaimOffer
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grant_many import GrantMany
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import fact_of
from bot.storage.ledger.projections import register
from bot.storage.sql.grant_tables import grant_limits, granted_in_day
from bot.storage.sql.rows import upsert
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import journal

_LIMITS = Lookup(
    select(grant_limits.c.guild_id, grant_limits.c.per_grant, grant_limits.c.per_day), (grant_limits.c.guild_id,)
)
_GIVER = (granted_in_day.c.guild_id, granted_in_day.c.holder_id)
_TOTAL = (granted_in_day.c.day, granted_in_day.c.coins, granted_in_day.c.first_seq)
_GRANTED = Lookup(select(*_GIVER, *_TOTAL), _GIVER)
_PIECE = 1_000
_SAVE = InsertMany(
    (*_GIVER, *_TOTAL), update=lambda new: {"day": new.day, "coins": new.coins, "first_seq": new.first_seq}
)


def limits(c: Connection, guild_id: int) -> GrantLimits:
    """Return a guild's limits; there are none until somebody sets them."""
    return _limits_of(c, [guild_id]).get(guild_id, GrantLimits())


def save(c: Connection, guild_id: int, limits: GrantLimits) -> None:
    """Replace a guild's limits."""
    upsert(c, grant_limits, {"guild_id": guild_id} | limits._asdict())


def granted(c: Connection, givers: Collection[tuple[int, int]]) -> dict[tuple[int, int], GrantedInDay]:
    """Return what `givers`, (guild id, holder id) each, granted on their last day. Those who never granted anything are
    missing."""
    return {(guild_id, holder): GrantedInDay(*total) for guild_id, holder, *total in _GRANTED.rows(c, givers)}


def _limits_of(c: Connection, guild_ids: Collection[int]) -> dict[int, GrantLimits]:
    rows = _LIMITS.rows(c, [(guild_id,) for guild_id in guild_ids])
    return {guild_id: GrantLimits(per_grant, per_day) for guild_id, per_grant, per_day in rows}


def _load_limits(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    guild_ids = {command.guild_id for command in commands}
    books.grant_limits = cache.look_up(c, "grant_limits", guild_ids, _limits_of)


def _load_granted(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    givers = {(command.guild_id, _giver(command, books)) for command in commands}
    books.granted_in_day = granted(c, givers)


def _giver(command: Any, books: Books) -> int:  # noqa: ANN401 - a command
    """Return the holder in whose name a command gives coins."""
    if command.kind == ClaimOffer.kind:
        return command.giver
    return books.holders[command.guild_id, command.actor_id]


def _save(c: Connection, effects: Sequence[tuple[int, GrantCounted]], books: Books) -> None:
    givers = {(guild_id, effect.giver) for guild_id, effect in effects}
    _SAVE.run(c, [(*giver, *books.granted_in_day[giver]) for giver in givers])


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check what counts for the last day of each giver against the journal, which is read once for all of them."""
    query = select(granted_in_day.c.holder_id, *_TOTAL).where(granted_in_day.c.guild_id == guild_id)
    totals = {holder: GrantedInDay(*total) for holder, *total in c.execute(query.order_by(granted_in_day.c.holder_id))}
    if not totals:
        return
    recounted = dict.fromkeys(totals, 0)
    for seq, giver, coins in c.execute(_grants(guild_id, min(total.first_seq for total in totals.values()))):
        if giver in totals and seq >= totals[giver].first_seq:
            recounted[giver] += coins
    for holder, (_day, coins, first_seq) in totals.items():
        if coins != recounted[holder]:
            yield (
                first_seq,
                (f"its actor is counted with {coins} granted coins since, the journal has {recounted[holder]}"),
            )


def _grants(guild_id: int, first_seq: int) -> Select[*tuple[Any, ...]]:
    """Return the query for the rows from `first_seq` on in which staff gave coins: row, giver and coins each."""
    giver = case((journal.c.kind == ClaimOffer.kind, fact_of("giver")), else_=journal.c.actor)
    # If the receiver is also the actor, and nobody approved the grant, the coins came automatically. So did those of a
    # challenge's winner, although its row names the maker of the challenge as the actor.
    is_by_staff = and_(
        or_(fact_of("member") != journal.c.actor, fact_of("approver").is_not(None)),
        journal.c.key.not_like(f"{PRIZE_KEYS}%"),
    )
    is_grant = or_(
        journal.c.kind.in_([GrantMany.kind, ClaimOffer.kind]), and_(journal.c.kind == Grant.kind, is_by_staff)
    )
    query = select(journal.c.seq, giver, fact_of("coins")).where(journal.c.guild_id == guild_id)
    return query.where(journal.c.seq >= first_seq, is_grant).execution_options(yield_per=_PIECE)


register("grant_limits", _load_limits)
register("granted_in_day", _load_granted, saves={GrantCounted: _save}, check=_check)
