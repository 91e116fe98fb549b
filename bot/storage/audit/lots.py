"""Count which lots every row moved coins in, and check that the lots of each account add up to its balance."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.domain.accounts import CHIPPED_IN, IN_LOTS
from bot.domain.ledger.kinds import Leg
from bot.domain.ledger.order import CreditOrder
from bot.storage.audit.recount import StretchSums
from bot.storage.audit.rows import Findings, rows

_KINDS = frozenset(kind.value for kind in IN_LOTS)
_CHIPPED_IN = frozenset(kind.value for kind in CHIPPED_IN)
_UNLISTED = "SELECT seq, lot, coins FROM unlisted_lots WHERE guild_id = :guild AND seq > :after AND seq <= :until"
_DIFFERENCES = f"""
    SELECT owner, kind, CAST(sum(held) AS bigint), CAST(sum(in_lots) AS bigint) FROM (
        SELECT owner, kind, amount AS held, 0 AS in_lots FROM balances
        WHERE guild_id = :guild AND owner > :after AND owner <= :last
            AND kind IN ({", ".join(f"'{kind}'" for kind in sorted(_KINDS))})
        UNION ALL
        SELECT owner, kind, 0, coins FROM lots WHERE guild_id = :guild AND owner > :after AND owner <= :last
    ) AS amounts GROUP BY owner, kind HAVING sum(held) <> sum(in_lots)
"""  # noqa: S608 - names of our own kinds


class LotMoves:
    """Adds to `sums` what a stretch of rows moved in lots."""

    def __init__(self, sums: StretchSums) -> None:
        self._sums = sums
        self._unlisted: list[Leg] = []

    def count(self, kind: str, facts: Mapping[str, Any], legs: Sequence[Leg]) -> list[tuple[int, str]]:
        """Count a row, or put it by for `count_unlisted`. Return what is wrong with it."""
        findings: list[tuple[int, str]] = []
        for leg in legs:
            if leg[1] not in _KINDS:
                continue
            seq, _, _, amount = leg
            moves = [[seq, amount]] if kind == CreditOrder.kind else facts.get("lots")
            if leg[1] in _CHIPPED_IN and "chip_lots" in facts:
                moves = facts["chip_lots"]
            if moves is None:
                self._unlisted.append(leg)
            elif not self._add(leg, moves):
                findings.append((seq, f"it lists other lots than of the {abs(amount)} coins that it moves"))
        return findings

    def count_unlisted(self, c: Connection, guild_id: int, after: int, until: int) -> Findings:
        """Count the old rows among `after` + 1 to `until`, which do not list lots: the books do it for them."""
        moves: dict[int, list[tuple[int, int]]] = {}
        if self._unlisted:
            for seq, lot, coins in rows(c, _UNLISTED, guild=guild_id, after=after, until=until):
                moves.setdefault(seq, []).append((lot, coins))
        for leg in self._unlisted:
            seq, _, _, amount = leg
            if not self._add(leg, moves.get(seq, ())):
                yield seq, f"the lots that are kept beside it are not of the {abs(amount)} coins that it moves"

    def _add(self, leg: Leg, moves: Sequence[Sequence[int]]) -> bool:
        """Count the lots of a leg. Return whether they have its coins."""
        _, kind, owner, amount = leg
        return self._sums.add_lots(kind, owner, moves, 1 if amount > 0 else -1) == abs(amount)


def check_lots(c: Connection, guild_id: int, after: int, last: int) -> Findings:
    """Check that the lots of the owners `after` + 1 to `last` add up to their balances."""
    for owner, kind, balance, coins in rows(c, _DIFFERENCES, guild=guild_id, after=after, last=last):
        yield 0, f"{kind} of {owner} holds {balance}, but its lots add up to {coins}"
