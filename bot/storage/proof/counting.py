"""Counting again what a stretch of the journal says: what accounts gained, and who was given what.

Accounts are added up at once, for most entries are those of a few. Of gifts only the boards of creators and gifts are;
givers have a line for each creator, and all of them would not fit in memory: their gifts are sorted into parts. This
does not use what counts gifts when they are sent: two ways must come to the same.
"""

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.periods import Period, bucket_of
from bot.domain.standings import EVERYBODY, Board
from bot.storage.proof.aside import GIVEN, MOVED, Aside, LadderKey, Spans, Stretch
from bot.storage.proof.chain import Leg

NO_SPANS: Spans = (0, 0, 0)
"""What the ladder of a live event counts: it has no days."""

_QUARTER_MS = 15 * 60 * 1000
"""No time zone's day begins between two quarters of an hour of UTC."""

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


def later(one: Spans, other: Spans) -> Spans:
    """Return the later of two days, of two weeks and of two months: a ladder never goes back."""
    return max(one[0], other[0]), max(one[1], other[1]), max(one[2], other[2])


class Counted:
    """What the rows that follow `after` add up to, on the way to being put aside. Its length is what that takes."""

    def __init__(self, aside: Aside, after: int) -> None:
        self._aside = aside
        self._after = after
        self._shift = aside.shift
        self._gained: dict[str, dict[int, list[int]]] = {}
        self._given = [bytearray() for _ in range(aside.parts)]
        self._ladders: dict[LadderKey, tuple[int, Spans]] = {}
        self._contexts: dict[tuple[tuple[int, Spans], ...], int] = {}
        self._sums: dict[tuple[int, int], _Sums] = {}
        # What the gifts of one day need again and again: it begins anew when the day is another.
        self._now: Spans = NO_SPANS
        self._quarter, self._zone = -1, ""
        self._places: dict[tuple[int, int, bool], tuple[int, _Sums]] = {}
        self._items: dict[tuple[int, int], _Sums] = {}

    def __len__(self) -> int:
        return sum(map(len, (*self._gained.values(), self._ladders, self._contexts, self._sums)))

    def add_entries(self, legs: Iterable[Leg]) -> None:
        """Count the entries of one row."""
        for _, kind, owner, coins in legs:
            accounts = self._gained.get(kind)
            if accounts is None:
                accounts = self._gained[kind] = {}
            gained = accounts.get(owner)
            if gained is None:
                accounts[owner] = [coins, min(coins, 0)]
                continue
            after = gained[0] = gained[0] + coins
            if coins < 0 and after < gained[1]:
                gained[1] = after

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
        """Count one gift; raise struct.error, or one of Python's own errors, for what makes no sense."""
        if (quarter := at_ms // _QUARTER_MS) != self._quarter or zone != self._zone:
            self._turn(quarter, zone)
        place = self._places.get((creator, event, anonymous))
        context, of_creator = place or self._begin(creator, event, anonymous)
        of_item = self._items.get((item, event)) or self._begin_item(item, event)
        self._given[sender >> self._shift] += GIVEN.pack(seq, sender, coins, pieces, context)
        of_creator[0] = of_item[0] = seq
        of_creator[1] += coins
        of_creator[2] += pieces
        of_item[1] += coins
        of_item[2] += pieces

    def put_aside(self, until: int) -> None:
        """Keep all that was counted, up to the row `until`. Raises StorageError."""
        moved = [bytearray() for _ in self._given]
        for number, accounts in enumerate(self._gained.values()):
            for owner, (gained, lowest) in accounts.items():
                moved[self._part_of(owner)] += MOVED.pack(number, owner, gained, lowest)
        # In the order of their last rows, as gifts are: the last one of a line tells when it was.
        for (subject, context), (seq, coins, pieces) in sorted(self._sums.items(), key=lambda item: item[1]):
            self._given[self._part_of(subject)] += GIVEN.pack(seq, subject, coins, pieces, context)
        ladders = [(key, spans) for key, (_, spans) in self._ladders.items()]
        sizes = [(len(given), len(of_part)) for given, of_part in zip(self._given, moved, strict=True)]
        contexts = [list(context) for context in self._contexts]
        stretch = Stretch(self._after, until, list(self._gained), ladders, contexts, sizes)
        self._aside.put(stretch, zip(self._given, moved, strict=True))

    def _part_of(self, holder: int) -> int:
        return min(max(holder >> self._shift, 0), len(self._given) - 1)

    def _turn(self, quarter: int, zone: str) -> None:
        now = _calendar(quarter, zone)
        if now != self._now:
            self._places.clear()
            self._items.clear()
        self._now, self._quarter, self._zone = now, quarter, zone

    def _begin(self, creator: int, event: int, anonymous: bool) -> tuple[int, _Sums]:
        """Return the context of what givers give here and now, and the creator's own sums."""
        board = Board.ANONYMOUS.value if anonymous else Board.GIFTERS.value
        of_event = (event,) if event else ()
        keys = [(board, scope, of) for of in (0, *of_event) for scope in (EVERYBODY, creator)]
        own = self._sums_of(Board.CREATORS, creator, event)
        place = self._places[creator, event, anonymous] = self._context(*keys), own
        return place

    def _begin_item(self, item: int, event: int) -> _Sums:
        sums = self._items[item, event] = self._sums_of(Board.GIFTS, item, event)
        return sums

    def _sums_of(self, board: Board, subject: int, event: int) -> _Sums:
        # What cannot be put aside later is refused here, where it is known which row says it.
        GIVEN.pack(0, subject, event, 0, 0)
        of_event = (event,) if event else ()
        context = self._context(*((board.value, EVERYBODY, of) for of in (0, *of_event)))
        return self._sums.setdefault((subject, context), [0, 0, 0])

    def _context(self, *keys: LadderKey) -> int:
        on = tuple(self._reach(key) for key in keys)
        return self._contexts.setdefault(on, len(self._contexts))

    def _reach(self, key: LadderKey) -> tuple[int, Spans]:
        number, before = self._ladders.get(key, (len(self._ladders), NO_SPANS))
        reached = self._ladders[key] = number, NO_SPANS if key[2] else later(before, self._now)
        return reached
