"""What taking a row back moves: a gift to its sender, an order or a grant to where its coins came from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict

from bot.domain.accounts import GRANTED, REAL_COINS, TEST_COINS, Account, Coinage, promo_of
from bot.domain.held_earnings import HeldGift, Loss, losses_left, losses_of_part, take
from bot.domain.holds import day_of
from bot.domain.ledger.books import Books, Effect
from bot.domain.ledger.chest import TakeShare
from bot.domain.ledger.claim import ClaimOffer
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.lots import lots_changed, lots_in
from bot.domain.ledger.order import CreditOrder, coinage_of
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.postings import Posting, spread
from bot.domain.lots import listed, minus, part_between, plus, spend, sum_of
from bot.domain.reversal_errors import HouseShort


class ReversalFacts(TypedDict):
    """The body of a reversal's row.

    `of` is the row that it takes back, of the kind `of_kind`. `member` is the holder whose coins they are. `coins` is
    the total, and `part` says what was taken back of the row: pieces of a gift, or coins.

    From a gift, `paid` and `promo` coins come back, of which `payoff` went into the member's debt. They are taken from
    the creator's `earnings`, the creator's `creator_debt` and the `house`. `creator`, `item`, `event`, `message`,
    `anonymous`, `zone` and `sent_ms` are the gift's own; leaderboards need them.

    If reversals of orders took some of the gift's earnings before, `losses` lists what of it falls to these pieces: the
    row of an order, and diamonds, each. So many coins do not come back, neither from the creator nor to the sender.

    From a grant or an order, `paid` and `promo` coins are taken out of the member's wallet, the rest out of the house,
    and what is still missing becomes the member's `debt`. Three facts are balances after it. Staff give no `cause`.
    Before the house, an order takes held `earnings` of the gifts that it paid for. `from_gifts`, if any, lists them:
    the row of the gift, its creator, diamonds, and 1 if it was anonymous, each.

    `lots`, if any, are those that paid coins came back into, or were taken from. Old rows have none.

    With `test`, all of these are test coins, and from an order no promo coins are taken. `counts`, `club`, `chip_in`
    and `chips` are the gift's own.
    """

    of: int
    of_kind: str
    member: int
    coins: int
    part: int
    paid: int
    promo: int
    payoff: int
    earnings: int
    creator_debt: int
    house: int
    debt: int
    creator: int
    item: int
    event: int
    message: int
    anonymous: bool
    zone: str
    sent_ms: int
    paid_after: int
    promo_after: int
    debt_after: int
    cause: NotRequired[str]
    lots: NotRequired[list[list[int]]]
    test: NotRequired[bool]
    counts: NotRequired[bool]
    losses: NotRequired[list[list[int]]]
    from_gifts: NotRequired[list[list[int]]]
    club: NotRequired[bool]
    chip_in: NotRequired[int]
    chips: NotRequired[list[list[int]]]


class EarningsTaken(NamedTuple):
    """The row `reversal` took held earnings of `gifts`, with the order in row `lot`."""

    lot: int
    gifts: tuple[HeldGift, ...]
    reversal: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: a reversal is the first of its batch, so no rule of the batch has read what is held."""


class LossesSettled(NamedTuple):
    """Pieces of the gift in row `gift` were taken back, with their part of its losses: the `remainder` is not over."""

    gift: int
    remainder: tuple[Loss, ...]

    def apply(self, books: Books, guild_id: int) -> None:
        """Remember what is left."""
        books.losses[guild_id, self.gift] = self.remainder


