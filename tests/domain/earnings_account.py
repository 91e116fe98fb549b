"""A model of a creator's account: what waits for staff or the operator after a history, and what can be paid out."""

from dataclasses import dataclass, field

from bot.domain.buying_limits import DAY_MS
from bot.domain.earnings import available_of, released
from bot.domain.holds import Hold
from bot.domain.pending_earnings import WITHHELD_NOW_MS, PastPayout, PendingPiece, undated, unpaid

FIRST_DAY = 20_000


@dataclass
class Account:
    """A creator's account, with every piece as it was earned. No gift is ever taken back."""

    now_ms: int = FIRST_DAY * DAY_MS
    seq: int = 0
    balance: int = 0
    pieces: dict[int, Hold] = field(default_factory=dict[int, Hold])
    flags: dict[int, int] = field(default_factory=dict[int, int])
    payouts: list[PastPayout] = field(default_factory=list[PastPayout])
    withheld: frozenset[str] = frozenset()
    """Sources that the operator withholds now."""

    @property
    def day(self) -> int:
        return self.now_ms // DAY_MS

    @property
    def pending(self) -> list[PendingPiece]:
        """The unpaid earnings that wait for staff or the operator."""
        pieces = (
            PendingPiece(seq, self.flags.get(seq, WITHHELD_NOW_MS), hold)
            for seq, hold in self.pieces.items()
            if seq in self.flags or hold.source in self.withheld
        )
        return unpaid(pieces, self.payouts)

    @property
    def held(self) -> list[PendingPiece]:
        """The unpaid earnings that wait for staff."""
        return [piece for piece in self.pending if piece.is_flagged]

    @property
    def withheld_sum(self) -> int:
        """The unpaid earnings that wait only for the operator."""
        return sum(piece.hold.diamonds for piece in self.pending if not piece.is_flagged)

    @property
    def available(self) -> int:
        dated = [hold for hold in self.pieces.values() if hold.source not in self.withheld]
        endless = [undated(piece.hold, self.withheld) for piece in self.pending if piece.hold.source in self.withheld]
        flagged = [undated(piece.hold, self.withheld) for piece in self.held]
        return available_of(self.balance - released(flagged, self.day), [*dated, *endless], self.day)

    def earn(self, diamonds: int, days: int, *, seq: int = 0, source: str = "stripe") -> None:
        """Earn diamonds that wait for so many midnights, with the row `seq`, by default the next one."""
        self.seq = seq or self.seq + 1
        self.pieces[self.seq] = Hold(source, self.day + days, diamonds)
        self.balance += diamonds

    def pay(self, diamonds: int, *, seq: int = 0) -> None:
        self.seq = seq or self.seq + 1
        self.balance -= diamonds
        payout = PastPayout(self.seq, self.now_ms, 0, self.withheld)
        waiting = sum(each.diamonds for each in self.pieces.values() if not payout.could_pay(each))
        self.payouts.append(payout._replace(leftover=self.balance - waiting))

    def reject(self, diamonds: int) -> None:
        """Give back what the last payout took."""
        self.payouts.pop()
        self.balance += diamonds

    def flag(self, seq: int) -> None:
        self.flags.setdefault(seq, self.now_ms)
