"""What accounts hold, made anew from what they gained; none was ever below zero that may not be."""

from sqlalchemy import Connection

from bot.domain.accounts import SOURCES
from bot.storage.proof.aside import MOVED, Stretch
from bot.storage.proof.reading import Seen, rows

_HELD = "SELECT owner, kind, amount FROM balances WHERE guild_id = :guild AND owner BETWEEN :first AND :last"
_LEGS = """
    SELECT seq, amount FROM entries
    WHERE guild_id = :guild AND owner = :owner AND kind = :kind AND seq > :after AND seq <= :until ORDER BY seq, leg
"""
_SOURCES = frozenset(kind.value for kind in SOURCES)


class Accounts:
    """The accounts of one part. Takes stretches in the order of the journal."""

    def __init__(self, c: Connection, guild_id: int) -> None:
        self._c = c
        self._guild_id = guild_id
        self._held: dict[tuple[str, int], int] = {}

    def take(self, stretch: Stretch, moved: bytes) -> Seen:
        """Count one part of a stretch."""
        held, kinds = self._held, stretch.kinds
        number: int
        owner: int
        for number, owner, gained, lowest in MOVED.iter_unpack(moved):
            account = kinds[number], owner
            before = held.get(account, 0)
            if before + lowest < 0 and account[0] not in _SOURCES:
                yield from self._falls(stretch, account, before)
            held[account] = before + gained

    def compare(self, first: int, last: int) -> Seen:
        """Check what is stored for the owners from `first` to `last`."""
        for owner, kind, amount in rows(self._c, _HELD, guild=self._guild_id, first=first, last=last):
            expected = self._held.pop((kind, owner), 0)
            if amount != expected:
                yield 0, f"{kind} of {owner} holds {amount}, its entries sum to {expected}"
        for (kind, owner), expected in self._held.items():
            if expected:
                yield 0, f"{kind} of {owner} holds nothing, its entries sum to {expected}"

    def _falls(self, stretch: Stretch, account: tuple[str, int], before: int) -> Seen:
        """Find the rows that a stretch only hints at."""
        kind, owner = account
        part = {"guild": self._guild_id, "after": stretch.after, "until": stretch.until}
        for seq, amount in rows(self._c, _LEGS, owner=owner, kind=kind, **part):
            after = before + amount
            if after < 0 <= before:
                yield seq, f"{kind} of {owner} falls to {after}"
            before = after
