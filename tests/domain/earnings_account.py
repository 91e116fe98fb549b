"""A creator's account in a few lines, which says what flags hold after a history, and what can be paid out."""

from dataclasses import dataclass, field

from bot.domain.buying_limits import DAY_MS
from bot.domain.earnings import available_of, released
from bot.domain.flag_holds import FlaggedPiece, PastPayout, unpaid
from bot.domain.holds import Hold

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

    @property
    def day(self) -> int:
        return self.now_ms // DAY_MS

    @property
    def held(self) -> list[FlaggedPiece]:
        flagged = (FlaggedPiece(seq, self.flags[seq], self.pieces[seq]) for seq in self.flags)
        return unpaid(flagged, self.payouts)

    @property
    def available(self) -> int:
        flagged = [each.hold for each in self.held]
        return available_of(self.balance - released(flagged, self.day), self.pieces.values(), self.day)

    def earn(self, diamonds: int, days: int, *, seq: int = 0) -> None:
        """Earn diamonds that wait for so many midnights, with the row `seq`, by default the next one."""
        self.seq = seq or self.seq + 1
        self.pieces[self.seq] = Hold("stripe", self.day + days, diamonds)
        self.balance += diamonds

    def pay(self, diamonds: int, *, seq: int = 0) -> None:
        self.seq = seq or self.seq + 1
        self.balance -= diamonds
        waiting = sum(each.diamonds for each in self.pieces.values() if each.until_day > self.day)
        self.payouts.append(PastPayout(self.seq, self.now_ms, self.balance - waiting))

    def reject(self, diamonds: int) -> None:
        """Give back what the last payout took."""
        self.payouts.pop()
        self.balance += diamonds

    def flag(self, seq: int) -> None:
        self.flags.setdefault(seq, self.now_ms)
