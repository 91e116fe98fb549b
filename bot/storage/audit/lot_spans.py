"""Check that the gifts that each lot has paid for lie between the rows that are kept for it.

While the journal is read, the gifts of a few thousand rows are compared with what is kept. So nothing of them has to be
put aside.
"""

from sqlalchemy import Connection

from bot.domain.ledger.gift import GiftFacts
from bot.storage.audit.rows import Findings, rows, value
from bot.storage.folds.earnings.spans import NAME, stored

_CURSOR = "SELECT coalesce(max(seq), 0) FROM cursors WHERE guild_id = :guild AND follower = :follower"
_UNCOUNTED = "SELECT seq FROM uncounted_rows WHERE guild_id = :guild AND follower = :follower"


class LotSpans:
    """The first and the last row, by lot, of gifts that have earned something."""

    def __init__(self, c: Connection, guild_id: int) -> None:
        self._c = c
        self._guild_id = guild_id
        self._uncounted_seqs = {seq for (seq,) in rows(c, _UNCOUNTED, guild=guild_id, follower=NAME)}
        self._spans: dict[int, tuple[int, int]] = {}

    def count(self, seq: int, gift: GiftFacts) -> None:
        """Count a gift that has earned something. They come in order."""
        if seq in self._uncounted_seqs:
            return
        for lot, _ in gift.get("lots", ()):
            span = self._spans.get(lot)
            self._spans[lot] = (span[0] if span else seq, seq)

    def compare(self) -> Findings:
        """Compare what was counted since the last time, as far as the fold has counted it, too."""
        cursor = value(self._c, _CURSOR, guild=self._guild_id, follower=NAME)
        known = stored(self._c, self._guild_id, self._spans)
        for lot, (first_seq, last_seq) in self._spans.items():
            known_first, known_last = known.get(lot, (0, 0))
            if last_seq <= cursor and not known_first <= first_seq <= last_seq <= known_last:
                yield lot, f"it paid for gifts in rows {first_seq} to {last_seq}, which is not noted"
        self._spans.clear()
