"""Perks, for members: what is offered to them, what they unlock, and what happens to it afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import text
from bot.domain.budget_errors import BudgetPaused
from bot.domain.budgets import Line, tightest
from bot.domain.deadlines import Deadline
from bot.domain.errors import NotFound, Refusal, UnknownGuild
from bot.domain.ledger.books import Books
from bot.domain.ledger.budget import budget_lines
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnCause, ReturnPerk
from bot.domain.perk_errors import TicketMoved
from bot.domain.perks import (
    DELIVERY_MS,
    NOTHING,
    STANDING,
    TICKET_MS,
    Holding,
    Perk,
    PerkKind,
    PerkWay,
    Unlock,
    UnlockState,
    check_offered,
    next_restock_ms,
)
from bot.domain.receipts import Receipt
from bot.domain.wallets import Wallet
from bot.services.perk_claims import check_standing, claim
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import budgets, guilds, member_roles, perks, wallets

MOST_OWN = 25
"""Unlocked perks that a member sees, the newest."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A perk as one member sees it. `refusal` is why they cannot have it now, as far as known, or None."""

    perk: Perk
    holding: Holding
    creator_id: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The perks of a guild as a member sees them, their wallet, and the tightest limit of their budget, if any.

    If the guild `sells_for_money`, test coins buy nothing. `own` is how many perks the member has.
    """

    offers: tuple[Offer, ...]
    wallet: Wallet
    budget: Line | None
    sells_for_money: bool
    own: int

    @property
    def spendable(self) -> int:
        """The most that one perk may cost."""
        wallet = self.wallet
        if self.sells_for_money:
            return 0 if wallet.debt else wallet.total
        return wallet.spendable


@dataclass(frozen=True, slots=True)
class OwnPerks:
    """What a member has unlocked, newest first, each with its perk."""

    pairs: Sequence[tuple[Unlock, Perk]]


class Perks:
    """The use-cases of members. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def shelf(self, guild_id: int, member_id: int) -> Shelf:
        """Return what is offered to a member; raise UnknownGuild."""
        return await self._database.read_folded(guild_id, _shelf, guild_id, member_id, self._clock())

    async def offer(self, guild_id: int, member_id: int, perk_id: int) -> Offer:
        """Return one perk as a member sees it; raise NotFound."""
        offers = (await self.shelf(guild_id, member_id)).offers
        offer = next((offer for offer in offers if offer.perk.perk_id == perk_id), None)
        if offer is None:
            raise NotFound("perk")
        return offer

    async def own(self, guild_id: int, member_id: int) -> OwnPerks:
        """Return what a member has unlocked."""
        return await self._database.read(_own, guild_id, member_id)

    async def buy(self, command: BuyPerk) -> Receipt:
        """Charge for a perk and unlock it, once per key; raise every refusal of `bot.domain.ledger.perk`."""
        note = text.clean(command.note, text.MESSAGE_LENGTH)
        receipt = await self._database.writer.submit(command._replace(note=note))
        self._expect_creator(command)
        return receipt

    async def claim(self, command: BuyPerk) -> tuple[Unlock, Perk]:
        """Unlock a perk that costs no coins; raise every refusal of `bot.services.perk_claims`, or BooksClosed."""
        await self._database.catch_up(command.guild_id)
        note = text.clean(command.note, text.MESSAGE_LENGTH)
        unlock = await self._database.writer.perform(claim, command._replace(note=note), self._clock())
        self._expect_creator(command)
        return unlock

    async def find(self, guild_id: int, key: str, member_id: int) -> Receipt | None:
        """Return what a member had recorded under `key`, None if that is nothing, or somebody else's."""
        return await self._database.read(journal.find_own, guild_id, key, member_id)

    async def content(self, guild_id: int, member_id: int, unlock_id: int) -> tuple[Unlock, Perk, bytes]:
        """Return what a member has unlocked, its perk, and the content of its file; raise NotFound."""
        return await self._database.read(_content, guild_id, member_id, unlock_id)

    def _expect_creator(self, command: BuyPerk) -> None:
        # Only a shout-out has anything to read.
        if command.creator_id:
            self._expect(command.guild_id, command.creator_id)

    async def give_up(self, deadline: Deadline) -> int | None:
        """Give back what was not delivered in time. Return when to try again. Raises BooksClosed, HouseShort."""
        guild_id, now_ms = deadline.guild_id, self._clock()
        entry, perk, member_id = await self._database.read(_undelivered, guild_id, deadline.subject)
        if entry is None or perk is None:
            return None
        due_ms = entry.at_ms + (TICKET_MS if perk.kind is PerkKind.SHOUTOUT else DELIVERY_MS)
        if now_ms < due_ms:
            return due_ms
        if not entry.coins or not member_id:
            await self._database.writer.perform(_drop, guild_id, entry.unlock_id, now_ms)
            return None
        try:
            await give_back(self._database, entry, member_id, member_id, ReturnCause.UNDELIVERED)
        except TicketMoved:
            return None
        self._expect(guild_id, member_id)
        return None

    async def end(self, deadline: Deadline) -> int | None:
        """Take away what a member has unlocked once its time is up. Return when that is, if not now."""
        return await self._database.writer.perform(_end, deadline.guild_id, deadline.subject, self._clock())

    async def restock(self, deadline: Deadline) -> int | None:
        """Fill up the stock of a perk. Return when that is due next."""
        return await self._database.writer.perform(_restock, deadline.guild_id, deadline.subject, self._clock())


async def give_back(database: Database, entry: Unlock, member_id: int, actor_id: int, cause: ReturnCause) -> Receipt:
    """Give a member back the coins for what they had unlocked, once. Raise HouseShort or TicketMoved."""
    return await database.writer.submit(return_of(entry, member_id, actor_id, cause))


