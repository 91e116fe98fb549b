"""Reinstatements: what a reversal took of an order comes back because its money did, for instance when a dispute is
won."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import promo_of
from bot.domain.bookings import of_reinstatement
from bot.domain.errors import NotFound
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg
from bot.domain.ledger.lots import lots_changed, lots_in
from bot.domain.ledger.order import CreditOrder, coinage_of
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.postings import spread
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.ledger.undoing import LossesOver, ReversalFacts, noticed
from bot.domain.lots import Lots, listed, opened, plus, spend, sum_listed
from bot.domain.reversal_errors import NotReversible


class Reinstate(NamedTuple):
    """Give back what the reversal in row `seq` took of the order that was credited in row `of_seq`.

    `member_id` is the buyer, 0 if erased, and `holder_ids` has their holder. The key has to name the reversal, because
    only it keeps a reversal from being undone twice.
    """

    guild_id: int
    key: str
    member_id: int
    seq: int
    of_seq: int
    holder_ids: tuple[int, ...] = ()

    kind = "reinstatement"
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The buyer, on whose behalf it happens."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts it may touch. The holder of the order's row may touch theirs as well."""
        return (self.member_id,) if self.member_id else ()


class ReinstatementFacts(TypedDict):
    """The body of a reinstatement's row.

    `undoes` is the reversal, `of` the row of the order, and `coins` the total. `paid` and `promo` coins come back into
    the wallet of the holder `member`, `payoff` into their debt, and `house` into the house. `lots`, if any, are those
    that the paid coins come back into; old rows have none. Three facts are balances afterwards. With `test`, all of
    these are test coins.

    What the reversal took of held earnings goes back, too. `to_gifts`, if any, lists it: the row of the gift, its
    creator, diamonds, 1 if it was anonymous, and how many of the diamonds went into the creator's debt, each. What
    cannot go back, because the gift was taken back meanwhile, is the buyer's.
    """

    undoes: int
    of: int
    member: int
    coins: int
    paid: int
    promo: int
    payoff: int
    house: int
    paid_after: int
    promo_after: int
    debt_after: int
    lots: NotRequired[list[list[int]]]
    test: NotRequired[bool]
    to_gifts: NotRequired[list[list[int]]]


class RowReinstated(NamedTuple):
    """Coins that were taken back of the row `of` are there again."""

    of: int
    coins: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Subtract them from what was taken back of the row."""
        books.reversed[guild_id, self.of] -= self.coins


def facts_of(row: Recorded) -> ReinstatementFacts:
    """Return the facts of a reinstatement's row or receipt."""
    assert row.kind == Reinstate.kind, row.kind
    return cast("ReinstatementFacts", row.facts)


