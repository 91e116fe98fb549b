"""Recompute the balance of every account and of its lots, and check that none fell below zero that must not."""

from sqlalchemy import Connection

from bot.domain.accounts import SOURCES
from bot.storage.audit import earnings, gifters
from bot.storage.audit.recount import lot_account
from bot.storage.audit.rows import Findings, rows
from bot.storage.audit.spill import CHANGE, Stretch

_BALANCES = "SELECT owner, kind, amount FROM balances WHERE guild_id = :guild AND owner BETWEEN :first AND :last"
_LOTS = "SELECT owner, kind, seq, coins FROM lots WHERE guild_id = :guild AND owner BETWEEN :first AND :last"
_LEGS = """
    SELECT seq, amount FROM entries
    WHERE guild_id = :guild AND owner = :owner AND kind = :kind AND seq > :after AND seq <= :until ORDER BY seq, leg
"""
_SOURCES = frozenset(kind.value for kind in SOURCES)


class Accounts:
    """The accounts of one part. `take` must be called with stretches in journal order."""

    def __init__(self, c: Connection, guild_id: int) -> None:
        self._c = c
        self._guild_id = guild_id
        self._balances: dict[tuple[str, int], int] = {}

    def take(self, stretch: Stretch, changes: bytearray) -> Findings:
        """Add one part of a stretch: `changes` are packed as `CHANGE`."""
        balances, kinds = self._balances, stretch.kinds
        number: int
        owner: int
        for number, owner, change, lowest in CHANGE.iter_unpack(changes):
            account = kinds[number], owner
            before = balances.get(account, 0)
            if before + lowest < 0 and account[0] not in _SOURCES:
                yield from self._find_overdrafts(stretch, account, before)
            balances[account] = before + change

    def compare(self, first: int, last: int) -> Findings:
        """Compare what is stored for the owners `first` to `last` with what was recomputed, once all are taken."""
        for owner, kind, amount in rows(self._c, _BALANCES, guild=self._guild_id, first=first, last=last):
            total = self._balances.pop((kind, owner), 0)
            if amount != total:
                yield 0, f"{kind} of {owner} holds {amount}, but its entries sum to {total}"
        for owner, kind, lot, coins in rows(self._c, _LOTS, guild=self._guild_id, first=first, last=last):
            total = self._balances.pop((lot_account(kind, lot), owner), 0)
            if coins != total:
                yield lot, f"its lot of {owner} holds {coins}, but rows moved {total} into it"
        yield from earnings.compare(self._c, self._guild_id, self._balances, first, last)
        yield from gifters.compare(self._c, self._guild_id, self._balances, first, last)
        for (kind, owner), total in self._balances.items():
            if total:
                yield 0, f"{kind} of {owner} holds nothing, but its entries sum to {total}"

    def _find_overdrafts(self, stretch: Stretch, account: tuple[str, int], before: int) -> Findings:
        """Find the rows where an account goes below zero: a stretch tells only that there is one."""
        kind, owner = account
        stretch_range = {"guild": self._guild_id, "after": stretch.after, "until": stretch.until}
        for seq, amount in rows(self._c, _LEGS, owner=owner, kind=kind, **stretch_range):
            after = before + amount
            if after < 0 <= before:
                yield seq, f"{kind} of {owner} falls below zero, to {after}"
            before = after
