"""Check what members have gifted, in all and by week, against the gifts in the journal and their reversals.

What a row does is said once, in the domain. It is added up here without the code that folds it. The sums are put aside
like those of accounts, each under a name that stands for the kind of an account.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.domain.leaderboards import QUARTER_MS, Credit, period_keys
from bot.storage.audit import challenges
from bot.storage.audit.recount import StretchSums
from bot.storage.audit.rows import Findings, rows

_TOTALS = "SELECT gifter, coins FROM gifter_totals WHERE guild_id = :guild AND gifter BETWEEN :first AND :last"
_WEEKS = "SELECT gifter, week, pieces FROM gifter_weeks WHERE guild_id = :guild AND gifter BETWEEN :first AND :last"

_CLUBS = "SELECT gifter, creator, hearts FROM club_hearts WHERE guild_id = :guild AND gifter BETWEEN :first AND :last"

_ALL_COINS, _PIECES, _HEARTS = "coins gifted", "pieces gifted:", "hearts:"


class Gifters:
    """Counts what members have gifted, from the rows after `after` on that the fold has counted."""

    def __init__(self, sums: StretchSums, after: int = 0) -> None:
        self._after = after
        self._until = sums.mark.gifters_seq
        self._named = sums.named
        self._uncounted_gifts = sums.mark.uncounted_gifts
        self._challenges = challenges.Counter(sums.mark.challenges, sums.in_challenges)
        self._totals = sums.named(_ALL_COINS)
        self._quarter_ms = -QUARTER_MS
        self._zone: str = ""
        self._week: dict[int, list[int]] = {}

    def count(self, seq: int, credit: Credit | None, facts: Mapping[str, Any]) -> None:
        """Count what row `seq` adds or takes back. A zone that nobody knows raises one of Python's own errors."""
        if credit is None or not self._after < seq <= self._until:
            return
        # There are millions of gifts, so all of this is written out.
        gift_seq, at_ms, zone, sender, creator, _item, is_anonymous, _event, coins, pieces = credit
        if is_anonymous or gift_seq in self._uncounted_gifts:
            return
        if not self._quarter_ms <= at_ms < self._quarter_ms + QUARTER_MS or zone != self._zone:
            self._week = self._named(f"{_PIECES}{period_keys(at_ms, zone).week}")
            self._challenges.begin(at_ms // QUARTER_MS * QUARTER_MS)
            self._quarter_ms, self._zone = at_ms // QUARTER_MS * QUARTER_MS, zone
        total, in_week = self._totals.get(sender), self._week.get(sender)
        if total is None:
            self._totals[sender] = [coins, 0]
        else:
            total[0] += coins
        if in_week is None:
            self._week[sender] = [pieces, 0]
        else:
            in_week[0] += pieces
        if self._challenges.is_any_running:
            self._challenges.count(credit)
        if "club" in facts:
            self._named(f"{_HEARTS}{creator}").setdefault(sender, [0, 0])[0] += pieces


def compare(c: Connection, guild_id: int, sums: dict[tuple[str, int], int], first: int, last: int) -> Findings:
    """Compare what the gifters `first` to `last` have in store with `sums`: by name and gifter.

    The sums of gifters are taken out.
    """
    for gifter, coins in rows(c, _TOTALS, guild=guild_id, first=first, last=last):
        if (counted := sums.pop((_ALL_COINS, gifter), None)) != coins:
            yield 0, f"the total of gifter {gifter} is {coins}, the gifts say {counted}"
    for gifter, week, pieces in rows(c, _WEEKS, guild=guild_id, first=first, last=last):
        if (counted := sums.pop((f"{_PIECES}{week}", gifter), None)) != pieces:
            yield 0, f"gifter {gifter} has {pieces} pieces in week {week}, the gifts say {counted}"
    for gifter, creator, hearts in rows(c, _CLUBS, guild=guild_id, first=first, last=last):
        if (counted := sums.pop((f"{_HEARTS}{creator}", gifter), None)) != hearts:
            yield 0, f"gifter {gifter} has {hearts} hearts for creator {creator}, the gifts say {counted}"
    for name, gifter in [key for key in sums if key[0] == _ALL_COINS or key[0].startswith((_PIECES, _HEARTS))]:
        yield 0, f"{name} of gifter {gifter} is missing, the gifts say {sums.pop((name, gifter))}"