class LossesOver(NamedTuple):
    """The losses that the row `reversal` made are over: its money returned."""

    reversal: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Forget them."""
        books.losses.pop((guild_id, self.reversal), None)


class EarningsNoticed(NamedTuple):
    """A creator, a holder, learns with their next reply how the row under `key` changed their earnings."""

    holder: int
    key: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


def noticed(facts: Mapping[str, Any], key: str) -> tuple[EarningsNoticed, ...]:
    """Return that the creators hear whose held earnings a reversal or a reinstatement has changed."""
    moves = (*facts.get("from_gifts", ()), *facts.get("to_gifts", ()))
    return tuple(EarningsNoticed(holder, key) for holder in dict.fromkeys(creator for _, creator, *_ in moves))


class Undone(NamedTuple):
    """What taking back a row, or a part of it, does."""

    postings: tuple[Posting, ...]
    facts: ReversalFacts
    effects: tuple[Effect, ...]


def _undo_gift(books: Books, row: JournalRow, before: int, part: int, _now_ms: int) -> Undone:
    """Give `part` pieces back to the sender, after `before` of them were. All parts together are the whole gift."""
    guild, sender, gift = row.guild_id, row.actor, gift_facts(row)
    coinage = coinage_of(is_test=gift.get("test", False))
    earned, owed = coinage.earnings_of(gift["creator"]), coinage.debt_of(gift["creator"])
    losses_before = books.losses.get((guild, row.seq), ())
    losses = losses_of_part(gift, losses_before, before, part)
    loss = sum_of(losses)
    # A loss of old books may be larger than these: then promo coins bear the rest, or the house gives so much less.
    paid_part = _part_of(gift["paid"], gift, before, part)
    coins, paid_coins = gift["price"] * part - loss, max(paid_part - loss, 0)
    share = max(_part_of(gift["share"], gift, before, part) - loss, 0)
    earnings = min(share, books.balance(guild, earned))
    house = coins - share
    if books.balance(guild, coinage.house) < house:
        raise HouseShort(books.balance(guild, coinage.house), house)
    books.check_room(guild, owed, earnings - share)
    # Paid coins settle a debt before promo coins, because they can do more. The wallet keeps what can do less. A debt
    # of test coins is not settled with promo coins at all.
    paid, promo = coinage.wallet_of(sender), promo_of(sender)
    payoff, _ = books.pay_off(guild, paid, coins if coinage is REAL_COINS else paid_coins)
    paid_back = paid_coins - min(payoff, paid_coins)
    promo_back = coins - payoff - paid_back
    books.check_room(guild, paid, paid_back)
    books.check_room(guild, promo, promo_back)
    postings = spread(
        [(earned, earnings), (owed, share - earnings), (coinage.house, house)],
        [(coinage.debt_of(sender), payoff), (paid, paid_back), (promo, promo_back)],
    )
    facts = _facts(books, row, coinage, sender, gift["price"] * part, part)
    facts["paid"], facts["promo"], facts["payoff"] = paid_coins, coins - paid_coins, payoff
    facts["earnings"], facts["creator_debt"], facts["house"] = earnings, share - earnings, house
    _repeat(gift, facts)
    facts["paid_after"] += paid_back
    facts["promo_after"] += promo_back
    facts["debt_after"] -= payoff
    if losses:
        facts["losses"] = listed(losses)
    paid_before = gift["paid"] * before // gift["count"]
    part_of_lots = minus(part_between(lots_in(row, books), paid_before, paid_before + paid_part), losses)
    _, more = spend(part_of_lots, max(sum_of(part_of_lots) - paid_back, 0))
    if more:
        facts["lots"] = listed(more)
    lots = books.lots_of(guild, paid)
    effects = (LossesSettled(row.seq, losses_left(losses_before, losses)),) if losses else ()
    return Undone(postings, facts, (*lots_changed(paid, lots, plus(lots, more)), *effects))


def _repeat(gift: GiftFacts, facts: ReversalFacts) -> None:
    """Repeat in the facts of a reversal what leaderboards, clubs and budgets need to know of its gift."""
    facts["creator"], facts["item"], facts["event"] = gift["creator"], gift["item"], gift["event"]
    facts["message"], facts["anonymous"], facts["zone"] = gift["message"], gift["anonymous"], gift["zone"]
    if "counts" in gift:
        facts["counts"] = gift["counts"]
    if "chip_in" in gift:
        facts["chip_in"] = gift["chip_in"]
    if "chips" in gift:
        facts["chips"] = gift["chips"]
    if "club" in gift:
        facts["club"] = gift["club"]


def _part_of(whole: int, gift: GiftFacts, before: int, part: int) -> int:
    """Return the part of `whole` that falls to `part` pieces. Rounding is cumulative, so that nothing is left over."""
    count = gift["count"]
    return whole * (before + part) // count - whole * before // count


def _undo_order(books: Books, row: JournalRow, _before: int, part: int, now_ms: int) -> Undone:
    coinage, buyer = coinage_of(is_test=order_facts(row)["test"]), row.actor
    paid, promo = coinage.wallet_of(buyer), promo_of(buyer)
    # Test coins are replaced with nothing that is worth more.
    wallets = (paid,) if coinage is TEST_COINS else (paid, promo)
    return _take_back(books, row, coinage, buyer, wallets, part, now_ms)


def _undo_grant(books: Books, row: JournalRow, _before: int, part: int, now_ms: int) -> Undone:
    receiver: int = row.facts["member"]
    wallets = promo_of(receiver), REAL_COINS.wallet_of(receiver)
    return _take_back(books, row, REAL_COINS, receiver, wallets, part, now_ms)


def _take_back(
    books: Books,
    row: JournalRow,
    coinage: Coinage,
    member: int,
    wallets: Sequence[Account],
    coins: int,
    now_ms: int,
) -> Undone:
    """Move `coins` back to their source: those in the member's `wallets` in this order, then others'.

    After the member's own, those of an order are taken out of the held earnings of its gifts, and then out of the
    house. Grants have no such gifts: nobody gets the promo coins back that a gift has spent.
    """
    guild, missing = row.guild_id, coins
    source = coinage.source if row.kind == CreditOrder.kind else GRANTED
    takes: dict[Account, int] = {}
    for account in wallets:
        takes[account] = min(books.balance(guild, account), missing)
        missing -= takes[account]
    gifts = books.held_gifts.get((guild, row.seq), ())
    funds = {gift.creator: books.balance(guild, coinage.earnings_of(gift.creator)) for gift in gifts}
    from_gifts, missing = take(gifts, missing, funds, day_of(now_ms))
    takes[coinage.house] = min(books.balance(guild, coinage.house), missing)
    missing -= takes[coinage.house]
    takes[coinage.debt_of(member)] = missing
    books.check_room(guild, coinage.debt_of(member), -missing)
    facts = _facts(books, row, coinage, member, coins, coins)
    facts["paid"], facts["promo"] = takes[coinage.wallet_of(member)], takes.get(promo_of(member), 0)
    facts["house"], facts["debt"] = takes[coinage.house], missing
    facts["paid_after"] -= facts["paid"]
    facts["promo_after"] -= facts["promo"]
    facts["debt_after"] += missing
    shares = [(coinage.earnings_of(gift.creator), gift.diamonds) for gift in from_gifts]
    effects: tuple[Effect, ...] = ()
    if from_gifts:
        facts["earnings"] = sum(gift.diamonds for gift in from_gifts)
        facts["from_gifts"] = [[gift.seq, gift.creator, gift.diamonds, int(gift.is_anonymous)] for gift in from_gifts]
        effects = (EarningsTaken(row.seq, from_gifts, books.next_seq(guild)),)
    wallet = coinage.wallet_of(member)
    lots = books.lots_of(guild, wallet)
    from_lots, rest = spend(lots, facts["paid"], first=row.seq if source == coinage.source else 0)
    if from_lots:
        facts["lots"] = listed(from_lots)
    postings = spread([*takes.items(), *shares], [(source, coins)])
    return Undone(postings, facts, (*lots_changed(wallet, lots, rest), *effects))


def _facts(books: Books, row: JournalRow, coinage: Coinage, member: int, coins: int, part: int) -> ReversalFacts:
    guild = row.guild_id
    facts: ReversalFacts = {
        "of": row.seq, "of_kind": row.kind, "member": member, "coins": coins, "part": part,
        "paid": 0, "promo": 0, "payoff": 0, "earnings": 0, "creator_debt": 0, "house": 0, "debt": 0,
        "creator": 0, "item": 0, "event": 0, "message": 0, "anonymous": False, "zone": "", "sent_ms": row.at_ms,
        "paid_after": books.balance(guild, coinage.wallet_of(member)),
        "promo_after": books.balance(guild, promo_of(member)),
        "debt_after": -books.balance(guild, coinage.debt_of(member)),
    }  # fmt: skip
    if coinage is TEST_COINS:
        facts["test"] = True
    return facts


UNDO: Mapping[str, Callable[[Books, JournalRow, int, int, int], Undone]] = {
    SendGift.kind: _undo_gift,
    CreditOrder.kind: _undo_order,
    Grant.kind: _undo_grant,
    ClaimOffer.kind: _undo_grant,
    TakeShare.kind: _undo_grant,
}
"""How each kind of money is taken back: given the books, the row, how much was taken before, how much is now, and when.

A reversal cannot be reversed: the gift is sent again instead.
"""
