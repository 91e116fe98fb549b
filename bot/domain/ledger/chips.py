"""Chips: coins of a member are reserved for a gift that members pool for."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import TEST_COINS, promo_chips_of, promo_of
from bot.domain.chip_ins import (
    HOUR_MS,
    LOWEST_PRICE,
    MOST_HOURS,
    Chip,
    ChipIn,
    ChipInOver,
    ChipInRuns,
    ChipsShowNames,
    ChipTooSmall,
    NotPoolable,
    UnpoolableTestCoins,
)
from bot.domain.errors import NotFound
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.budget import use_budget, warning_in
from bot.domain.ledger.charge import Funds, funds_for, pays_with_tests
from bot.domain.ledger.gift import SendGift, check_consent, check_receiver, event_of
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg, check_moves
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.order import coinage_of
from bot.domain.ledger.postings import Posting
from bot.domain.ledger.restrictions import check_sender
from bot.domain.lots import listed, plus, spend
from bot.domain.money import amount


class ChipCoins(NamedTuple):
    """Chip in `coins`, or only the missing ones if those are fewer. With `hours`, this opens the chip-in."""

    guild_id: int
    key: str
    member_id: int
    chip_in_id: int
    coins: int
    creator_id: int
    item_id: int
    channel_id: int
    hours: int = 0
    creator_is_bot: bool = False
    creator_is_here: bool = True
    asks_first: bool = False

    kind = "chip"
    holder_ids = ()

    @property
    def actor_id(self) -> int:
        """The member, who acts."""
        return self.member_id

    @property
    def other_id(self) -> int:
        """The creator, who is the other member on the receipt."""
        return self.creator_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id, self.creator_id)

    @property
    def gift(self) -> SendGift:
        """The gift as the member would send it alone, for the rules that both share."""
        return SendGift(
            guild_id=self.guild_id,
            key=self.key,
            sender_id=self.member_id,
            creator_id=self.creator_id,
            item_id=self.item_id,
            quantity=1,
            channel_id=self.channel_id,
            creator_is_bot=self.creator_is_bot,
            creator_is_here=self.creator_is_here,
        )


class ChipInChanged(NamedTuple):
    """A chip was `added` to a chip-in, or `removed` from it, which now is `chip_in`."""

    chip_in: ChipIn
    added: Chip | None = None
    removed: Chip | None = None

    def apply(self, books: Books, guild_id: int) -> None:
        """Change the chip-in in `books`."""
        key = guild_id, self.chip_in.chip_in_id
        chips = tuple(chip for chip in books.chips.get(key, ()) if chip != self.removed)
        books.chip_ins[key] = self.chip_in
        books.chips[key] = (*chips, self.added) if self.added is not None else chips
        if self.added is not None:
            place = guild_id, self.chip_in.channel_id, self.chip_in.creator_id
            books.open_chip_ins[place] = self.chip_in.chip_in_id


class ChipFacts(TypedDict):
    """The body of a chip's row: for the gift `name` to `creator`, a holder, at `price`, of which `collected` is there.

    `paid` and `promo` are what was reserved, `lots` those that bought coins came from. With `test`, those are test
    coins. `budget` is as in the row of a gift. `payoff`, `of`, `sent_ms` and `member` are there only where a chip went
    back: what of it paid off a debt, the chip's row, and its time and holder. `chip_lots` are then the lots of all of
    it, and `lots` those of what came back.
    """

    chip_in: int
    creator: int
    name: str
    emoji: str
    price: int
    collected: int
    coins: int
    paid: int
    promo: int
    paid_after: int
    promo_after: int
    lots: NotRequired[list[list[int]]]
    chip_lots: NotRequired[list[list[int]]]
    test: NotRequired[bool]
    budget: NotRequired[list[int]]
    payoff: NotRequired[int]
    of: NotRequired[int]
    sent_ms: NotRequired[int]
    member: NotRequired[int]


def facts_of(row: Recorded) -> ChipFacts:
    """Return the facts of the row or receipt of a chip, or of its return."""
    assert row.kind in {"chip", "chip_return"}, row.kind
    return cast("ChipFacts", row.facts)


def chip(command: ChipCoins, books: Books, now_ms: int) -> Decision:
    """Return the effect of chipping in.

    Raise what a gift raises, NotFound, ChipInRuns, ChipInOver, NotPoolable, ChipTooSmall, ChipsShowNames or
    UnpoolableTestCoins.
    """
    guild = command.guild_id
    rules = books.rules_of(guild).at(now_ms)
    check_sender(books, guild, command.member_id)
    check_receiver(command.gift, books, now_ms)
    item = books.item(guild, command.item_id)
    item.check_sendable(1, now_ms, live=event_of(command.gift, books, now_ms) is not None)
    if (guild, command.member_id) in books.anonymous:
        raise ChipsShowNames
    chip_in = _chip_in(command, books, now_ms)
    if not chip_in.takes_chips(now_ms):
        raise ChipInOver
    if command.coins < chip_in.least:
        raise ChipTooSmall(chip_in.least)
    coins = min(amount(command.coins), chip_in.missing)
    member = books.holders[guild, command.member_id]
    if rules.sells_for_money and pays_with_tests(books, guild, member, coins):
        raise UnpoolableTestCoins
    budget_effects = use_budget(books, rules, command.member_id, coins, now_ms)
    funds = funds_for(books, guild, member, coins)
    check_consent(coins, None, rules, asks_first=command.asks_first)
    added = Chip(books.next_seq(guild), member, funds.coins, funds.promo, funds.coinage is TEST_COINS, now_ms)
    after = chip_in.plus(coins)
    row = _reserved(books, after, added, funds, creator=books.holders[guild, command.creator_id])
    facts = {**row.facts}
    if warning := warning_in(budget_effects):
        facts["budget"] = warning
    effects = (*_lots_effects(books, guild, funds, member), *budget_effects, ChipInChanged(after, added=added))
    return row._replace(facts=facts, effects=effects)


def _chip_in(command: ChipCoins, books: Books, now_ms: int) -> ChipIn:
    """Return the chip-in of a command, a new one if it opens one. Raise NotFound, ChipInRuns or NotPoolable."""
    guild = command.guild_id
    stored = books.chip_ins.get((guild, command.chip_in_id))
    if stored is not None:
        return stored
    if not command.hours:
        raise NotFound("chip_in")
    if (guild, command.channel_id, command.creator_id) in books.open_chip_ins:
        raise ChipInRuns(command.creator_id)
    item = books.item(guild, command.item_id)
    if item.price < LOWEST_PRICE or item.fans_only:
        raise NotPoolable(item.name, LOWEST_PRICE, item.fans_only)
    return ChipIn(
        guild_id=guild,
        chip_in_id=command.chip_in_id,
        channel_id=command.channel_id,
        creator_id=command.creator_id,
        item_id=item.item_id,
        name=item.name,
        emoji=item.emoji,
        price=item.price,
        opener=books.holders[guild, command.member_id],
        opened_ms=now_ms,
        ends_ms=now_ms + amount(command.hours, highest=MOST_HOURS) * HOUR_MS,
    )


def _reserved(books: Books, after: ChipIn, added: Chip, funds: Funds, *, creator: int) -> Decision:
    guild, coinage = after.guild_id, funds.coinage
    wallet, promo_wallet = coinage.wallet_of(added.holder), promo_of(added.holder)
    chips, promo_chips = coinage.chips_of(added.holder), promo_chips_of(added.holder)
    facts: ChipFacts = {
        "chip_in": after.chip_in_id,
        "creator": creator,
        "name": after.name,
        "emoji": after.emoji,
        "price": after.price,
        "collected": after.collected,
        "coins": added.coins,
        "paid": added.paid,
        "promo": added.promo,
        "paid_after": books.balance(guild, wallet) - added.paid,
        "promo_after": books.balance(guild, promo_wallet) - added.promo,
    }
    if added.paid:
        facts["lots"] = listed(spend(books.lots_of(guild, wallet), added.paid)[0])
    if added.is_test:
        facts["test"] = True
    moves = ((wallet, chips, added.paid), (promo_wallet, promo_chips, added.promo))
    return Decision(
        kind=ChipCoins.kind,
        actor=added.holder,
        postings=tuple(Posting(source, destination, coins) for source, destination, coins in moves if coins),
        facts=facts,
    )


def _lots_effects(books: Books, guild: int, funds: Funds, member: int) -> tuple[Any, ...]:
    """Return the effects of moving bought coins from the wallet to the chips, with the lots that they are in."""
    wallet, chips = funds.coinage.wallet_of(member), funds.coinage.chips_of(member)
    lots, chip_lots = books.lots_of(guild, wallet), books.lots_of(guild, chips)
    takes, remaining_lots = spend(lots, funds.coins) if funds.coins else ((), lots)
    return (*lots_changed(wallet, lots, remaining_lots), *lots_changed(chips, chip_lots, plus(chip_lots, takes)))


def check_chip(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a chip's row, "" for nothing."""
    coinage, coins, promo = coinage_of(is_test="test" in facts), facts["paid"], facts["promo"]
    moves = {coinage.wallet: -coins, coinage.chips: coins, "promo": -promo, "promo_chips": promo}
    return check_coins(facts, legs, moves)


def check_coins(facts: Mapping[str, Any], legs: Sequence[Leg], moves: Mapping[str, int]) -> str:
    """Return what is wrong with a row whose coins are to change kinds of accounts by `moves`, "" for nothing."""
    return check_moves(legs, moves) if facts["coins"] == facts["paid"] + facts["promo"] else MISMATCH


KIND = Kind(
    ChipCoins.kind,
    ChipCoins,
    chip,
    check_chip,
    reads=("rules", "frozen", "items", "creators", "live", "lots", "budgets", "chip_ins"),
    other="creator",
    wallet_facts=("paid", "promo", "lots", "paid_after", "promo_after", "budget"),
)
