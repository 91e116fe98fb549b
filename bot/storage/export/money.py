"""The files that are made from the journal, in one pass over it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from bot.domain.accounts import NOBODY
from bot.domain.exported_books import HIDDEN, Row, made_up_for, movements, seen_in_file, subject
from bot.domain.ledger import KINDS, bookings_of
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.receipts import Receipt
from bot.domain.statements import Month
from bot.storage.audit.hash_chain import RowWithLegs, follow
from bot.storage.audit.rows import rows
from bot.storage.export.people import People
from bot.storage.export.sheets import Sheet, utc, yes

PIECE = 1_000
"""Rows for which members and notes are looked up together."""

DAY_MS = 86_400_000

_NOTES = "SELECT seq, text FROM notes WHERE guild_id = :guild AND seq > :after AND seq <= :until"
_TAKEN = "SELECT seq, part FROM reversals WHERE guild_id = :guild AND seq > :after AND seq <= :until"
_BODY = "SELECT kind, body FROM journal WHERE guild_id = :guild AND seq = :seq"
_GRANTS = frozenset({"grant", "grants", "claim", "grants_undo"})


class MoneySheets(NamedTuple):
    """The files that grow row by row."""

    journal: Sheet
    postings: Sheet
    gifts: Sheet
    grants: Sheet


class Sums(NamedTuple):
    """What the rows add up to.

    `accounts` is by month and kind of account: what went out, and what came in. `moved` is by account in postings.csv.
    `earnings` is by creator (a holder), month, type and whether anonymous: rows, pieces, coins and diamonds.
    `providers` is by provider, currency and whether tests: orders, amount, coins, taken back and reinstated.
    `findings` is what is wrong with rows, as the audit says it.
    """

    accounts: dict[tuple[str, str], list[int]]
    moved: Counter[str]
    earnings: dict[tuple[int, str, str, bool], list[int]]
    providers: dict[tuple[str, str, bool], list[int]]
    findings: list[tuple[int, str]]

    @classmethod
    def empty(cls) -> "Sums":
        """Return those of no rows."""
        return cls(
            defaultdict(lambda: [0, 0]), Counter(), defaultdict(lambda: [0] * 4), defaultdict(lambda: [0] * 5), []
        )


class _Entry(NamedTuple):
    """A row with its time, its note, and its public view, in which members are holders."""

    row: Row
    at_ms: int
    view: Receipt


class MoneyWriter:
    """Writes the rows up to `until` of a guild's journal, a piece at a time."""

    def __init__(self, c: Connection, guild_id: int, until: int, sheets: MoneySheets, people: People) -> None:
        self._c = c
        self._guild_id = guild_id
        self._until = until
        self._sheets = sheets
        self._people = people
        self._months: dict[int, str] = {}
        self._taken: dict[int, int] = {}
        self.sums = Sums.empty()

    def write(self, report: Callable[[int, int], None]) -> Sums:
        """Write all rows, and return their sums."""
        journal = follow(self._c, self._guild_id, 0, self._until, self.sums.findings)
        while piece := [*islice(journal, PIECE)]:
            entries = [*self._entries(piece)]
            self._people.learn({holder for entry in entries for holder in _holders(entry)})
            for entry in entries:
                self._write(entry)
            report(piece[-1][0], self._until)
        return self.sums

    def _entries(self, piece: list[RowWithLegs]) -> Iterator[_Entry]:
        places = {"guild": self._guild_id, "after": piece[0][0] - 1, "until": piece[-1][0]}
        notes: dict[int, str] = dict(rows(self._c, _NOTES, **places))
        self._taken = dict(rows(self._c, _TAKEN, **places))
        for seq, kind, actor, at_ms, body, legs in piece:
            row = Row(seq, kind, actor, orjson.loads(body), legs)
            other = KINDS[kind].other_holder(row.facts)
            receipt = Receipt(self._guild_id, seq, kind, at_ms, actor, other, row.facts, notes.get(seq, ""))
            view = seen_in_file(receipt)
            if (gift := made_up_for(row)) and self.is_anonymous(gift):
                # Only the sender of the gift can be granted that, and the reason may say for what.
                view = view._replace(note="", facts={**view.facts, "goodwill": 0})
            yield _Entry(row, at_ms, view)

    def is_anonymous(self, seq: int) -> bool:
        """Whether the row `seq` is about an anonymous gift, or makes up for one."""
        for kind, body in rows(self._c, _BODY, guild=self._guild_id, seq=seq):
            row = Row(seq, kind, 0, orjson.loads(body), ())
            return row.is_anonymous or bool((gift := made_up_for(row)) and self.is_anonymous(gift))
        return False

    def _write(self, entry: _Entry) -> None:
        row, view, name = entry.row, entry.view, self._people.name
        facts, sheets = view.facts, self._sheets
        about = subject(row.kind, row.facts)
        is_test = yes(row.facts.get("test"))
        sheets.journal.write(
            row.seq,
            utc(entry.at_ms),
            row.kind,
            name(HIDDEN if row.kind == "gift" and row.is_anonymous else view.actor_id),
            name(HIDDEN if row.kind == "reversal" and row.is_anonymous else view.other_id),
            facts.get("coins"),
            is_test,
            yes(row.is_anonymous),
            facts.get("undoes", facts.get("of")),
            facts.get("cause", ""),
            about,
            view.note,
        )
        for movement in movements(row):
            sheets.postings.write(row.seq, movement.account, name(movement.holder), movement.coins)
            self.sums.moved[movement.account] += movement.coins
        if row.kind == "gift":
            self._write_gift(entry, is_test)
        elif row.kind in _GRANTS:
            giver = facts.get("giver", view.actor_id)
            receiver = view.other_id or facts.get("member", 0)
            approver, gift = name(facts.get("approver", 0)), facts.get("goodwill") or None
            coins = -facts["coins"] if row.kind == "grants_undo" else facts["coins"]
            line = (row.kind, name(giver), name(receiver), coins, approver, gift, about, view.note)
            sheets.grants.write(row.seq, utc(entry.at_ms), *line)
        self._count(entry)

    def _write_gift(self, entry: _Entry, is_test: str) -> None:
        facts, name = entry.view.facts, self._people.name
        self._sheets.gifts.write(
            entry.row.seq,
            utc(entry.at_ms),
            name(HIDDEN if entry.row.is_anonymous else entry.view.actor_id),
            name(facts["creator"]),
            facts["item"],
            facts["name"],
            facts["price"],
            facts["count"],
            self._taken.get(entry.row.seq, 0),
            facts["coins"],
            is_test,
            str(facts["channel"]),
            str(facts["message"] or ""),
            facts["event"] or None,
            entry.view.note,
        )

    def _count(self, entry: _Entry) -> None:
        row, month = entry.row, self._month(entry.at_ms)
        for _, kind, _, amount in row.legs:
            self.sums.accounts[month, kind][amount > 0] += abs(amount)
        for booking in bookings_of(row.kind, row.facts):
            creator, is_anonymous = booking.creator, booking.anonymous
            if row.kind in {Reverse.kind, Reinstate.kind} and not row.is_about_gift:
                # The file says whose payment went back, so it must not say whose earnings that took: there may have
                # been an anonymous gift between the two.
                creator, is_anonymous = NOBODY, False
            line = self.sums.earnings[creator, month, booking.type.value, is_anonymous]
            _add(line, 1, booking.pieces, booking.coins, booking.diamonds)
        if row.kind == "order":
            _add(self._provider(row.facts), 1, row.facts["price_minor"], row.facts["coins"])
        elif row.kind == "reversal" and row.facts["of_kind"] == "order":
            self._provider(self._facts_of(row.facts["of"]))[3] += row.facts["coins"]
        elif row.kind == "reinstatement":
            self._provider(self._facts_of(row.facts["of"]))[4] += row.facts["coins"]

    def _provider(self, order: Mapping[str, Any]) -> list[int]:
        return self.sums.providers[order["provider"], order["currency"], bool(order["test"])]

    def _facts_of(self, seq: int) -> dict[str, Any]:
        ((_, body),) = rows(self._c, _BODY, guild=self._guild_id, seq=seq)
        return orjson.loads(body)

    def _month(self, at_ms: int) -> str:
        day = at_ms // DAY_MS
        if day not in self._months:
            self._months[day] = str(Month.of_day(day))
        return self._months[day]


def _add(line: list[int], *numbers: int) -> None:
    for place, number in enumerate(numbers):
        line[place] += number


def _holders(entry: _Entry) -> Iterator[int]:
    yield entry.view.actor_id
    yield entry.view.other_id
    for fact in ("creator", "giver", "approver", "member"):
        yield entry.view.facts.get(fact, 0)
    for _, _, owner, _ in entry.row.legs:
        yield owner
