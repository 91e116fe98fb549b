"""What members may do about their data: get all of it, and have it deleted."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.erasures import DataInUse, Erasure, Holdings, erased_notes_of
from bot.domain.money import MAX_BALANCE
from bot.domain.wallets import WalletLine
from bot.storage.connect.connection import Connection
from bot.storage.connect.transactions import empty_log
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.maintenance import erasure_list
from bot.storage.stores import deadlines, erasures, guilds, notes, personal_data, wallets
from bot.storage.stores.personal_data import NO_HOLDER, Person

log = logging.getLogger(__name__)

MOST_ROWS = 50_000
"""The most rows of one table in a member's file. Nobody gets that many by hand."""

NOTES_AT_ONCE = 100_000
"""Rows whose notes are searched in one read, which takes some 30 ms."""

PAGE = 2_000
"""Entries of a member's history that are read at a time."""


class MemberData(NamedTuple):
    """Everything that was stored about a member at `read_ms`: rows of each table, and the newest entries of the
    history."""

    read_ms: int
    records: dict[str, list[dict[str, Any]]]
    history: list[WalletLine]


class PersonalData:
    """The use-cases of privacy. `listed_in` is the file that remembers deletions in case older books are restored."""

    def __init__(self, database: Database, clock: Callable[[], int], listed_in: Path | None) -> None:
        self._database = database
        self._clock = clock
        self._listed_in = listed_in
        self._subscribers: list[Callable[[int], None]] = []
        self._counts: dict[int, int] | None = None

    def subscribe(self, subscriber: Callable[[int], None]) -> None:
        """Call `subscriber` with the guild of every member whose data is deleted: at once if this process deletes it,
        otherwise as soon as `follow` sees it."""
        self._subscribers.append(subscriber)

    async def follow(self) -> None:
        """Look up which members other processes have deleted since the last look."""
        counts = await self._database.read(erasures.counts)
        known, self._counts = self._counts, counts
        for guild_id, count in counts.items():
            # Nothing is in memory about members deleted before the first look.
            if known is not None and count != known.get(guild_id, 0):
                self._tell(guild_id)

    def _tell(self, guild_id: int) -> None:
        for subscriber in self._subscribers:
            subscriber(guild_id)

    async def export(self, guild_id: int, member_id: int) -> MemberData:
        """Return all that is kept about a member in a guild."""
        records = await self._database.read(_records, guild_id, member_id)
        history: list[WalletLine] = []
        before_seq: int | None = None
        while len(history) < MOST_ROWS:
            page = await self._database.read(wallets.lines, guild_id, member_id, limit=PAGE, before_seq=before_seq)
            history += page
            if len(page) < PAGE:
                break
            before_seq = page[-1].seq
        return MemberData(self._clock(), records, history)

    async def deletable(self, guild_id: int, member_id: int) -> Holdings:
        """Return what a member would lose by deleting their data. Raise DataInUse."""
        return await self._database.read(_deletable, guild_id, member_id)

    async def erase(self, guild_id: int, member_id: int) -> Erasure:
        """Delete a member's data in a guild. Raise DataInUse."""
        database, writer = self._database, self._database.writer
        person, last = await database.read(_known, guild_id, member_id)
        for first in range(1, last + 1, NOTES_AT_ONCE):
            part = await database.read(notes.mentioning, person, first, min(first + NOTES_AT_ONCE - 1, last))
            for seqs in notes.slices(part):
                await writer.perform(notes.forget_mentions, person, seqs)
        erasure = await writer.perform(_erase, guild_id, member_id, last, self._clock())
        if erasure.holder_id != NO_HOLDER:
            if self._listed_in is not None:
                await asyncio.to_thread(erasure_list.add, self._listed_in, [erasure])
            await self._empty_notes(guild_id, erasure.holder_id)
        await writer.perform(empty_log)
        self._tell(guild_id)
        return erasure

    async def empty_notes(self, deadline: Deadline) -> None:
        """Empty what is left of a deleted member's messages, because the process that began doing so has ended."""
        await self._empty_notes(deadline.guild_id, deadline.subject)

    async def _empty_notes(self, guild_id: int, holder_id: int) -> None:
        seq = MAX_BALANCE
        while seq := await self._database.writer.perform(notes.empty_before, guild_id, holder_id, seq):
            pass
        await self._database.writer.perform(deadlines.clear, guild_id, DeadlineKind.ERASED_NOTES, holder_id)

    async def end_records(self, deadline: Deadline) -> None:
        """Forget who a deleted member was, because no record has to name them any more."""
        now_ms = self._clock()
        writer = self._database.writer
        await writer.perform(erasures.end_records, deadline.guild_id, deadline.subject, now_ms)
        await writer.perform(empty_log)

    async def repeat(self) -> None:
        """Delete again the members who came back with restored books. Call this before anything else reads the
        books."""
        if self._listed_in is None:
            return
        stored = await self._database.read(erasures.all_of)
        listed = erasure_list.read(self._listed_in)
        if missing := [erasure for erasure in stored if erasure not in listed]:
            erasure_list.add(self._listed_in, missing)
        count = await self._database.writer.perform(_repeat, [*{*stored, *listed}])
        if count:
            await self._database.writer.perform(empty_log)
            log.warning("deleted the data of %d members again: they had deleted it after this backup was made", count)


def _records(c: Connection, guild_id: int, member_id: int) -> dict[str, list[dict[str, Any]]]:
    return dict(personal_data.rows_of(c, erasures.person(c, guild_id, member_id), MOST_ROWS))


def _deletable(c: Connection, guild_id: int, member_id: int) -> Holdings:
    person = erasures.person(c, guild_id, member_id)
    _check(c, person)
    return erasures.holdings(c, person)


def _check(c: Connection, person: Person) -> None:
    obstacle = erasures.affairs(c, person).obstacle
    if obstacle is not None:
        raise DataInUse(obstacle)


def _known(c: Connection, guild_id: int, member_id: int) -> tuple[Person, int]:
    """Return the person whose data is to be deleted, and the last row of the journal. Raise DataInUse."""
    person = erasures.person(c, guild_id, member_id)
    _check(c, person)
    return person, journal.head(c, guild_id).seq


def _erase(c: Connection, guild_id: int, member_id: int, seq: int, now_ms: int) -> Erasure:
    """Delete everything but the member's own notes. Other notes up to row `seq` no longer mention them."""
    # A booking by another process is either in the books by now, or finds no such member.
    guilds.lock(c, guild_id)
    person = erasures.person(c, guild_id, member_id)
    _check(c, person)
    later_seqs = notes.mentioning(c, person, seq + 1, journal.head(c, guild_id).seq)
    notes.forget_mentions(c, person, later_seqs)
    erasure = erasures.add(c, person, now_ms)
    personal_data.erase(c, person)
    erasures.restrict(c, person, erasure)
    if person.holder_id != NO_HOLDER:
        deadlines.put(c, erased_notes_of(guild_id, person.holder_id, now_ms))
    return erasure


def _repeat(c: Connection, listed: list[Erasure]) -> int:
    returned = erasures.come_back(c, listed)
    for person, erasure in returned:
        erasures.keep(c, erasure)
        notes.forget(c, person)
        personal_data.erase(c, person)
        erasures.restrict(c, person, erasure)
    return len(returned)
