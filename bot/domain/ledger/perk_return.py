"""What was paid for a perk that was not delivered goes back: to where the coins came from, once and as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import REAL_COINS, promo_of
from bot.domain.errors import NotFound
from bot.domain.ledger.books import Books, Decision, Effect, Recorded
from bot.domain.ledger.budget import return_budget
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg, check_moves
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.order import coinage_of
from bot.domain.ledger.perk import BuyPerk, PerkFacts
from bot.domain.ledger.postings import Posting, spread
from bot.domain.lots import Lots, listed, plus, spend, sum_listed, unlisted
from bot.domain.perk_errors import TicketMoved
from bot.domain.perks import STANDING, Unlock, UnlockState
from bot.domain.reversal_errors import AlreadyReversed, HouseShort
from bot.domain.staff_acts import ActKind, MoneyMoved


class ReturnCause(StrEnum):
    """Why coins go back. The values are stored."""

    UNDELIVERED = "undelivered"
    """The bot could not deliver it in time."""
    CREATOR = "creator"
    """The creator did not do it."""
    STAFF = "staff"
    MONEY_BACK = "money_back"
    """The money for the coins went back to the member, who must not spend the coins on anything else before they are
    taken."""


TAKES_WHAT_IS_DONE = frozenset({ReturnCause.STAFF, ReturnCause.MONEY_BACK})
"""Causes for which a member loses something they have. The other causes are about things not yet delivered."""


class ReturnPerk(NamedTuple):
    """Give back what row `seq` charged for what is unlocked under `unlock_id`.

    `actor_id` is the member who decides it: the buyer, if the bot could not deliver. A row never changes, so
    `holder_ids`, which has its member, can be read before. Where money went back, `reversal` is the key under which the
    coins are taken next.
    """

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    seq: int
    unlock_id: int
    holder_ids: tuple[int, ...]
    cause: ReturnCause
    reversal: str = ""

    kind = "perk_return"

    @property
    def of_seq(self) -> int:
        """The row that is undone."""
        return self.seq

    @property
    def other_id(self) -> int:
        """The member who gets the coins."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch, besides the holder's."""
        return (self.actor_id,)


class ReturnFacts(TypedDict):
    """The body of a row: what row `of` had charged the holder `member` is back.

    `paid` and `promo` coins came back, of which `payoff` went into the member's debt. `sent_ms` is when it was bought.
    `lots`, `test` and the names are those of the purchase. `reversal` is the key of the reversal that takes the coins.
    """

    of: int
    unlock: int
    perk: int
    name: str
    emoji: str
    member: int
    coins: int
    paid: int
    promo: int
    cause: str
    sent_ms: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]
    lots: NotRequired[list[list[int]]]
    test: NotRequired[bool]
    reversal: NotRequired[str]


class UnlockReversed(NamedTuple):
    """A member no longer has what they had unlocked."""

    unlock: Unlock

    def apply(self, books: Books, guild_id: int) -> None:
        """Change it in `books`."""
        books.unlocks[guild_id, self.unlock.unlock_id] = self.unlock


class BuyerNoticed(NamedTuple):
    """The member, a holder, learns with their next reply that the row under `key` gave their coins back."""

    holder: int
    key: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


def facts_of(row: Recorded) -> ReturnFacts:
    """Return the facts of a return's row or receipt."""
    assert row.kind == ReturnPerk.kind, row.kind
    return cast("ReturnFacts", row.facts)


class _Back(NamedTuple):
    """Coins that come back: what of them pays off a debt, and what goes into each wallet."""

    payoff: int
    coins: int
    promo: int
    lots: Lots


