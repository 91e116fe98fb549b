"""The part of the books that a batch of commands touches: loaded once, decided on in memory, written back."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bot.domain.accounts import DEBTS, IN_LOTS, SOURCES, Account, debt_beside, debt_of
from bot.domain.budgets import Budget
from bot.domain.catalogue import GiftItem
from bot.domain.chests import Chest
from bot.domain.chip_ins import Chip, ChipIn
from bot.domain.errors import NotFound, UnknownGuild, WalletFull
from bot.domain.freezes import Freeze
from bot.domain.grant_limits import GrantedInDay, GrantLimits
from bot.domain.guilds import GuildRules
from bot.domain.held_earnings import HeldGift, Loss
from bot.domain.ledger.journal import Head, JournalRow, canonical, row_after
from bot.domain.ledger.postings import Posting, entries_of
from bot.domain.live import LiveEvent
from bot.domain.lots import Lots, sum_of
from bot.domain.money import MAX_BALANCE
from bot.domain.offers import Offer
from bot.domain.orders import Order
from bot.domain.payouts import Payable, Payout, PayoutRules
from bot.domain.perks import Holding, Perk, Unlock

if TYPE_CHECKING:
    from bot.domain.ledger.restrictions import Restrictions

STEP_BACK_MS = 60_000
"""How far the clock may lag behind the journal and still be the one at fault. Processes differ by a second or two."""


class Recorded(Protocol):
    """A transaction that is in the journal: a row, or its receipt."""

    @property
    def kind(self) -> str:
        """The name of its kind of money."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts in its body. The module of its kind knows their types."""
        ...


class Effect(Protocol):
    """What a transaction changes besides balances. Storage has a way to save each type of effect."""

    def apply(self, books: "Books", guild_id: int) -> None:
        """Change the loaded books accordingly."""
        ...


class Decision(NamedTuple):
    """What a command does to the books, not yet a journal row. `facts` becomes the row's body."""

    kind: str
    actor: int
    postings: tuple[Posting, ...]
    facts: Mapping[str, Any]
    effects: tuple[Effect, ...] = ()
    note: str = ""


class MissedGift(NamedTuple):
    """A gift whose sender has not seen the receipt, known since `since_ms`. `creator` is a holder id."""

    seq: int
    creator: int
    item_id: int
    quantity: int
    since_ms: int


