"""The queue of shout-outs: what members have asked for, and how it is handled.

A creator sees the shout-outs of their own perks, and managers those of the guild's own.
"""

from collections.abc import Callable
from typing import NamedTuple, cast

from bot.domain.errors import NotFound
from bot.domain.ids import HIGHEST
from bot.domain.ledger.perk_return import ReturnCause, ReturnFacts
from bot.domain.perk_errors import TicketMoved
from bot.domain.perks import Perk, Unlock, UnlockState, steps_from
from bot.domain.receipts import Receipt
from bot.services.perks import give_back, return_key, return_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.ledger.batch import dry_run
from bot.storage.stores import creators, guilds, notices, perk_tickets, perks


class Ticket(NamedTuple):
    """A shout-out that waits, its perk, and the member who asked for it, 0 if erased."""

    unlock: Unlock
    perk: Perk
    member_id: int


class ReturnPreview(NamedTuple):
    """What a return of a perk would do: what it takes, from whom, and the facts of its row."""

    unlock: Unlock
    perk: Perk
    member_id: int
    facts: ReturnFacts


class Queue(NamedTuple):
    """The oldest shout-outs that wait for somebody, and how many there are in all."""

    tickets: tuple[Ticket, ...]
    total: int


class PerkTickets:
    """The use-cases of those who give shout-outs. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def queue(self, guild_id: int, member_id: int, *, is_manager: bool, most: int) -> Queue:
        """Return what waits for a member: for their own perks, and for those of the guild if they manage it."""
        return await self._database.read(_queue, guild_id, member_id, is_manager, most)

    async def of_staff(self, guild_id: int) -> int:
        """Return how many of the guild's own shout-outs wait for its staff."""
        return await self._database.read(perk_tickets.count, guild_id, {0})

    async def move(
        self,
        guild_id: int,
        member_id: int,
        unlock_id: int,
        before: UnlockState,
        state: UnlockState,
        *,
        is_manager: bool,
    ) -> None:
        """Change the state of a shout-out from what was shown, once.

        Raise NotFound for what does not wait for this member, TicketMoved if its state is another one by now, or
        HouseShort where the coins cannot go back yet.
        """
        args = guild_id, member_id, unlock_id, before, state, is_manager
        if state is UnlockState.REVERSED:
            ticket = await self._database.read(_checked, *args)
            if ticket.unlock.coins and ticket.member_id:
                cause = ReturnCause.CREATOR if ticket.perk.creator else ReturnCause.STAFF
                await give_back(self._database, ticket.unlock, ticket.member_id, member_id, cause)
                self._expect(guild_id, ticket.member_id)
                return
        buyer_id = await self._database.writer.perform(_move, *args, self._clock())
        if buyer_id:
            self._expect(guild_id, buyer_id)

    async def preview(self, guild_id: int, seq: int, by: int) -> ReturnPreview:
        """Return what taking back what the row `seq` has bought would do now. Raises what `take_back` does."""
        if seq > HIGHEST:
            raise NotFound("receipt")
        return await self._database.read(_preview, guild_id, seq, by, self._clock())

    async def find_return(self, guild_id: int, seq: int) -> Receipt | None:
        """Return the receipt of what gave back the coins of row `seq`, None if nothing has."""
        return await self._database.read(_found_return, guild_id, seq)

    async def take_back(self, guild_id: int, seq: int, by: int) -> Receipt:
        """Take what the row `seq` has bought, and give its coins back, as staff.

        Raise NotFound for what is no purchase of a perk, AlreadyReversed, or HouseShort.
        """
        if seq > HIGHEST:
            raise NotFound("receipt")
        entry, member_id = await self._database.read(_bought, guild_id, seq)
        receipt = await give_back(self._database, entry, member_id, by, ReturnCause.STAFF)
        self._expect(guild_id, member_id)
        return receipt


