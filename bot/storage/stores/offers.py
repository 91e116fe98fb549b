"""The store of offers of promo coins."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from bot.domain.ledger.books import Books
from bot.domain.ledger.claim import ClaimOffer, OfferClaimed
from bot.domain.offers import Offer, OfferKind, plain_code
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import fact_of
from bot.storage.ledger.projections import register
from bot.storage.sql.grant_tables import offers as table
from bot.storage.sql.grant_tables import wrong_codes
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.statements import Lookup, add_many
from bot.storage.sql.tables import journal

_COLUMNS = columns_of(table, Offer)
_KEY = (table.c.guild_id, table.c.offer_id)
_BY_ID = Lookup(select(*_COLUMNS, table.c.claims), _KEY)
_CLAIMED = add_many(table.c.claims, _KEY)


def add(c: Connection, offer: Offer) -> bool:
    """Store an offer. Return whether it is new: its code may belong to another one."""
    values = values_of(offer) | {
        "kind": offer.kind.value,
        "plain_code": plain_code(offer.code) if offer.kind is OfferKind.CODE else None,
        "claims": 0,
        "is_revoked": int(offer.is_revoked),
    }
    return insert_new(c, table, values)


def offer(c: Connection, guild_id: int, offer_id: int) -> Offer | None:
    """Return an offer, None if there is none."""
    return next(iter(_offers(c, *_same(guild_id, offer_id)).values()), (None, 0))[0]


def with_code(c: Connection, guild_id: int, code: str) -> Offer | None:
    """Return the offer with a code as it was typed, None if there is none."""
    matches = _offers(c, table.c.guild_id == guild_id, table.c.plain_code == plain_code(code))
    return next(iter(matches.values()), (None, 0))[0]


def wrong_ms(c: Connection, guild_id: int, member_id: int) -> list[int]:
    """Return when a member typed codes that do not exist, oldest first, as far as that may still matter."""
    t = wrong_codes.c
    query = select(t.at_ms).where(t.guild_id == guild_id, t.member_id == member_id).order_by(t.at_ms)
    return [*c.execute(query).scalars()]


def note_wrong(c: Connection, guild_id: int, member_id: int, at_ms: int, *, forget_until_ms: int) -> None:
    """Note that a member has typed a code that is none, and forget what was noted in the guild until some time.

    The guild must be locked.
    """
    t = wrong_codes.c
    c.execute(delete(wrong_codes).where(t.guild_id == guild_id, t.at_ms <= forget_until_ms))
    # Two in one millisecond are two.
    last_ms = max(wrong_ms(c, guild_id, member_id), default=0)
    values = {"guild_id": guild_id, "member_id": member_id, "at_ms": max(at_ms, last_ms + 1)}
    insert_new(c, wrong_codes, values)


def standing(c: Connection, guild_id: int, now_ms: int) -> list[tuple[Offer, int]]:
    """Return the offers that members can claim, each with how often it was claimed, the first to end first."""
    rows = _offers(c, table.c.guild_id == guild_id, table.c.is_revoked == 0, table.c.until_ms > now_ms)
    return sorted(rows.values(), key=lambda pair: (pair[0].until_ms, pair[0].offer_id))


def revoke(c: Connection, guild_id: int, offer_id: int) -> bool:
    """Revoke an offer. Return whether it stood."""
    stands = (*_same(guild_id, offer_id), table.c.is_revoked == 0)
    return c.execute(update(table).where(*stands).values(is_revoked=1)).rowcount == 1


def _offers(c: Connection, *conditions: ColumnElement[bool]) -> dict[int, tuple[Offer, int]]:
    rows = c.execute(select(*_COLUMNS, table.c.claims).where(*conditions))
    return {row.offer_id: _pair(row) for row in rows}


def _pair(row: Any) -> tuple[Offer, int]:  # noqa: ANN401 - a row
    *fields, claims = row
    offer = Offer(*fields)
    return replace(offer, kind=OfferKind(offer.kind), is_revoked=bool(offer.is_revoked)), claims


def _same(guild_id: int, offer_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.offer_id == offer_id


def _load(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    pairs = [_pair(row) for row in _BY_ID.rows(c, {(command.guild_id, command.offer_id) for command in commands})]
    books.offers = {(offer.guild_id, offer.offer_id): offer for offer, _ in pairs}
    books.claims = {(offer.guild_id, offer.offer_id): claims for offer, claims in pairs}


def _save(c: Connection, effects: Sequence[tuple[int, OfferClaimed]], _books: Books) -> None:
    counts = Counter((guild_id, effect.offer_id) for guild_id, effect in effects)
    _CLAIMED.run(c, [(count, *key) for key, count in counts.items()])


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check how often offers were claimed against the journal."""
    claims = (journal.c.guild_id == guild_id, journal.c.kind == ClaimOffer.kind)
    counted = select(fact_of("offer"), func.count()).where(*claims).group_by(fact_of("offer"))
    recounted = {int(offer_id): count for offer_id, count in c.execute(counted)}
    query = select(table.c.offer_id, table.c.claims).where(table.c.guild_id == guild_id).order_by(table.c.offer_id)
    for offer_id, count in c.execute(query):
        if count != recounted.get(offer_id, 0):
            yield 0, f"offer {offer_id} was claimed {count} times, the journal says {recounted.get(offer_id, 0)}"


register("offers", _load, saves={OfferClaimed: _save}, check=_check)
