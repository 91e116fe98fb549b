"""Claims: promo coins that a member gets from an offer of staff, by a code or a button."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import GRANTED, paid_of, promo_of
from bot.domain.errors import NotFound
from bot.domain.grant_errors import DailyGrantLimit, GrantTooLarge
from bot.domain.ledger.allowance import READS, GrantCounted, allow
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.kinds import Kind, Leg, check_credit
from bot.domain.ledger.postings import Posting
from bot.domain.offer_errors import OfferOver, OfferPaused


class ClaimOffer(NamedTuple):
    """Give a member the coins of an offer. `giver` is the holder who made it, which never changes."""

    guild_id: int
    key: str
    offer_id: int
    member_id: int
    giver: int

    kind = "claim"
    holder_ids = ()
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The member, who acts."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,)


class OfferClaimed(NamedTuple):
    """An offer was claimed one more time."""

    offer_id: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Count the claim."""
        books.claims[guild_id, self.offer_id] = books.claims.get((guild_id, self.offer_id), 0) + 1


class ClaimFacts(TypedDict):
    """The body of a row. `member` and `giver` are holders, and two facts are balances after the claim."""

    offer: int
    member: int
    giver: int
    coins: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]


def facts_of(row: Recorded) -> ClaimFacts:
    """Return the facts of a row or receipt of this kind."""
    assert row.kind == ClaimOffer.kind, row.kind
    return cast("ClaimFacts", row.facts)


def decide(command: ClaimOffer, books: Books, now_ms: int) -> Decision:
    """Return what a claim does. Raise NotFound, WalletFull, OfferPaused, or what `Offer.check` raises."""
    guild = command.guild_id
    books.rules_of(guild)
    offer = books.offers.get((guild, command.offer_id))
    if offer is None:
        raise NotFound("code")
    assert offer.giver == command.giver, command.key
    receiver = books.holders[guild, command.member_id]
    offer.check(command.member_id, receiver, now_ms, claims=books.claims.get((guild, command.offer_id), 0))
    counted = _allow(books, guild, offer.giver, offer.coins, now_ms)
    wallet = promo_of(receiver)
    payoff, payoff_postings = books.pay_off(guild, wallet, offer.coins)
    books.check_room(guild, wallet, offer.coins - payoff)
    books.check_room(guild, GRANTED, -offer.coins)
    facts: ClaimFacts = {
        "offer": offer.offer_id,
        "member": receiver,
        "giver": offer.giver,
        "coins": offer.coins,
        "paid_after": books.balance(guild, paid_of(receiver)),
        "promo_after": books.balance(guild, wallet) + offer.coins - payoff,
    }
    if payoff:
        facts["payoff"] = payoff
    return Decision(
        kind=ClaimOffer.kind,
        actor=receiver,
        postings=(Posting(GRANTED, wallet, offer.coins), *payoff_postings),
        facts=facts,
        effects=(OfferClaimed(offer.offer_id), counted),
    )


def _allow(books: Books, guild: int, giver: int, coins: int, now_ms: int) -> GrantCounted:
    """Count the claim among what its giver grants, in words for the member who claims."""
    try:
        return allow(books, guild, giver, coins=coins, now_ms=now_ms)
    except GrantTooLarge:
        raise OfferOver from None
    except DailyGrantLimit as limit:
        raise OfferPaused(limit.again_ms) from None


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a row, "" for nothing."""
    return check_credit(facts["coins"] - facts.get("payoff", 0), "promo", legs)


KIND = Kind(ClaimOffer.kind, ClaimOffer, decide, check, reads=("rules", "offers", *READS))
