"""Chips that go back: what a member had reserved for a gift is theirs again, and settles their debt first."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.domain.accounts import REAL_COINS, promo_chips_of, promo_of
from bot.domain.errors import NotFound
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.budget import return_budget
from bot.domain.ledger.chips import ChipFacts, ChipInChanged, check_coins
from bot.domain.ledger.kinds import Kind, Leg
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.order import coinage_of
from bot.domain.ledger.postings import spread
from bot.domain.lots import listed, plus, spend, sum_listed


class ReturnChip(NamedTuple):
    """Give the chip of row `seq` back to its member, who is the holder in `holder_ids`. A row never changes.

    With `asked`, its member has asked for it, and knows.
    """

    guild_id: int
    member_id: int
    chip_in_id: int
    seq: int
    holder_ids: tuple[int, ...]
    asked: bool = False

    kind = "chip_return"
    creator_id = 0
    channel_id = 0
    other_id = 0

    @property
    def key(self) -> str:
        """A chip goes back once."""
        return f"chip-return:{self.seq}"

    @property
    def actor_id(self) -> int:
        """The member whose chip it is."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,) if self.member_id else ()


class ChipsNoticed(NamedTuple):
    """The member, a holder, learns with their next reply that the row under `key` gave them a chip back."""

    holder: int
    key: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


def give_back(command: ReturnChip, books: Books, _now_ms: int) -> Decision:
    """Return what giving a chip back does: a debt is settled first. Raise NotFound or WalletFull."""
    guild, key = command.guild_id, (command.guild_id, command.chip_in_id)
    books.rules_of(guild)
    chip_in = books.chip_ins.get(key)
    removed = next((each for each in books.chips.get(key, ()) if each.seq == command.seq), None)
    if chip_in is None or removed is None:
        raise NotFound("receipt")
    member, coinage = removed.holder, coinage_of(is_test=removed.is_test)
    wallet, promo_wallet = coinage.wallet_of(member), promo_of(member)
    chips, promo_chips = coinage.chips_of(member), promo_chips_of(member)
    # As with a gift that is taken back: bought coins settle a debt before promo coins do, because they can do more.
    payoff, _ = books.pay_off(guild, wallet, removed.coins if coinage is REAL_COINS else removed.paid)
    paid_back = removed.paid - min(payoff, removed.paid)
    promo_back = removed.coins - payoff - paid_back
    books.check_room(guild, wallet, paid_back)
    books.check_room(guild, promo_wallet, promo_back)
    postings = spread(
        [(chips, removed.paid), (promo_chips, removed.promo)],
        [(coinage.debt_of(member), payoff), (wallet, paid_back), (promo_wallet, promo_back)],
    )
    chip_lots, lots = books.lots_of(guild, chips), books.lots_of(guild, wallet)
    takes, remaining_lots = spend(chip_lots, removed.paid) if removed.paid else ((), chip_lots)
    _, more = spend(takes, removed.paid - paid_back)
    after = chip_in.minus(removed.coins)
    facts: ChipFacts = {
        "chip_in": chip_in.chip_in_id,
        "creator": 0,
        "name": chip_in.name,
        "emoji": chip_in.emoji,
        "price": chip_in.price,
        "collected": after.collected,
        "coins": removed.coins,
        "paid": removed.paid,
        "promo": removed.promo,
        "paid_after": books.balance(guild, wallet) + paid_back,
        "promo_after": books.balance(guild, promo_wallet) + promo_back,
        "of": removed.seq,
        "sent_ms": removed.at_ms,
        "member": member,
    }
    if removed.paid:
        facts["lots"], facts["chip_lots"] = listed(more), listed(takes)
    if removed.is_test:
        facts["test"] = True
    if payoff:
        facts["payoff"] = payoff
    return Decision(
        kind=ReturnChip.kind,
        actor=member,
        postings=postings,
        facts=facts,
        effects=(
            *lots_changed(chips, chip_lots, remaining_lots),
            *lots_changed(wallet, lots, plus(lots, more)),
            *return_budget(books, guild, member, removed.coins, removed.at_ms),
            ChipInChanged(after, removed=removed),
            *(() if command.asked else (ChipsNoticed(member, command.key),)),
        ),
    )


def check_return(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with the row of a chip that went back, "" for nothing."""
    coinage, coins, promo = coinage_of(is_test="test" in facts), facts["paid"], facts["promo"]
    payoff = facts.get("payoff", 0)
    paid_back = coins - min(payoff, coins)
    moves = {coinage.chips: -coins, "promo_chips": -promo, coinage.wallet: paid_back, coinage.debt: payoff}
    if sum_listed(facts.get("lots", ())) != paid_back:
        return "its lots are not of the coins that came back"
    return check_coins(facts, legs, moves | {"promo": coins + promo - payoff - paid_back})


KIND = Kind(
    ReturnChip.kind,
    ReturnChip,
    give_back,
    check_return,
    reads=("rules", "lots", "budgets", "chip_ins"),
    wallet_facts=("paid", "promo", "lots", "chip_lots", "payoff", "paid_after", "promo_after"),
)
