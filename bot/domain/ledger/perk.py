"""Perks for coins: a purchase charges its member, and one that was not delivered gives the coins back.

The coins go to the house (see `bot.domain.perks`). Promo coins are spent first, and test coins buy nothing where
members can pay with real money.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import REAL_COINS, TEST_COINS, Account, Coinage, promo_of
from bot.domain.errors import CreatorLeft, InvalidText, NotACreator, NotEnoughCoins, NotFound
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.budget import use_budget, warning_in
from bot.domain.ledger.charge import takes_test_coins
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg, check_moves
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.order import coinage_of
from bot.domain.ledger.postings import Posting
from bot.domain.ledger.restrictions import check_note, check_restrictions, check_sender
from bot.domain.lots import listed, spend, sum_listed
from bot.domain.money import check_ceiling
from bot.domain.perk_errors import OwnPerk
from bot.domain.perks import NOTHING, Holding, Perk, PerkKind, PerkWay, Unlock, check_offered, unlock_of, with_one_more
from bot.domain.reversal_errors import InDebt
from bot.domain.text import MESSAGE_LENGTH


class BuyPerk(NamedTuple):
    """Unlock a perk for coins.

    `unlock_id` names what is unlocked. `creator_id` is the creator whose perk it is, 0 for the guild's, and `ceiling`
    the price that the member saw. `note` is what they ask for with a shout-out.
    """

    guild_id: int
    key: str
    member_id: int
    perk_id: int
    unlock_id: int
    ceiling: int
    creator_id: int = 0
    creator_is_here: bool = True
    note: str = ""

    kind = "perk"
    holder_ids = ()
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The member, who acts."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch, and those it asks about."""
        return (self.member_id, self.creator_id) if self.creator_id else (self.member_id,)


class PerkFacts(TypedDict):
    """The body of a purchase's row: `paid` and `promo` coins were taken for a perk, `coins` in all.

    `creator` is the holder whose perk it is, 0 for the guild's. `zone` is the guild's time zone then. `lots`, `test`
    and `budget` are as in a gift.
    """

    perk: int
    unlock: int
    name: str
    emoji: str
    creator: int
    coins: int
    paid: int
    promo: int
    zone: str
    paid_after: int
    promo_after: int
    lots: NotRequired[list[list[int]]]
    test: NotRequired[bool]
    budget: NotRequired[list[int]]


class PerkUnlocked(NamedTuple):
    """A member has unlocked a perk, so there is one fewer in stock."""

    unlock: Unlock

    def apply(self, books: Books, guild_id: int) -> None:
        """Change what is left, and what the member has, in `books`."""
        key = guild_id, self.unlock.perk_id
        perk = books.perks[key]
        if perk.stock is not None:
            books.perks[key] = replace(perk, stock=perk.stock - 1)
        place = guild_id, self.unlock.holder, self.unlock.perk_id
        books.holdings[place] = with_one_more(books.holdings.get(place, NOTHING), self.unlock)


def facts_of(row: Recorded) -> PerkFacts:
    """Return the facts of a purchase's row or receipt."""
    assert row.kind == BuyPerk.kind, row.kind
    return cast("PerkFacts", row.facts)


class _Charge(NamedTuple):
    coinage: Coinage
    coins: int
    promo: int


def decide(command: BuyPerk, books: Books, now_ms: int) -> Decision:
    """Return what a purchase does.

    Raise what `check_access` does, BudgetPaused, OverBudget, InDebt, NotEnoughCoins, or, last of all, PriceChanged.
    """
    guild = command.guild_id
    rules = books.rules_of(guild).at(now_ms)
    perk, holding = check_access(command, books, now_ms)
    if perk.way is not PerkWay.COINS:
        raise NotFound("perk")
    holder = books.holders[guild, command.member_id]
    budget_effects = use_budget(books, rules, command.member_id, perk.price, now_ms)
    coinage, coins, promo = _charge(books, rules, holder, perk.price)
    check_ceiling(perk.price, command.ceiling)
    wallet, promo_wallet = coinage.wallet_of(holder), promo_of(holder)
    lots = books.lots_of(guild, wallet)
    takes, lots_after = spend(lots, coins) if coins else ((), lots)
    unlock = unlock_of(perk, command.unlock_id, holder, holding, now_ms)
    note = command.note if perk.kind is PerkKind.SHOUTOUT else ""
    unlock = replace(unlock, row=books.next_seq(guild), coins=perk.price, note=note)
    facts: PerkFacts = {
        "perk": perk.perk_id,
        "unlock": command.unlock_id,
        "name": perk.name,
        "emoji": perk.emoji,
        "creator": perk.creator,
        "coins": perk.price,
        "paid": coins,
        "promo": promo,
        "zone": rules.time_zone,
        "paid_after": books.balance(guild, wallet) - coins,
        "promo_after": books.balance(guild, promo_wallet) - promo,
    }
    if takes:
        facts["lots"] = listed(takes)
    if coinage is TEST_COINS:
        facts["test"] = True
    if warning := warning_in(budget_effects):
        facts["budget"] = warning
    return Decision(
        kind=BuyPerk.kind,
        actor=holder,
        postings=_postings(coinage, (promo_wallet, promo), (wallet, coins)),
        facts=facts,
        effects=(PerkUnlocked(unlock), *lots_changed(wallet, lots, lots_after), *budget_effects),
    )