@dataclass(slots=True)
class Books:
    """Everything loaded for one batch. All keys start with the guild id. A missing balance is 0.

    `holders` maps members to the pseudonymous ids that stand for them in the journal. `missed` lists the gifts that
    such a holder sent without seeing a receipt.
    """

    heads: dict[int, Head] = field(default_factory=dict[int, Head])
    ends_ms: dict[int, int] = field(default_factory=dict[int, int])
    """When the last row of each guild's journal was booked, in milliseconds UTC."""
    rules: dict[int, GuildRules] = field(default_factory=dict[int, GuildRules])
    holders: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    anonymous: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    """Members whose gifts are anonymous unless they say otherwise. Loaded with their holders, in the same query."""
    quiet: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    """Members who want no combos. Loaded with their holders, too."""
    balances: dict[tuple[int, Account], int] = field(default_factory=dict[tuple[int, Account], int])
    items: dict[tuple[int, int], GiftItem] = field(default_factory=dict[tuple[int, int], GiftItem])
    creators: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    restrictions: dict[tuple[int, int], "Restrictions"] = field(default_factory=dict[tuple[int, int], "Restrictions"])
    """What creators have decided about their gifts, for those of `creators` who have."""
    frozen: dict[tuple[int, int], tuple[Freeze, ...]] = field(default_factory=dict[tuple[int, int], tuple[Freeze, ...]])
    """Why members, who are holders here, are frozen, for those who are."""
    live: dict[tuple[int, int], LiveEvent] = field(default_factory=dict[tuple[int, int], LiveEvent])
    orders: dict[tuple[int, int], Order] = field(default_factory=dict[tuple[int, int], Order])
    missed: dict[tuple[int, int], tuple[MissedGift, ...]] = field(
        default_factory=dict[tuple[int, int], tuple[MissedGift, ...]]
    )
    rows: dict[tuple[int, int], JournalRow] = field(default_factory=dict[tuple[int, int], JournalRow])
    """Earlier rows that commands are about, by guild and number."""
    reversed: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    """How much of such a row was taken back so far: pieces of a gift, or coins."""
    lots: dict[tuple[int, Account], Lots] = field(default_factory=dict[tuple[int, Account], Lots])
    """The lots of accounts that hold bought coins."""
    unlisted_lots: dict[tuple[int, int], Lots] = field(default_factory=dict[tuple[int, int], Lots])
    """The lots that old rows took from, for those of `rows` whose facts do not list them."""
    held_gifts: dict[tuple[int, int], tuple[HeldGift, ...]] = field(
        default_factory=dict[tuple[int, int], tuple[HeldGift, ...]]
    )
    """What gifts can give back of orders that commands take back, newest first, by guild and row of the order."""
    losses: dict[tuple[int, int], tuple[Loss, ...]] = field(default_factory=dict[tuple[int, int], tuple[Loss, ...]])
    """What reversals of orders took of gifts' earnings, by guild and row: of the gift, and of the reversal."""
    hearts: dict[tuple[int, int, int], int] = field(default_factory=dict[tuple[int, int, int], int])
    """Pieces with which a member joined a creator's fan club (both are holders), for gifts that only fans can send."""
    ways_in: dict[int, str] = field(default_factory=dict[int, str])
    """A gift that joins fan clubs, for guilds whose gifts for fans commands are about."""
    lapsed: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    """The orders among those that commands name whose planned gifts must not be sent any more."""
    budgets: dict[tuple[int, int], Budget] = field(default_factory=dict[tuple[int, int], Budget])
    """The budgets of holders. Most have none."""
    offers: dict[tuple[int, int], Offer] = field(default_factory=dict[tuple[int, int], Offer])
    claims: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    """How often each of those offers was claimed."""
    chests: dict[tuple[int, int], Chest] = field(default_factory=dict[tuple[int, int], Chest])
    """Chests that commands are about, by guild and number."""
    open_chests: dict[tuple[int, int], Chest] = field(default_factory=dict[tuple[int, int], Chest])
    """The chests that sponsors (holders) have open, for those who want to open another."""
    grant_limits: dict[int, GrantLimits] = field(default_factory=dict[int, GrantLimits])
    granted_in_day: dict[tuple[int, int], GrantedInDay] = field(default_factory=dict[tuple[int, int], GrantedInDay])
    """What members of staff, who are holders here, have granted on the last day on which they did."""
    payouts: dict[tuple[int, int], Payout] = field(default_factory=dict[tuple[int, int], Payout])
    """Payouts that commands are about, by guild and number."""
    payables: dict[tuple[int, int], Payable] = field(default_factory=dict[tuple[int, int], Payable])
    """The waiting earnings of creators (holders) who ask to be paid."""
    payout_rules: dict[int, PayoutRules] = field(default_factory=dict[int, PayoutRules])
    perks: dict[tuple[int, int], Perk] = field(default_factory=dict[tuple[int, int], Perk])
    holdings: dict[tuple[int, int, int], Holding] = field(default_factory=dict[tuple[int, int, int], Holding])
    """What holders have of those perks."""
    unlocks: dict[tuple[int, int], Unlock] = field(default_factory=dict[tuple[int, int], Unlock])
    """What members have unlocked that commands are about."""
    chip_ins: dict[tuple[int, int], ChipIn] = field(default_factory=dict[tuple[int, int], ChipIn])
    chips: dict[tuple[int, int], tuple[Chip, ...]] = field(default_factory=dict[tuple[int, int], tuple[Chip, ...]])
    """What is reserved for each of those."""
    open_chip_ins: dict[tuple[int, int, int], int] = field(default_factory=dict[tuple[int, int, int], int])
    """Those that are not over, by guild, channel and creator (a member)."""
    recorded: dict[tuple[int, str], JournalRow] = field(default_factory=dict[tuple[int, str], JournalRow])

    def copied(self) -> "Books":
        """Return books that can be changed without these."""
        return Books(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def moment(self, guild_id: int, now_ms: int) -> int:
        """Return the time to book something that happens at `now_ms`: never earlier than the previous row.

        The exception is a previous row far ahead. The clock was wrong then, and the journal must not keep that wrong
        time for good.
        """
        end_ms = self.ends_ms.get(guild_id, 0)
        return end_ms if 0 < end_ms - now_ms <= STEP_BACK_MS else now_ms

    def rules_of(self, guild_id: int) -> GuildRules:
        """Return the guild's settings. Raise UnknownGuild if it has no books."""
        try:
            return self.rules[guild_id]
        except KeyError:
            raise UnknownGuild from None

    def item(self, guild_id: int, item_id: int) -> GiftItem:
        """Return a catalogue item. Raise NotFound if the guild does not have it."""
        try:
            return self.items[guild_id, item_id]
        except KeyError:
            raise NotFound("gift") from None

    def order(self, guild_id: int, order_id: int) -> Order:
        """Return an order. Raise NotFound if the guild does not have it."""
        try:
            return self.orders[guild_id, order_id]
        except KeyError:
            raise NotFound("order") from None

    def payout(self, guild_id: int, payout_id: int) -> Payout:
        """Return a payout. Raise NotFound if the guild does not have it."""
        try:
            return self.payouts[guild_id, payout_id]
        except KeyError:
            raise NotFound("payout") from None

    def balance(self, guild_id: int, account: Account) -> int:
        """Return what `account` holds, in coins."""
        return self.balances.get((guild_id, account), 0)

    def lots_of(self, guild_id: int, account: Account) -> Lots:
        """Return the lots of `account`, oldest first."""
        return self.lots.get((guild_id, account), ())

    def next_seq(self, guild_id: int) -> int:
        """Return the number of the row that is recorded next."""
        return self.heads[guild_id].seq + 1 if guild_id in self.heads else 1

    def debt(self, guild_id: int, holder: int) -> int:
        """Return what a member owes, in coins."""
        return -self.balance(guild_id, debt_of(holder))

    def pay_off(self, guild_id: int, account: Account, coins: int) -> tuple[int, tuple[Posting, ...]]:
        """Return how many of the `coins` that come into `account` settle its owner's debt, and the movements of those.

        Everything that comes in settles a debt first: bought coins, granted ones, earnings, and gifts that are taken
        back. So nobody can spend coins while they owe some. Debts of test coins and of other coins are separate.
        """
        debt = debt_beside(account)
        payoff = min(-self.balance(guild_id, debt), coins)
        return payoff, (Posting(account, debt, payoff),) if payoff else ()

    def check_room(self, guild_id: int, account: Account, coins: int) -> None:
        """Raise WalletFull unless `account` can take `coins` more. Pass a negative number for a source of coins."""
        if abs(self.balance(guild_id, account) + coins) > MAX_BALANCE:
            raise WalletFull(MAX_BALANCE)

    def record(self, guild_id: int, key: str, decision: Decision, now_ms: int) -> JournalRow:
        """Append `decision` to the guild's journal and update every projection in these books.

        Assertions stay on in production, so a row that would break an invariant is never written.
        """
        assert (guild_id, key) not in self.recorded, key
        entries = entries_of(decision.postings)
        new_balances: dict[tuple[int, Account], int] = {}
        for account, change in entries:
            place = guild_id, account
            coins = new_balances[place] = self.balances.get(place, 0) + change
            assert abs(coins) <= MAX_BALANCE, (account, coins)
            assert coins >= 0 or account.kind in SOURCES, (account, coins)
            assert coins <= 0 or account.kind not in DEBTS, (account, coins)
        row = row_after(
            self.heads.get(guild_id, Head()),
            guild_id=guild_id,
            kind=decision.kind,
            key=key,
            actor=decision.actor,
            at_ms=now_ms,
            body=canonical(decision.facts),
            entries=entries,
        )
        self.balances.update(new_balances)
        self.heads[guild_id] = row.head
        self.ends_ms[guild_id] = now_ms
        self.recorded[guild_id, key] = row
        for effect in decision.effects:
            effect.apply(self, guild_id)
        for place, coins in new_balances.items():
            if place[1].kind in IN_LOTS:
                assert sum_of(self.lots.get(place, ())) == coins, (place, coins)
        return row
