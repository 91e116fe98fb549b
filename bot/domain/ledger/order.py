"""Credited orders: the coins that a member has paid for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import REAL_COINS, TEST_COINS, TEST_KINDS, Coinage, promo_of
from bot.domain.errors import NotFound
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.kinds import Kind, Leg, check_credit
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.postings import Posting
from bot.domain.lots import opened, plus
from bot.domain.money import amount
from bot.domain.order_states import CREDITED, OrderState


class CreditOrder(NamedTuple):
    """Put the coins of a paid order into its buyer's wallet. The amounts come from the order itself."""

    guild_id: int
    key: str
    order_id: int
    member_id: int
    external_id: str

    kind = "order"
    holder_ids = ()
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The buyer, who acts."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,)


class OrderFacts(TypedDict):
    """The body of an order's row.

    `price_minor` is in minor units of `currency`, `external` the provider's id of the payment, `test` tells play money
    from real: then coins, debt and `paid_after` are those of test coins. `payoff` of the coins, if any, went into the
    buyer's debt. The other two are balances after the credit. The coins of old tests were paid coins like all others.
    """

    order: int
    package: int
    coins: int
    price_minor: int
    currency: str
    provider: str
    external: str
    test: bool
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]


class OrderCredited(NamedTuple):
    """An order has its coins, for the payment `external_id`: any other payment of it is a second one from now on."""

    order_id: int
    external_id: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Mark the order in `books`."""
        order = books.orders[guild_id, self.order_id]
        books.orders[guild_id, self.order_id] = replace(order, state=OrderState.CREDITED, external_id=self.external_id)


def facts_of(row: Recorded) -> OrderFacts:
    """Return the facts of an order's row or receipt."""
    assert row.kind == CreditOrder.kind, row.kind
    return cast("OrderFacts", row.facts)


def coinage_of(*, is_test: bool) -> Coinage:
    """Return the sort of coins that a purchase brings, or brought."""
    return TEST_COINS if is_test else REAL_COINS


def decide(command: CreditOrder, books: Books, _now_ms: int) -> Decision:
    """Return what crediting an order does. Raise NotFound, or WalletFull if the coins do not fit."""
    guild = command.guild_id
    books.rules_of(guild)
    order = books.order(guild, command.order_id)
    # The order decides who bought what. A command that names another member is not about this order.
    if order.member_id != command.member_id:
        raise NotFound("order")
    # A repeated key never gets this far. A credited order here would have been credited under another key.
    assert order.state not in CREDITED, order.order_id
    coins = amount(order.coins)
    buyer = books.holders[guild, order.member_id]
    coinage = coinage_of(is_test=order.test)
    wallet = coinage.wallet_of(buyer)
    payoff, payoff_postings = books.pay_off(guild, wallet, coins)
    books.check_room(guild, wallet, coins - payoff)
    books.check_room(guild, coinage.source, -coins)
    facts: OrderFacts = {
        "order": order.order_id,
        "package": order.package_id,
        "coins": coins,
        "price_minor": order.price_minor,
        "currency": order.currency,
        "provider": order.provider,
        "external": command.external_id,
        "test": order.test,
        "paid_after": books.balance(guild, wallet) + coins - payoff,
        "promo_after": books.balance(guild, promo_of(buyer)),
    }
    if payoff:
        facts["payoff"] = payoff
    lots, new_lot = books.lots_of(guild, wallet), opened(books.next_seq(guild), coins - payoff)
    return Decision(
        kind=CreditOrder.kind,
        actor=buyer,
        postings=(Posting(coinage.source, wallet, coins), *payoff_postings),
        facts=facts,
        effects=(OrderCredited(order.order_id, command.external_id), *lots_changed(wallet, lots, plus(lots, new_lot))),
    )


# No reply can be missed: the payment itself reminds us.
def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with an order's row, "" for nothing."""
    coinage = coinage_of(is_test=facts["test"] and any(kind in TEST_KINDS for _, kind, _, _ in legs))
    return check_credit(facts["coins"] - facts.get("payoff", 0), coinage.wallet, legs)


KIND = Kind(CreditOrder.kind, CreditOrder, decide, check, reads=("rules", "orders", "lots"), is_answered=False)