def check_access(command: BuyPerk, books: Books, now_ms: int) -> tuple[Perk, Holding]:
    """Return a perk that a member may have, whatever it takes, and what they have of it.

    Raise MemberFrozen, and what `check_offered`, `_check_creator` and `_check_wish` do.
    """
    guild = command.guild_id
    check_sender(books, guild, command.member_id)
    holder = books.holders[guild, command.member_id]
    holding = books.holdings.get((guild, holder, command.perk_id), NOTHING)
    perk = check_offered(books.perks.get((guild, command.perk_id)), holding, now_ms)
    if perk.creator:
        _check_creator(command, perk, books, now_ms)
    if perk.kind is PerkKind.SHOUTOUT:
        _check_wish(command, books)
    return perk, holding


def _check_creator(command: BuyPerk, perk: Perk, books: Books, now_ms: int) -> None:
    """Raise NotFound if the perk is no longer the creator's whom the command names.

    Raise OwnPerk, NotACreator or CreatorLeft, or what the creator's own restrictions of gifts raise.
    """
    guild, creator_id = command.guild_id, command.creator_id
    if books.holders.get((guild, creator_id)) != perk.creator:
        # Staff gave the perk to another creator meanwhile, or the creator's data was deleted.
        raise NotFound("perk")
    if creator_id == command.member_id:
        raise OwnPerk
    if (guild, creator_id) not in books.creators:
        raise NotACreator(creator_id)
    if not command.creator_is_here:
        raise CreatorLeft(creator_id)
    if (restrictions := books.restrictions.get((guild, creator_id))) is not None:
        creator = creator_id, restrictions
        check_restrictions(books, guild, command.member_id, creator, anonymous=False, now_ms=now_ms)


def _check_wish(command: BuyPerk, books: Books) -> None:
    """Raise InvalidText if nothing can be seen of what a shout-out is to be about, or NoteRefused for a word in it."""
    if not command.note:
        raise InvalidText("wish", MESSAGE_LENGTH)
    check_note(books, command.guild_id, command.creator_id, command.note)


def _charge(books: Books, rules: GuildRules, holder: int, price: int) -> _Charge:
    """Return the coins that pay. Raise InDebt, NotEnoughCoins, or WalletFull."""
    guild = rules.guild_id
    debt = books.debt(guild, holder)
    promo = 0 if debt else min(books.balance(guild, promo_of(holder)), price)
    test = 0 if rules.sells_for_money else books.balance(guild, TEST_COINS.wallet_of(holder))
    balance = books.balance(guild, REAL_COINS.wallet_of(holder))
    coinage = REAL_COINS
    if takes_test_coins(promo, test, price):
        coinage = TEST_COINS
    elif debt:
        raise InDebt(debt)
    elif promo + balance < price:
        raise NotEnoughCoins(promo + max(balance, test), price, is_test=test > balance)
    books.check_room(guild, coinage.house, price)
    return _Charge(coinage, price - promo, promo)


def _postings(coinage: Coinage, *sources: tuple[Account, int]) -> tuple[Posting, ...]:
    return tuple(Posting(account, coinage.house, coins) for account, coins in sources if coins)


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a purchase's row, "" for nothing."""
    coins, promo = facts["coins"], facts["promo"]
    coinage = coinage_of(is_test=facts.get("test", False))
    changes = {coinage.wallet.value: -facts["paid"], "promo": -promo, coinage.house.kind.value: coins}
    is_right = facts["paid"] + promo == coins and sum_listed(facts.get("lots", ())) == facts["paid"]
    return check_moves(legs, changes) if is_right else MISMATCH


KIND = Kind(
    BuyPerk.kind,
    BuyPerk,
    decide,
    check,
    reads=("rules", "frozen", "creators", "perks", "lots", "budgets"),
    wallet_facts=("paid", "promo", "lots", "paid_after", "promo_after", "budget"),
)
