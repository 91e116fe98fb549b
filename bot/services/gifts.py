"""Sending a gift: from what a member typed to a receipt."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import text
from bot.domain.accounts import TEST_COINS, paid_of, promo_of
from bot.domain.budgets import Line, tightest
from bot.domain.catalogue import GiftItem
from bot.domain.errors import NotLive
from bot.domain.ids import id_in
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.budget import budget_lines
from bot.domain.ledger.fans import is_fan
from bot.domain.ledger.gift import SendGift, check_receiver, event_of, facts_of
from bot.domain.ledger.restrictions import check_sender
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.domain.wallets import Wallet
from bot.services.catalogue import find_item
from bot.services.chip_ins import ChipIns
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.ledger.batch import dry_rows, dry_run
from bot.storage.ledger.load import load_for_preview
from bot.storage.stores import catalogue, creators, fans, live, packages, wallets


@dataclass(frozen=True, slots=True)
class Habit:
    """What a member has sent before and can send now: a quantity of an item, with or without their name."""

    item: GiftItem
    quantity: int
    anonymous: bool


@dataclass(frozen=True, slots=True)
class SendableGifts:
    """What a member could send to a creator right now, cheapest first, and the wallet that pays for it.

    `habits` are what they sent last, and what they sent most often recently, if they can pay for it. `package` gives an
    idea of what coins are worth. `counts_tests` says whether gifts of test coins count on leaderboards here. Gifts for
    fans only are locked unless the member `is_fan`. `budget` is the tightest limit of the sender's budget, None if
    there is none. The member's gifts are anonymous to begin with if `is_anonymous`.
    """

    items: tuple[GiftItem, ...]
    wallet: Wallet
    habits: tuple[Habit, ...] = ()
    package: Package | None = None
    counts_tests: bool = True
    is_fan: bool = True
    budget: Line | None = None
    is_anonymous: bool = False

    @property
    def way_in(self) -> GiftItem | None:
        """The cheapest gift that joins the creator's fan club, None if there is none."""
        return next((item for item in self.items if item.joins_club and not item.fans_only), None)

    def is_locked(self, item: GiftItem) -> bool:
        """Whether an item is for fans only, and the member is not one."""
        return item.fans_only and not self.is_fan

    @property
    def balance(self) -> int:
        """The most that one gift may cost."""
        return self.wallet.spendable

    def budget_for(self, coins: int) -> Line | None:
        """Return the budget limit that a gift of `coins` counts against, None if there is none: test coins may not
        count."""
        return None if not self.counts_tests and self.wallet.spends_test_coins(coins) else self.budget

    def is_over_budget(self, coins: int) -> bool:
        """Whether a gift of `coins` would exceed what the sender's budget has left."""
        budget = self.budget_for(coins)
        return budget is not None and coins > budget.room


RECENT = 20
"""How many wallet lines are searched for a member's habits."""


class Gifts:
    """The use-cases of gifts. `pools` are the gifts that several members chip in for. `expect` is told who has news to
    read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self.pools = ChipIns(database, clock, expect)

    async def offer(self, guild_id: int, sender_id: int, creator_id: int, message_id: int = 0) -> SendableGifts:
        """Return what `sender_id` could send to a creator now, on a message if `message_id` is not 0.

        Raises UnknownGuild, GiftToSelf, NotACreator or BudgetPaused.
        """
        return await self._database.read(_offer, guild_id, sender_id, creator_id, message_id, self._clock())

    async def receivers(self, guild_id: int, sender_id: int) -> list[int]:
        """Return the creators to whom a member can send gifts: those who are live first, then in the order of their
        approval."""
        return await self._database.read(_receivers, guild_id, sender_id, self._clock())

    async def creators_of(self, guild_id: int, event_id: int) -> tuple[int, ...]:
        """Return the creators of a running live event, without those on a break unless all of them are; raise
        NotLive."""
        return await self._database.read(_creators_of, guild_id, event_id, self._clock())

    async def item_id(self, guild_id: int, text: str) -> int:
        """Return the id of the item that `text` names; raise NotFound."""
        item_id = id_in(text)
        # A pick from the list is an id, and no name looks like one. Only names are looked up here: the writer looks up
        # ids anyway.
        return item_id if item_id is not None else (await self._database.read(find_item, guild_id, text)).item_id

    async def preview(self, command: SendGift) -> Decision:
        """Return what `command` would do now if its sender agreed to any price. Raise every other refusal of gifts.

        This is no promise: the books decide anew when the gift is sent.
        """
        return await self._database.read(
            dry_run, _cleaned(command._replace(ceiling=None, asks_first=False)), self._clock()
        )

    async def send(self, command: SendGift) -> Receipt:
        """Charge and send the gift once, however often the same key comes; raise every refusal of gifts."""
        return await self._database.writer.submit(_cleaned(command))

    async def preview_team(self, command: SendTeamGift) -> list[Decision]:
        """Return each row that a gift for several creators would be now, as `preview` does for one."""
        command = command._replace(note=text.clean(command.note, text.MESSAGE_LENGTH), ceiling=None, asks_first=False)
        return await self._database.read(dry_rows, command, self._clock())

    async def send_team(self, command: SendTeamGift) -> Receipt:
        """Charge and send one gift to several creators once, however often the same key comes. Return the receipt of
        its first row, which names them all. Raise the refusals of `bot.domain.ledger.team_gift`."""
        command = command._replace(note=text.clean(command.note, text.MESSAGE_LENGTH))
        return await self._database.writer.submit(command)

    async def find(self, guild_id: int, key: str, member_id: int) -> Receipt | None:
        """Return the receipt of what a member had recorded under `key`, None if there is none, or it is somebody
        else's."""
        return await self._database.read(journal.find_own, guild_id, key, member_id)

    async def settled(self, guild_id: int, key: str, member_id: int) -> Receipt | None:
        """Return the same as `find`, but only after everything submitted before is settled.

        Raises Busy or BooksClosed, in which case the outcome is unknown.
        """
        return await self._database.writer.perform(journal.find_own, guild_id, key, member_id)


