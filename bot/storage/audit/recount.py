"""Recount a stretch of the journal: how accounts changed, and who was given what.

Accounts are summed up in memory, because most entries belong to a few of them. So are the boards of creators and of
gift items. Givers have a line for each creator, which would not all fit, so their gifts are sorted into parts.
What a row adds is read by the rule of its kind. None of the code that folds it is used: two independent ways of
adding up must give the same result.
"""

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.leaderboards import EVERYBODY, Board, Credit
from bot.domain.ledger.kinds import Leg
from bot.domain.periods import Period, period_key_of
from bot.storage.audit.spill import CHANGE, GIFT, Context, LadderKey, Spans, SpillFolder, Stretch

_QUARTER_MS = 15 * 60 * 1000
"""In every time zone, days begin on a quarter of an hour of UTC."""

_Sums = list[int]
"""Last row, coins and pieces."""


@lru_cache(maxsize=4_096)
def _calendar(quarter: int, zone: str) -> Spans:
    at_ms, clock = quarter * _QUARTER_MS, ZoneInfo(zone)
    return (
        period_key_of(Period.TODAY, at_ms, clock),
        period_key_of(Period.WEEK, at_ms, clock),
        period_key_of(Period.MONTH, at_ms, clock),
    )


class StretchSums:
    """The sums of the rows that follow `after`, until they are put aside. Its length is how many sums it holds."""

    def __init__(self, aside: SpillFolder, after: int) -> None:
        self._aside = aside
        self._after = after
        self._shift = aside.shift
        self._changes: dict[str, dict[int, list[int]]] = {}
        self._gifts = [bytearray() for _ in range(aside.parts)]
        self._ladders: dict[LadderKey, int] = {}
        self._contexts: dict[Context, int] = {}
        self._sums: dict[tuple[int, int], _Sums] = {}
        self.mark = aside.mark
        self._turns: list[tuple[int, Spans]] = []
        self._quarter, self._zone = -1, ""
        # The periods that the next gifts are in, a bit each, and the row from which on they are others.
        self._periods, self._periods_end = 0, 0
        # Lookups that many gifts share.
        self._places: dict[tuple[int, int, bool, int], tuple[int, _Sums]] = {}
        self._items: dict[tuple[int, int, int], _Sums] = {}

    def __len__(self) -> int:
        return sum(map(len, (*self._changes.values(), self._ladders, self._contexts, self._sums)))

    def add_entries(self, legs: Iterable[Leg]) -> None:
        """Count the entries of one row."""
        for _, kind, owner, coins in legs:
            accounts = self._changes.get(kind)
            if accounts is None:
                accounts = self._changes[kind] = {}
            change = accounts.get(owner)
            if change is None:
                accounts[owner] = [coins, min(coins, 0)]
                continue
            after = change[0] = change[0] + coins
            if coins < 0 and after < change[1]:
                change[1] = after

    def add_credit(self, seq: int, credit: Credit) -> None:
        """Count what row `seq` adds. Values that make no sense raise struct.error or one of Python's own errors."""
        gift_seq, at_ms, zone, sender, creator, item, anonymous, event, coins, pieces = credit
        if gift_seq <= self.mark.ahead_seq and at_ms > self.mark.ahead_ms:
            periods = 0
        elif gift_seq != seq:
            # It undoes a gift: in the periods that the gift is in, and without moving on to others.
            periods = self._periods_of(gift_seq)
        else:
            if (quarter := at_ms // _QUARTER_MS) != self._quarter or zone != self._zone:
                self._turn(seq, quarter, zone)
            if seq >= self._periods_end:
                self._move_to(seq)
            periods = self._periods
        # The time of a line is that of its last gift. What undoes a gift does not change it.
        last_seq = seq if gift_seq == seq else 0
        context_and_sums = self._places.get((creator, event, anonymous, periods))
        context, creator_sums = context_and_sums or self._begin(creator, event, anonymous, periods)
        item_sums = self._items.get((item, event, periods)) or self._begin_item(item, event, periods)
        self._gifts[sender >> self._shift] += GIFT.pack(last_seq, sender, coins, pieces, context)
        if last_seq:
            creator_sums[0] = item_sums[0] = last_seq
        creator_sums[1] += coins
        creator_sums[2] += pieces
        item_sums[1] += coins
        item_sums[2] += pieces

    def put_aside(self, until: int) -> None:
        """Write everything that was counted, up to the row `until`. Raises StorageError."""
        changes = [bytearray() for _ in self._gifts]
        for number, accounts in enumerate(self._changes.values()):
            for owner, (change, lowest) in accounts.items():
                changes[self._part_of(owner)] += CHANGE.pack(number, owner, change, lowest)
        for (subject, context), (seq, coins, pieces) in self._sums.items():
            self._gifts[self._part_of(subject)] += GIFT.pack(seq, subject, coins, pieces, context)
        sizes = [(len(gifts), len(part_changes)) for gifts, part_changes in zip(self._gifts, changes, strict=True)]
        lists = list(self._changes), list(self._ladders), list(self._contexts), self.mark.first_seqs, self._turns
        stretch = Stretch(self._after, until, *lists, sizes)
        self._aside.put(stretch, zip(self._gifts, changes, strict=True))

    def _part_of(self, holder: int) -> int:
        return min(max(holder >> self._shift, 0), len(self._gifts) - 1)

    def _turn(self, seq: int, quarter: int, zone: str) -> None:
        spans = _calendar(quarter, zone)
        if not self._turns or spans != self._turns[-1][1]:
            self._turns.append((seq, spans))
        self._quarter, self._zone = quarter, zone

    def _move_to(self, seq: int) -> None:
        """Find out which periods the gifts from row `seq` on are in."""
        self._periods = self._periods_of(seq)
        self._periods_end = min((first_seq for first_seq in self.mark.first_seqs if first_seq > seq), default=2**63)

    def _periods_of(self, seq: int) -> int:
        """Return the periods that the gift in row `seq` is in, a bit each."""
        return sum(1 << number for number, first_seq in enumerate(self.mark.first_seqs) if seq >= first_seq)

    def _begin(self, creator: int, event: int, anonymous: bool, periods: int) -> tuple[int, _Sums]:
        """Return the context of a gift to a creator in these periods, and the creator's own sums."""
        board = Board.ANONYMOUS.value if anonymous else Board.GIFTERS.value
        events = (event,) if event else ()
        keys = [(board, scope, scope_event) for scope_event in (0, *events) for scope in (EVERYBODY, creator)]
        creator_sums = self._sums_of(Board.CREATORS, creator, event, periods)
        context_and_sums = self._context(periods, *keys), creator_sums
        self._places[creator, event, anonymous, periods] = context_and_sums
        return context_and_sums

    def _begin_item(self, item: int, event: int, periods: int) -> _Sums:
        sums = self._items[item, event, periods] = self._sums_of(Board.GIFTS, item, event, periods)
        return sums

    def _sums_of(self, board: Board, subject: int, event: int, periods: int) -> _Sums:
        # Pack once now: a value that does not fit raises here, where the row that it came from is still known.
        GIFT.pack(0, subject, event, 0, 0)
        events = (event,) if event else ()
        context = self._context(periods, *((board.value, EVERYBODY, scope_event) for scope_event in (0, *events)))
        return self._sums.setdefault((subject, context), [0, 0, 0])

    def _context(self, periods: int, *keys: LadderKey) -> int:
        numbers = tuple([self._ladders.setdefault(key, len(self._ladders)) for key in keys])
        return self._contexts.setdefault((periods, numbers), len(self._contexts))