def _preview(c: Connection, guild_id: int, seq: int, by: int, now_ms: int) -> ReturnPreview:
    entry, member_id = _bought(c, guild_id, seq)
    decision = dry_run(c, return_of(entry, member_id, by, ReturnCause.STAFF), now_ms)
    perk = perks.perk(c, guild_id, entry.perk_id)
    assert perk is not None, entry
    return ReturnPreview(entry, perk, member_id, cast("ReturnFacts", decision.facts))


def _found_return(c: Connection, guild_id: int, seq: int) -> Receipt | None:
    entry = perks.bought(c, guild_id, seq)
    return journal.find(c, guild_id, return_key(entry.unlock_id)) if entry is not None else None


def _bought(c: Connection, guild_id: int, seq: int) -> tuple[Unlock, int]:
    """Return what a row has bought, and for whom."""
    entry = perks.bought(c, guild_id, seq)
    member_id = holders.member_ids(c, guild_id, [entry.holder]).get(entry.holder, 0) if entry else 0
    if entry is None or not member_id:
        raise NotFound("receipt")
    return entry, member_id


def _queue(c: Connection, guild_id: int, member_id: int, is_manager: bool, most: int) -> Queue:
    whose = _whose(c, guild_id, member_id, is_manager=is_manager)
    waiting, count = perk_tickets.waiting(c, guild_id, whose, most), perk_tickets.count(c, guild_id, whose)
    by_id = perks.perks_of(c, {(guild_id, entry.perk_id) for entry in waiting})
    members = holders.member_ids(c, guild_id, {entry.holder for entry in waiting})
    tickets = (Ticket(each, by_id[guild_id, each.perk_id], members.get(each.holder, 0)) for each in waiting)
    return Queue(tuple(tickets), count)


def _whose(c: Connection, guild_id: int, member_id: int, *, is_manager: bool) -> set[int]:
    """Return the creators, holders, whose tickets wait for a member; 0 stands for the guild.

    Nobody's wait who is a creator no more: the coins go back when their time is over.
    """
    holder = holders.holder_id(c, guild_id, member_id) if creators.is_creator(c, guild_id, member_id) else None
    whose: set[int] = {0} if is_manager else set()
    return whose | {holder} if holder else whose


def _checked(
    c: Connection,
    guild_id: int,
    member_id: int,
    unlock_id: int,
    before: UnlockState,
    state: UnlockState,
    is_manager: bool,
) -> Ticket:
    entry = perks.unlock(c, guild_id, unlock_id)
    perk = perks.perk(c, guild_id, entry.perk_id) if entry is not None else None
    if entry is None or perk is None or perk.creator not in _whose(c, guild_id, member_id, is_manager=is_manager):
        raise NotFound("perk")
    if entry.state is not before or state not in steps_from(before) or perk.gives_role:
        raise TicketMoved
    return Ticket(entry, perk, holders.member_ids(c, guild_id, [entry.holder]).get(entry.holder, 0))


def _move(
    c: Connection,
    guild_id: int,
    member_id: int,
    unlock_id: int,
    before: UnlockState,
    state: UnlockState,
    is_manager: bool,
    now_ms: int,
) -> int:
    """Change the state, and return the member who is to hear of it, 0 for nobody."""
    guilds.lock(c, guild_id)
    entry, perk, buyer_id = _checked(c, guild_id, member_id, unlock_id, before, state, is_manager)
    if state is UnlockState.REVERSED and not entry.coins:
        perks.give_back(c, entry, now_ms)
    elif state is UnlockState.REVERSED:
        # Its member was erased: there is nobody to give the coins to.
        perks.move(c, entry, UnlockState.OVER, now_ms)
    else:
        perks.move(c, entry, state, now_ms)
    if perk.creator:
        notices.drop_ticket(c, guild_id, perk.creator, unlock_id)
    if state is not UnlockState.DONE or not buyer_id:
        return 0
    notices.add_ticket(c, guild_id, entry.holder, unlock_id, now_ms)
    return buyer_id