def _cleaned(command: SendGift) -> SendGift:
    return command._replace(note=text.clean(command.note, text.MESSAGE_LENGTH)) if command.note else command


def _offer(
    connection: Connection, guild_id: int, sender_id: int, creator_id: int, message_id: int, now_ms: int
) -> SendableGifts:
    command = SendGift(guild_id, "", sender_id, creator_id, item_id=0, quantity=1, channel_id=0)
    books = load_for_preview(connection, command)
    check_sender(books, guild_id, command.sender_id)
    check_receiver(command, books, now_ms)
    rules = books.rules_of(guild_id)
    budget = tightest(budget_lines(books, rules, sender_id, now_ms))
    is_live = event_of(command, books, now_ms) is not None
    sendable = [item for item in catalogue.items(connection, guild_id) if item.is_sendable(1, now_ms, live=is_live)]
    if message_id:
        sendable = [item for item in sendable if rules.fits_messages(item.price)]
    sender = books.holders[guild_id, sender_id]
    accounts = paid_of(sender), promo_of(sender), TEST_COINS.wallet_of(sender)
    paid, promo, test = (books.balance(guild_id, account) for account in accounts)
    wallet = Wallet(paid, promo, debt=books.debt(guild_id, sender), test=test)
    sees_all = not any(item.fans_only for item in sendable) or _is_fan(connection, command, books)
    open_items = [item for item in sendable if sees_all or not item.fans_only]
    return SendableGifts(
        tuple(sendable),
        wallet,
        habits=_habits(connection, command, open_items, wallet.spendable),
        package=next(iter(packages.packages(connection, guild_id)), None),
        counts_tests=not rules.sells_for_money,
        is_fan=sees_all,
        budget=budget,
        is_anonymous=(guild_id, sender_id) in books.anonymous,
    )


def _is_fan(connection: Connection, command: SendGift, books: Books) -> bool:
    sender, creator = (books.holders[command.guild_id, member] for member in command.member_ids)
    fans.load_hearts(connection, books, command.guild_id, sender, creator)
    return is_fan(books, command.guild_id, sender, creator)


def _habits(connection: Connection, command: SendGift, sendable: Sequence[GiftItem], balance: int) -> tuple[Habit, ...]:
    """Return the sender's last gift and their most frequent recent one, of those for this creator if there are any."""
    lines = wallets.lines(connection, command.guild_id, command.sender_id, limit=RECENT)
    gifts = [line.receipt for line in lines if line.kind == SendGift.kind and line.amount < 0]
    gifts = [gift for gift in gifts if gift.other_id == command.creator_id] or gifts
    items = {item.item_id: item for item in sendable}
    counts: Counter[Habit] = Counter()
    for gift in gifts:
        facts = facts_of(gift)
        item = items.get(facts["item"])
        if item is not None and item.price * facts["count"] <= balance:
            counts[Habit(item, facts["count"], facts["anonymous"])] += 1
    # A counter keeps the order in which things were counted: newest first.
    return tuple(dict.fromkeys([*list(counts)[:1], *(habit for habit, _ in counts.most_common(1))]))


def _receivers(connection: Connection, guild_id: int, sender_id: int, now_ms: int) -> list[int]:
    member_ids = [creator.member_id for creator in creators.creators(connection, guild_id)]
    events = live.of_creators(connection, [(guild_id, member_id) for member_id in member_ids])
    live_ids = {member_id for (_, member_id), event in events.items() if event.takes_gifts(now_ms)}
    others = [member_id for member_id in member_ids if member_id != sender_id]
    receivers = _awake(connection, guild_id, others, now_ms)
    return sorted(receivers, key=lambda member_id: member_id not in live_ids)


def _creators_of(connection: Connection, guild_id: int, event_id: int, now_ms: int) -> tuple[int, ...]:
    event = live.event(connection, guild_id, event_id)
    if event is None or not event.takes_gifts(now_ms):
        raise NotLive
    return tuple(_awake(connection, guild_id, live.creators_of(connection, guild_id, event_id), now_ms))


def _awake(connection: Connection, guild_id: int, member_ids: Sequence[int], now_ms: int) -> Sequence[int]:
    """Return the creators who accept gifts now. If all of them are on a break, return all: the picker then says so."""
    paused = creators.paused(connection, guild_id, now_ms)
    return [member_id for member_id in member_ids if member_id not in paused] or member_ids
