"""Recount a stretch of the journal: how accounts changed, and who was given what.

Accounts are summed up in memory, because most entries belong to a few of them. So are the boards of creators and of
gift items. Givers have a line for each creator, which would not all fit, so their gifts are sorted into parts.
None of the code that counts gifts when they are sent is used: two independent ways must give the same result.
"""

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of
from bot.domain.standings import EVERYBODY, Board
from bot.storage.audit.hash_chain import Leg
from bot.storage.audit.spill import CHANGE, GIFT, LadderKey, Spans, SpillFolder, Stretch

NO_SPANS: Spans = (0, 0, 0)
"""The spans of a live event's ladder: it has no days."""

_QUARTER_MS = 15 * 60 * 1000
"""In every time zone, days begin on a quarter of an hour of UTC."""

_Sums = list[int]
"""Last row, coins and pieces."""


@lru_cache(maxsize=4_096)
def _calendar(quarter: int, zone: str) -> Spans:
    at_ms, clock = quarter * _QUARTER_MS, ZoneInfo(zone)
    return (
        bucket_of(Period.TODAY, at_ms, clock),
        bucket_of(Period.WEEK, at_ms, clock),
        bucket_of(Period.MONTH, at_ms, clock),
    )


def later(first: Spans, second: Spans) -> Spans:
    """Return the later day, the later week and the later month of the two: a ladder never goes back."""
    return max(first[0], second[0]), max(first[1], second[1]), max(first[2], second[2])


class StretchSums:
    """The sums of the rows that follow `after`, until they are put aside. Its length is how many sums it holds."""

    def __init__(self, aside: SpillFolder, after: int) -> None:
        self._aside = aside
        self._after = after
        self._shift = aside.shift
        self._changes: dict[str, dict[int, list[int]]] = {}
        self._gifts = [bytearray() for _ in range(aside.parts)]
        self._ladders: dict[LadderKey, tuple[int, Spans]] = {}
        self._contexts: dict[tuple[tuple[int, Spans], ...], int] = {}
        self._sums: dict[tuple[int, int], _Sums] = {}
        # Lookups that the gifts of one day share. They are cleared when the day changes.
        self._today_spans: Spans = NO_SPANS
        self._quarter, self._zone = -1, ""
        self._places: dict[tuple[int, int, bool], tuple[int, _Sums]] = {}
        self._items: dict[tuple[int, int], _Sums] = {}

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

    def add_gift(
        self,
        seq: int,
        sender: int,
        at_ms: int,
        zone: str,
        creator: int,
        item: int,
        event: int,
        coins: int,
        pieces: int,
        anonymous: bool,
    ) -> None:
        """Count one gift. Values that make no sense raise struct.error or one of Python's own errors."""
        if (quarter := at_ms // _QUARTER_MS) != self._quarter or zone != self._zone:
            self._turn(quarter, zone)
        context_and_sums = self._places.get((creator, event, anonymous))
        context, creator_sums = context_and_sums or self._begin(creator, event, anonymous)
        item_sums = self._items.get((item, event)) or self._begin_item(item, event)
        self._gifts[sender >> self._shift] += GIFT.pack(seq, sender, coins, pieces, context)
        creator_sums[0] = item_sums[0] = seq
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
        # In the order of their last rows, as gifts are: the last gift of a line sets its time.
        for (subject, context), (seq, coins, pieces) in sorted(self._sums.items(), key=lambda item: item[1]):
            self._gifts[self._part_of(subject)] += GIFT.pack(seq, subject, coins, pieces, context)
        ladders = [(key, spans) for key, (_, spans) in self._ladders.items()]
        sizes = [(len(gifts), len(part_changes)) for gifts, part_changes in zip(self._gifts, changes, strict=True)]
        contexts = [list(context) for context in self._contexts]
        stretch = Stretch(self._after, until, list(self._changes), ladders, contexts, sizes)
        self._aside.put(stretch, zip(self._gifts, changes, strict=True))

    def _part_of(self, holder: int) -> int:
        return min(max(holder >> self._shift, 0), len(self._gifts) - 1)

    def _turn(self, quarter: int, zone: str) -> None:
        spans = _calendar(quarter, zone)
        if spans != self._today_spans:
            self._places.clear()
            self._items.clear()
        self._today_spans, self._quarter, self._zone = spans, quarter, zone

    def _begin(self, creator: int, event: int, anonymous: bool) -> tuple[int, _Sums]:
        """Return the context of a gift to a creator on the current day, and the creator's own sums."""
        board = Board.ANONYMOUS.value if anonymous else Board.GIFTERS.value
        events = (event,) if event else ()
        keys = [(board, scope, scope_event) for scope_event in (0, *events) for scope in (EVERYBODY, creator)]
        creator_sums = self._sums_of(Board.CREATORS, creator, event)
        context_and_sums = self._places[creator, event, anonymous] = self._context(*keys), creator_sums
        return context_and_sums

    def _begin_item(self, item: int, event: int) -> _Sums:
        sums = self._items[item, event] = self._sums_of(Board.GIFTS, item, event)
        return sums

    def _sums_of(self, board: Board, subject: int, event: int) -> _Sums:
        # Pack once now: a value that does not fit raises here, where the row that it came from is still known.
        GIFT.pack(0, subject, event, 0, 0)
        events = (event,) if event else ()
        context = self._context(*((board.value, EVERYBODY, scope_event) for scope_event in (0, *events)))
        return self._sums.setdefault((subject, context), [0, 0, 0])

    def _context(self, *keys: LadderKey) -> int:
        reaches = tuple(self._reach(key) for key in keys)
        return self._contexts.setdefault(reaches, len(self._contexts))

    def _reach(self, key: LadderKey) -> tuple[int, Spans]:
        number, before = self._ladders.get(key, (len(self._ladders), NO_SPANS))
        reach = self._ladders[key] = number, NO_SPANS if key[2] else later(before, self._today_spans)
        return reach
