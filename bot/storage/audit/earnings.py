"""Check what creators have earned by source and day of release against the gifts in the journal.

What a gift earns is said once, in the domain. It is added up here without the code that folds it: the fold takes back
piece by piece, as reversals come, and here the pieces that are gone are taken back at once.

The sums are put aside like those of accounts, each under a name that stands for the kind of an account.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import orjson
from sqlalchemy import Connection

from bot.domain.held_earnings import Correction, corrections
from bot.domain.holds import UNKNOWN, Hold, earns, holds_of, source_of
from bot.domain.ledger.gift import GiftFacts
from bot.storage.audit.lot_spans import LotSpans
from bot.storage.audit.recount import StretchSums
from bot.storage.audit.rows import UNREADABLE, Findings, rows
from bot.storage.folds.earnings import hold_rules
from bot.storage.ledger.journal import rows_with
from bot.storage.stores import reversals

MOST_CACHED = 100_000
"""Lots whose sources are remembered: some 10 MB."""

_CORRECTING = ("reversal", "reinstatement")
"""Kinds of rows that change what earlier gifts have earned."""

_LATER = "SELECT body FROM journal WHERE guild_id = :guild AND kind = 'reversal' AND seq > :after"
_COUNTED_ROWS = """
    SELECT seq, kind, at_ms, body FROM journal
    WHERE guild_id = :guild AND seq > :after AND seq <= :until
        AND kind IN ('gift', 'order', 'reversal', 'reinstatement')
    ORDER BY seq
"""
_LINES = """
    SELECT creator, source, until_day, earned, taken_back, anonymous FROM earnings_by_source
    WHERE guild_id = :guild AND creator BETWEEN :first AND :last