def return_of(entry: Unlock, member_id: int, actor_id: int, cause: ReturnCause) -> ReturnPerk:
    """Return the command that gives a member back the coins for what they had unlocked."""
    key = return_key(entry.unlock_id)
    return ReturnPerk(entry.guild_id, key, actor_id, member_id, entry.row, entry.unlock_id, (entry.holder,), cause)


def return_key(unlock_id: int) -> str:
    """Return the key under which coins go back, once whatever the cause."""
    return f"perk:{unlock_id}:return"


def _shelf(c: Connection, guild_id: int, member_id: int, now_ms: int) -> Shelf:
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    rules = rules.at(now_ms)
    holder = holders.holder_id(c, guild_id, member_id) or 0
    offered = perks.perks(c, guild_id)
    members = holders.member_ids(c, guild_id, {perk.creator for perk in offered if perk.creator})
    holdings = perks.holdings_of(c, {(guild_id, holder, perk.perk_id) for perk in offered})
    offers: list[Offer] = []
    for perk in offered:
        holding = holdings.get((guild_id, holder, perk.perk_id), NOTHING)
        creator_id = members.get(perk.creator, 0)
        offers.append(Offer(perk, holding, creator_id, _refusal(c, perk, holding, (holder, creator_id), now_ms)))
    books = Books(rules={guild_id: rules}, holders={(guild_id, member_id): holder})
    books.budgets = budgets.budgets_of(c, [(guild_id, holder)])
    try:
        budget = tightest(budget_lines(books, rules, member_id, now_ms))
    except BudgetPaused:
        # A member whose budget is paused may still look.
        budget = None
    own = len(perks.unlocks_of(c, guild_id, holder, MOST_OWN))
    return Shelf(tuple(offers), wallets.wallet(c, guild_id, member_id), budget, rules.sells_for_money, own)


def _refusal(c: Connection, perk: Perk, holding: Holding, people: tuple[int, int], now_ms: int) -> Refusal | None:
    """Return the known obstacle between a member and a perk. `people` are the member, a holder, and the creator's id.

    Which gift unlocks something is looked for only when that is asked for.
    """
    try:
        check_offered(perk, holding, now_ms)
        if perk.way in {PerkWay.LEVEL, PerkWay.CLUB}:
            check_standing(c, perk, *people)
    except Refusal as refusal:
        return refusal.with_traceback(None)
    return None


def _own(c: Connection, guild_id: int, member_id: int) -> OwnPerks:
    holder = holders.holder_id(c, guild_id, member_id) or 0
    unlocks = perks.unlocks_of(c, guild_id, holder, MOST_OWN)
    by_id = perks.perks_of(c, {(guild_id, entry.perk_id) for entry in unlocks})
    return OwnPerks([(entry, by_id[guild_id, entry.perk_id]) for entry in unlocks])


def _content(c: Connection, guild_id: int, member_id: int, unlock_id: int) -> tuple[Unlock, Perk, bytes]:
    entry, holder = perks.unlock(c, guild_id, unlock_id), holders.holder_id(c, guild_id, member_id)
    perk = perks.perk(c, guild_id, entry.perk_id) if entry is not None and entry.holder == holder else None
    if entry is None or perk is None or entry.state is not UnlockState.DONE:
        raise NotFound("perk")
    return entry, perk, perks.file_of(c, guild_id, perk.perk_id) if perk.kind is PerkKind.FILE else b""


def _undelivered(c: Connection, guild_id: int, unlock_id: int) -> tuple[Unlock | None, Perk | None, int]:
    """Return what was unlocked if it is not delivered, its perk, and its member, 0 if erased."""
    entry = perks.unlock(c, guild_id, unlock_id)
    if entry is None or entry.state not in {UnlockState.OPEN, UnlockState.DOING}:
        return None, None, 0
    member_id = holders.member_ids(c, guild_id, [entry.holder]).get(entry.holder, 0)
    return entry, perks.perk(c, guild_id, entry.perk_id), member_id


def _drop(c: Connection, guild_id: int, unlock_id: int, now_ms: int) -> None:
    """Note that something was not delivered if it cost nothing, or its member was erased."""
    guilds.lock(c, guild_id)
    entry, _, _ = _undelivered(c, guild_id, unlock_id)
    if entry is None:
        return
    if entry.coins:
        perks.move(c, entry, UnlockState.OVER, now_ms)
    else:
        perks.give_back(c, entry, now_ms)


def _end(c: Connection, guild_id: int, unlock_id: int, now_ms: int) -> int | None:
    guilds.lock(c, guild_id)
    entry = perks.unlock(c, guild_id, unlock_id)
    if entry is None or entry.until_ms is None or entry.state not in STANDING:
        return None
    if now_ms < entry.until_ms:
        return entry.until_ms
    if entry.state is not UnlockState.DONE:
        # The bot may have been away for long: the role may still be on its way, or the coins may be back already.
        return now_ms + DELIVERY_MS
    perks.move(c, entry, UnlockState.OVER, now_ms)
    member_roles.check(c, guild_id, [entry.holder], now_ms)
    return None


def _restock(c: Connection, guild_id: int, perk_id: int, now_ms: int) -> int | None:
    guilds.lock(c, guild_id)
    perk, rules = perks.perk(c, guild_id, perk_id), guilds.rules(c, guild_id)
    if perk is None or rules is None or perk.restock is None or perk.restock_ms is None or perk.archived:
        return None
    if now_ms < perk.restock_ms:
        return perk.restock_ms
    next_ms = next_restock_ms(perk.restock, now_ms, rules.time_zone)
    perks.fill_up(c, perk, next_ms)
    return next_ms