def decide(command: ReturnPerk, books: Books, now_ms: int) -> Decision:
    """Return what giving coins back does.

    Raise NotFound, TicketMoved if it is done or reversed, AlreadyReversed where what is done is taken back as well, or
    HouseShort.
    """
    guild = command.guild_id
    books.rules_of(guild)
    row, unlock = books.rows.get((guild, command.seq)), books.unlocks.get((guild, command.unlock_id))
    if row is None or row.kind != BuyPerk.kind or unlock is None or unlock.row != command.seq:
        raise NotFound("perk")
    if command.cause in TAKES_WHAT_IS_DONE and unlock.state not in STANDING:
        raise AlreadyReversed(command.seq)
    if command.cause not in TAKES_WHAT_IS_DONE and unlock.state not in {UnlockState.OPEN, UnlockState.DOING}:
        raise TicketMoved
    purchase = cast("PerkFacts", row.facts)
    coinage, holder = coinage_of(is_test=purchase.get("test", False)), row.actor
    if books.balance(guild, coinage.house) < purchase["coins"]:
        raise HouseShort(books.balance(guild, coinage.house), purchase["coins"])
    back = _back(books, guild, holder, purchase)
    wallet, promo_wallet = coinage.wallet_of(holder), promo_of(holder)
    books.check_room(guild, wallet, back.coins)
    books.check_room(guild, promo_wallet, back.promo)
    lots = books.lots_of(guild, wallet)
    changed = replace(unlock, state=UnlockState.REVERSED, changed_ms=now_ms)
    effects: tuple[Effect, ...] = (UnlockReversed(changed), BuyerNoticed(holder, command.key))
    if command.cause is ReturnCause.STAFF:
        actor = books.holders[guild, command.actor_id]
        effects = (*effects, MoneyMoved(ActKind.REVERSAL, actor, holder, command.key))
    return Decision(
        kind=ReturnPerk.kind,
        actor=books.holders[guild, command.actor_id],
        postings=_postings(books, guild, holder, purchase, back),
        facts=_facts(books, command, row.at_ms, holder, purchase, back),
        effects=(
            *effects,
            *lots_changed(wallet, lots, plus(lots, back.lots)),
            *return_budget(books, guild, holder, purchase["coins"], row.at_ms),
        ),
    )


def _back(books: Books, guild: int, holder: int, purchase: PerkFacts) -> _Back:
    """Return how the coins come back: a debt first, as with a gift that is taken back."""
    coinage = coinage_of(is_test=purchase.get("test", False))
    reach = purchase["coins"] if coinage is REAL_COINS else purchase["paid"]
    payoff, _ = books.pay_off(guild, coinage.wallet_of(holder), reach)
    coins = purchase["paid"] - min(payoff, purchase["paid"])
    _, more = spend(unlisted(purchase.get("lots", ())), purchase["paid"] - coins)
    return _Back(payoff, coins, purchase["coins"] - payoff - coins, more)


def _postings(books: Books, guild: int, holder: int, purchase: PerkFacts, back: _Back) -> tuple[Posting, ...]:
    coinage = coinage_of(is_test=purchase.get("test", False))
    return spread(
        [(coinage.house, purchase["coins"])],
        [
            (coinage.debt_of(holder), back.payoff),
            (coinage.wallet_of(holder), back.coins),
            (promo_of(holder), back.promo),
        ],
    )


def _facts(
    books: Books, command: ReturnPerk, sent_ms: int, holder: int, purchase: PerkFacts, back: _Back
) -> ReturnFacts:
    guild, coinage = command.guild_id, coinage_of(is_test=purchase.get("test", False))
    facts: ReturnFacts = {
        "of": command.seq,
        "unlock": command.unlock_id,
        "perk": purchase["perk"],
        "name": purchase["name"],
        "emoji": purchase["emoji"],
        "member": holder,
        "coins": purchase["coins"],
        "paid": purchase["paid"],
        "promo": purchase["promo"],
        "cause": command.cause.value,
        "sent_ms": sent_ms,
        "paid_after": books.balance(guild, coinage.wallet_of(holder)) + back.coins,
        "promo_after": books.balance(guild, promo_of(holder)) + back.promo,
    }
    if back.payoff:
        facts["payoff"] = back.payoff
    if back.lots:
        facts["lots"] = listed(back.lots)
    if "test" in purchase:
        facts["test"] = True
    if command.reversal:
        facts["reversal"] = command.reversal
    return facts


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a return's row, "" for nothing."""
    coins, payoff = facts["coins"], facts.get("payoff", 0)
    coinage = coinage_of(is_test=facts.get("test", False))
    paid_back = facts["paid"] - min(payoff, facts["paid"])
    changes = {
        coinage.house.kind.value: -coins,
        coinage.debt.value: payoff,
        coinage.wallet.value: paid_back,
        "promo": coins - payoff - paid_back,
    }
    is_right = facts["paid"] + facts["promo"] == coins and sum_listed(facts.get("lots", ())) == paid_back
    return check_moves(legs, changes) if is_right else MISMATCH


KIND = Kind(
    ReturnPerk.kind,
    ReturnPerk,
    decide,
    check,
    reads=("rules", "rows", "lots", "unlocks", "budgets"),
    other="member",
    wallet_facts=("paid", "promo", "payoff", "lots", "paid_after", "promo_after"),
    is_answered=False,
)
