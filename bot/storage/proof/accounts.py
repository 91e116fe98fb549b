"""Every account holds the sum of its entries, and none was ever below zero that may not be."""

from sqlalchemy import Connection

from bot.domain.accounts import SOURCES
from bot.storage.proof.reading import EVERY, Seen, Tick, rows

PART = 300_000
"""Accounts whose sums are held at a time, about: 50 MB."""

_LEGS = """
    SELECT seq, kind, owner, amount FROM entries WHERE guild_id = :guild AND owner % :parts = :part
    ORDER BY guild_id, seq, leg
"""
_HELD = "SELECT owner, kind, amount FROM balances WHERE guild_id = :guild AND owner % :parts = :part"
_SOURCES = frozenset(kind.value for kind in SOURCES)


def check_accounts(c: Connection, guild_id: int, part: int, parts: int, tick: Tick) -> Seen:
    """Check the accounts of every `parts`-th owner, `part` being the first: a large guild takes several readings."""
    mine = {"guild": guild_id, "part": part, "parts": parts}
    sums: dict[str, dict[int, int]] = {}
    for number, (seq, kind, owner, amount) in enumerate(rows(c, _LEGS, **mine), start=1):
        of_kind = sums.get(kind)
        if of_kind is None:
            of_kind = sums[kind] = {}
        before = of_kind.get(owner, 0)
        after = of_kind[owner] = before + amount
        if after < 0 <= before and kind not in _SOURCES:
            yield seq, f"{kind} of {owner} falls to {after}"
        if not number % EVERY:
            tick(EVERY)
    for owner, kind, amount in rows(c, _HELD, **mine):
        expected = sums.get(kind, {}).pop(owner, 0)
        if amount != expected:
            yield 0, f"{kind} of {owner} holds {amount}, its entries sum to {expected}"
    for kind, of_kind in sums.items():
        for owner, expected in of_kind.items():
            if expected:
                yield 0, f"{kind} of {owner} holds nothing, its entries sum to {expected}"