"""
_PIECES = "SELECT seq, pieces FROM pieces_taken_back WHERE guild_id = :guild AND seq BETWEEN :first AND :last"

_EARNED, _TAKEN_BACK, _ANONYMOUS = _SUMS = ("earned", "taken back", "earned anonymously")
_PIECES_TAKEN_BACK = "pieces taken back"

_Sums = dict[int, list[int]]
"""Sums of one name by owner, as `StretchSums` has them."""


def _name(what: str, source: str, until_day: int) -> str:
    """Return what stands for the kind of an account in the sums of earnings."""
    return f"{what}:{source}:{until_day}"


class Earnings:
    """Counts what gifts have earned, a few thousand rows after the other. Each time, call `begin` and `finish`."""

    def __init__(self, c: Connection, guild_id: int, seq: int) -> None:
        """Count as the fold has that has read up to row `seq`."""
        self._c = c
        self._guild_id = guild_id
        self._seq = seq
        self._rules = hold_rules.rules(c, guild_id)
        self._sources: dict[int, str] = {}
        self._later: dict[int, int] | None = None
        self._undone: dict[int, int] = {}
        self._sums: StretchSums | None = None
        self._names: dict[tuple[str, int], tuple[_Sums, _Sums, _Sums]] = {}
        self._waiting: list[tuple[int, int, GiftFacts]] = []
        self._corrections: list[Correction] = []
        self._spans = LotSpans(c, guild_id)

    def begin(self, sums: StretchSums, after: int, until: int) -> None:
        """Count the rows `after` + 1 to `until` into `sums`."""
        self._undone = self._taken_back(reversals.parts_between(self._c, self._guild_id, after, until))
        if sums is not self._sums:
            self._sums, self._names = sums, {}
        if len(self._sources) > MOST_CACHED:
            self._sources.clear()

    def note_order(self, seq: int, facts: Mapping[str, Any]) -> None:
        """Remember the source of the lot that an order has opened."""
        self._sources[seq] = source_of(facts["provider"], is_test=facts["test"])

    def count(self, seq: int, at_ms: int, facts: Mapping[str, Any]) -> None:
        """Count a gift. If it is not known yet what paid for it, it is counted at the end."""
        gift = cast("GiftFacts", facts)
        if not self._earns(seq, gift):
            return
        self._spans.count(seq, gift)
        sources = self._sources
        for lot, _ in gift.get("lots", ()):
            if lot not in sources:
                self._waiting.append((seq, at_ms, gift))
                return
        self._add(seq, at_ms, gift)

    def correct(self, seq: int, kind: str, facts: Mapping[str, Any]) -> None:
        """Count what a reversal or a reinstatement changes besides pieces of gifts. It is counted at the end."""
        if kind in _CORRECTING and seq <= self._seq:
            self._corrections += corrections(facts)

    def finish(self) -> None:
        """Count what has to be looked up: gifts whose sources are not known yet, and what changes other gifts."""
        self._look_up([gift for _, _, gift in self._waiting])
        for gift in self._waiting:
            with contextlib.suppress(*UNREADABLE):
                self._add(*gift)
        self._waiting.clear()
        self._correct_gifts()
        self._corrections.clear()

    def _correct_gifts(self) -> None:
        gifts: dict[int, list[Correction]] = {}
        for correction in self._corrections:
            gifts.setdefault(correction.gift, []).append(correction)
        for row in rows_with(self._c, {(self._guild_id, seq) for seq in gifts}):
            gift = cast("GiftFacts", row.facts)
            self._look_up([gift])
            with contextlib.suppress(*UNREADABLE):
                if self._earns(row.seq, gift):
                    for _, lot, diamonds in gifts[row.seq]:
                        source = self._sources.get(lot, UNKNOWN)
                        until_day = self._rules.until_day(source, row.seq, row.at_ms)
                        self._add_taken_back(gift, Hold(source, until_day, diamonds))

    def compare_spans(self) -> Findings:
        """Compare between which rows the gifts lie that lots have paid for, of those that were counted."""
        return self._spans.compare()

    def take_back_more(self, pieces: Mapping[int, int]) -> None:
        """Take back more `pieces` of gifts that have been counted before, by row: only what was taken back since."""
        keys = {(self._guild_id, seq) for seq in pieces}
        parts = reversals.parts_of(self._c, keys)
        taken_back = self._taken_back({seq: part for (_, seq), part in parts.items()})
        gifts = [(row, cast("GiftFacts", row.facts)) for row in rows_with(self._c, keys) if row.kind == "gift"]
        self._look_up([gift for _, gift in gifts])
        for row, gift in gifts:
            with contextlib.suppress(*UNREADABLE):
                if self._earns(row.seq, gift):
                    after = taken_back[row.seq]
                    self._take_back(row.seq, row.at_ms, gift, after - pieces[row.seq], after)

    def _earns(self, seq: int, gift: GiftFacts) -> bool:
        return earns(gift) and self._sums is not None and seq not in self._sums.mark.uncounted_earnings

    def _look_up(self, gifts: Iterable[GiftFacts]) -> None:
        """Find out what paid for `gifts`."""
        lots = {lot for gift in gifts for lot, _ in gift.get("lots", ())} - self._sources.keys()
        # Of what no order has opened, the source is not known.
        self._sources.update(dict.fromkeys(lots, UNKNOWN))
        for row in rows_with(self._c, {(self._guild_id, lot) for lot in lots}):
            if row.kind == "order":
                with contextlib.suppress(*UNREADABLE):
                    self.note_order(row.seq, row.facts)

    def _taken_back(self, parts: Mapping[int, int]) -> dict[int, int]:
        """Return how much of rows was taken back as far as is counted, of `parts` in all."""
        if self._later is None and parts:
            self._later = _later_parts(self._c, self._guild_id, self._seq)
        parts_then = ((seq, part - (self._later or {}).get(seq, 0)) for seq, part in parts.items())
        return {seq: part for seq, part in parts_then if part > 0}

    def _take_back(self, seq: int, at_ms: int, facts: GiftFacts, before: int, after: int) -> None:
        """Take back what the pieces of a counted gift have earned that followed the first `before`, up to `after`."""
        assert self._sums is not None, "begin comes first"
        earlier = {hold.source: hold.diamonds for hold in self._holds(seq, at_ms, facts, before)}
        for hold in self._holds(seq, at_ms, facts, after):
            self._add_taken_back(facts, hold._replace(diamonds=hold.diamonds - earlier.get(hold.source, 0)))
        _add(self._sums.named(_PIECES_TAKEN_BACK), seq, after - before)

    def _add_taken_back(self, facts: GiftFacts, hold: Hold) -> None:
        _, taken_back, anonymous = self._named(hold.source, hold.until_day)
        _add(taken_back, facts["creator"], hold.diamonds)
        if facts["anonymous"]:
            _add(anonymous, facts["creator"], -hold.diamonds)

    def _add(self, seq: int, at_ms: int, facts: GiftFacts) -> None:
        creator, is_anonymous = facts["creator"], facts["anonymous"]
        for source, until_day, diamonds in self._holds(seq, at_ms, facts, facts["count"]):
            earned, _, anonymous = self._named(source, until_day)
            # As in `_add` below: nearly all that is counted comes through here.
            sums = earned.get(creator)
            if sums is None:
                earned[creator] = [diamonds, 0]
            else:
                sums[0] += diamonds
            if is_anonymous:
                _add(anonymous, creator, diamonds)
        if seq in self._undone:
            self._take_back(seq, at_ms, facts, 0, self._undone[seq])

    def _holds(self, seq: int, at_ms: int, facts: GiftFacts, pieces: int) -> list[Hold]:
        return holds_of(seq, at_ms, facts, self._sources, self._rules, pieces)

    def _named(self, source: str, until_day: int) -> tuple[_Sums, _Sums, _Sums]:
        named = self._names.get((source, until_day))
        if named is None:
            assert self._sums is not None, "begin comes first"
            earned, taken_back, anonymous = (self._sums.named(_name(what, source, until_day)) for what in _SUMS)
            named = self._names[source, until_day] = earned, taken_back, anonymous
        return named


def _add(sums: _Sums, owner: int, more: int) -> None:
    sums.setdefault(owner, [0, 0])[0] += more


def _later_parts(c: Connection, guild_id: int, seq: int) -> dict[int, int]:
    """Return how much of each row was taken back by rows after `seq`."""
    parts: dict[int, int] = {}
    for (body,) in rows(c, _LATER, guild=guild_id, after=seq):
        with contextlib.suppress(*UNREADABLE):
            facts = orjson.loads(body)
            parts[facts["of"]] = parts.get(facts["of"], 0) + facts["part"]
    return parts


def count_later(c: Connection, guild_id: int, after: int, sums: StretchSums) -> None:
    """Count what the fold has counted since it had read up to row `after`, up to the mark of `sums`."""
    until = sums.mark.earnings_seq
    earnings = Earnings(c, guild_id, until)
    earnings.begin(sums, after, until)
    undone: dict[int, int] = {}
    for seq, kind, at_ms, body in rows(c, _COUNTED_ROWS, guild=guild_id, after=after, until=until):
        with contextlib.suppress(*UNREADABLE):
            facts = orjson.loads(body)
            if kind == "order":
                earnings.note_order(seq, facts)
            elif kind == "gift":
                earnings.count(seq, at_ms, facts)
            else:
                earnings.correct(seq, kind, facts)
                if kind == "reversal" and facts["of"] <= after:
                    undone[facts["of"]] = undone.get(facts["of"], 0) + facts["part"]
    earnings.finish()
    earnings.take_back_more(undone)


def compare(c: Connection, guild_id: int, sums: dict[tuple[str, int], int], first: int, last: int) -> Findings:
    """Compare the lines of the creators `first` to `last`, and pieces, with `sums`: by name and owner.

    The sums of earnings are taken out.
    """
    for creator, source, until_day, *stored in rows(c, _LINES, guild=guild_id, first=first, last=last):
        names = [(_name(what, source, until_day), creator) for what in _SUMS]
        counted = [sums.pop(name, 0) for name in names]
        if counted != stored:
            line = [creator, source, until_day]
            yield 0, f"the earnings {line} are {stored}, the gifts say {counted if any(counted) else None}"
    for name, creator in [*_named(sums, f"{_EARNED}:")]:
        _, source, until_day = name.split(":")
        counted = [sums.pop((_name(what, source, int(until_day)), creator), 0) for what in _SUMS]
        yield 0, f"the earnings {[creator, source, int(until_day)]} are missing, the gifts say {counted}"
    for seq, count in rows(c, _PIECES, guild=guild_id, first=first, last=last):
        if (counted_pieces := sums.pop((_PIECES_TAKEN_BACK, seq), 0)) != count:
            yield seq, f"its earnings are without {count} pieces, {counted_pieces} were taken back"
    for name, seq in [*_named(sums, _PIECES_TAKEN_BACK)]:
        yield seq, f"its earnings are those of all pieces, {sums.pop((name, seq))} were taken back"


def _named(sums: Mapping[tuple[str, int], int], prefix: str) -> Iterator[tuple[str, int]]:
    return (key for key in sums if key[0].startswith(prefix))