def decide(command: Reinstate, books: Books, _now_ms: int) -> Decision:
    """Return what a reinstatement does. Raise NotFound, NotReversible for a row that took no order back, WalletFull."""
    guild = command.guild_id
    books.rules_of(guild)
    row = books.rows.get((guild, command.seq))
    if row is None:
        raise NotFound("receipt")
    if row.kind != Reverse.kind or reversal_facts(row)["of_kind"] != CreditOrder.kind:
        raise NotReversible(row.kind)
    undone = reversal_facts(row)
    assert undone["of"] == command.of_seq, (undone["of"], command.of_seq)
    holder, coins, house = undone["member"], undone["coins"], undone["house"]
    # The order says what sort of coins these are. Old reversals took the coins of tests as if they were real.
    is_test = order_facts(books.rows[guild, command.of_seq])["test"]
    coinage = coinage_of(is_test=is_test)
    wallet, promo_wallet = coinage.wallet_of(holder), promo_of(holder)
    # Whatever the member owes by now is settled first, out of coins that were bought: these can do more.
    to_gifts = _to_gifts(books, guild, row.seq, undone)
    to_creators = sum(diamonds for _, _, diamonds, *_ in to_gifts)
    own = coins - house - to_creators
    payoff, _ = books.pay_off(guild, wallet, own)
    bought = own - undone["promo"]
    paid = bought - min(payoff, bought)
    promo = own - payoff - paid
    destinations = (
        *((coinage.debt_of(holder), payoff), (wallet, paid), (promo_wallet, promo), (coinage.house, house)),
        *((coinage.debt_of(creator), debt) for _, creator, _, _, debt in to_gifts),
        *((coinage.earnings_of(creator), diamonds - debt) for _, creator, diamonds, _, debt in to_gifts),
    )
    for account, amount in (*destinations, (coinage.source, -coins)):
        books.check_room(guild, account, amount)
    facts: ReinstatementFacts = {
        "undoes": row.seq,
        "of": undone["of"],
        "member": holder,
        "coins": coins,
        "paid": paid,
        "promo": promo,
        "payoff": payoff,
        "house": house,
        "paid_after": books.balance(guild, wallet) + paid,
        "promo_after": books.balance(guild, promo_wallet) + promo,
        "debt_after": -books.balance(guild, coinage.debt_of(holder)) - payoff,
    }
    if is_test:
        facts["test"] = True
    if to_gifts:
        facts["to_gifts"] = to_gifts
    over = (LossesOver(row.seq), *noticed(facts, command.key)) if to_gifts else ()
    lots = books.lots_of(guild, wallet)
    more = _lots_back(books, row, undone["earnings"] - to_creators, payoff, paid)
    if more:
        facts["lots"] = listed(more)
    return Decision(
        kind=Reinstate.kind,
        actor=holder,
        postings=spread([(coinage.source, coins)], destinations),
        facts=facts,
        effects=(RowReinstated(undone["of"], coins), *lots_changed(wallet, lots, plus(lots, more)), *over),
    )


def _lots_back(books: Books, row: JournalRow, loss: int, payoff: int, paid: int) -> Lots:
    """Return the lots that `paid` coins come back into, `payoff` of all having settled a debt.

    What was a debt is in no lot, so it settles a debt first. What is over belongs to the order's own lot. So it is with
    the `loss`: earnings of gifts that came back without them.
    """
    undone = reversal_facts(row)
    in_no_lot = undone["debt"] + loss
    debt_back = in_no_lot - min(payoff, in_no_lot)
    _, from_lots = spend(lots_in(row, books), undone["paid"] + debt_back - paid)
    return plus(from_lots, opened(undone["of"], debt_back))


def _to_gifts(books: Books, guild: int, seq: int, undone: ReversalFacts) -> list[list[int]]:
    """Return what goes back to gifts of what the reversal in row `seq` took, as the facts have it."""
    losses = {loss.gift: loss.diamonds for loss in books.losses.get((guild, seq), ())}
    debts: dict[int, int] = {}
    to_gifts: list[list[int]] = []
    for gift, creator, _, anonymous in undone.get("from_gifts", ()):
        if diamonds := losses.get(gift, 0):
            debt = debts.setdefault(creator, books.debt(guild, creator))
            payoff = min(debt, diamonds)
            debts[creator] -= payoff
            to_gifts.append([gift, creator, diamonds, anonymous, payoff])
    return to_gifts


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a reinstatement's row, "" for nothing."""
    coinage = coinage_of(is_test=facts.get("test", False))
    to_gifts = facts.get("to_gifts", ())
    payoffs = sum(payoff for *_, payoff in to_gifts)
    earned = sum(diamonds for _, _, diamonds, *_ in to_gifts) - payoffs
    parts = {coinage.wallet: facts["paid"], "promo": facts["promo"], coinage.earnings: earned}
    parts |= {coinage.debt: facts["payoff"] + payoffs, coinage.house.kind: facts["house"]}
    entries = {name: sum(change for _, kind, _, change in legs if kind == name) for name in parts}
    is_right = entries == parts and sum(parts.values()) == facts["coins"]
    is_right = is_right and ("lots" not in facts or sum_listed(facts["lots"]) == facts["paid"])
    return "" if is_right else MISMATCH


KIND = Kind(
    Reinstate.kind,
    Reinstate,
    decide,
    check,
    reads=("rules", "rows", "reversed", "lots", "unlisted_lots", "losses"),
    wallet_facts=("paid", "promo", "payoff", "house", "lots", "paid_after", "promo_after", "debt_after", "to_gifts"),
    bookings=of_reinstatement,
    is_answered=False,
    is_first=True,
)
