"""Whatever happens to a payment, and whenever the bot hears of it, the books end the same."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Final

import pytest

from bot.domain.order_states import OrderState
from bot.payments.provider import Capability
from bot.payments.stripe.selling import Mode
from bot.services.settlements import Settlement
from bot.ui.looks.evidence import evidence_document
from bot.ui.looks.orders import price_of
from bot.ui.text.reader import reader_for
from cogs.buy import outcome_render
from sandbox.stripe.destination import Payload
from tests.payments.contract import claim
from tests.payments.market import COINS, PRICE, Market, open_market
from tests.payments.stripe_wire import stripe
from tests.payments.wires import GUILD, DisputedWire, Outcome, Wire, able
from tests.thoroughness import by_thoroughness, sample

History = tuple[str, ...]
MOST_STEPS: Final = 4
OUTCOMES: Final[dict[str, Outcome]] = {"won": "won", "lost": "lost"}


def histories(so_far: History = ()) -> Iterator[History]:
    """Yield every order of a partial refund, a whole one, and a dispute with its decision that can happen."""
    is_open = "dispute" in so_far and not {"won", "lost"} & {*so_far}
    if not is_open:
        yield so_far
    if len(so_far) == MOST_STEPS:
        return
    is_gone = "lost" in so_far or "whole" in so_far
    steps = ["won", "lost"] if is_open else [] if is_gone else ["part", "whole"]
    steps += ["dispute"] if "dispute" not in so_far and "whole" not in so_far else []
    for step in steps:
        if step not in so_far:
            yield from histories((*so_far, step))


HISTORIES: Final = sorted({*histories()} - {()})


def books_after(history: History) -> tuple[int, OrderState]:
    """Return the coins that are left of a purchase, and the state of its order: the money decides."""
    refunded = PRICE if "whole" in history else PRICE // 3 if "part" in history else 0
    coins = COINS - COINS * refunded // PRICE
    if "lost" in history:
        return 0, OrderState.LOST
    if "whole" in history:
        return 0, OrderState.REFUNDED
    if "part" in history:
        return coins, OrderState.PARTIALLY_REFUNDED
    return coins, OrderState.WON


async def live_through(
    market: Market[Wire], order_id: int, history: History, hearings: tuple[bool, ...], chance: random.Random
) -> None:
    """Let a history happen to a purchase. The bot hears at once of some of it, and of everything in the end.

    In the end all is told twice and in disorder.
    """
    start = len(market.wire.news())
    external_id = await market.paid(order_id)
    for step, is_heard in zip(("", *history), hearings, strict=True):
        if step in {"part", "whole"}:
            refunded = PRICE // 3 if step == "whole" and "part" in history[: history.index("whole")] else 0
            await market.wire.refund(external_id, PRICE // 3 if step == "part" else PRICE - refunded)
        elif step == "dispute":
            await able(market.wire, DisputedWire).dispute(external_id)
        elif step in OUTCOMES:
            await able(market.wire, DisputedWire).decide(external_id, OUTCOMES[step])
        if is_heard:
            await market.hear(*market.wire.news()[start:])
    news = market.wire.news()[start:] * 2
    chance.shuffle(news)
    await market.hear(*news)


@pytest.mark.parametrize("history", sample(HISTORIES, 6), ids=" ".join)
@claim(needs={Capability.REFUND, Capability.DISPUTE, Capability.WEBHOOK})
async def test_a_history_ends_at_the_same_books_whenever_it_is_heard_of(market: Market[Wire], history: History):
    chance = random.Random(" ".join(history))
    ways = [*product((True, False), repeat=len(history) + 1)]
    chance.shuffle(ways)
    total = 0
    for number, hearings in enumerate(ways[: by_thoroughness(quick=2, full=4, long=len(ways))]):
        order_id = 500 + number
        await live_through(market, order_id, history, hearings, chance)
        coins, state = books_after(history)
        total += coins

        assert (await market.coins(), await market.state(order_id)) == (total, state), hearings


@pytest.mark.parametrize("payload", ["snapshot", "thin", "both"])
@pytest.mark.parametrize("mode", Mode)
async def test_full_and_thin_events_end_at_the_same_books(address: str, mode: Mode, payload: Payload):
    """In each mode. The buyer pays in another currency, which changes nothing."""
    async with open_market(lambda clock: stripe(clock, mode, payload), address) as market:
        order = await market.order()
        await market.wire.pay(order, "pay-converted")
        _, session = market.wire.find(order.external_id)
        await market.hear(*market.wire.news())
        balances = [await market.coins()]
        await market.wire.refund(order.external_id, PRICE // 3)
        await market.hear(*market.wire.news())
        balances.append(await market.coins())
        await able(market.wire, DisputedWire).dispute(order.external_id)
        await market.hear(*market.wire.news())
        balances.append(await market.coins())
        await able(market.wire, DisputedWire).decide(order.external_id, "won")
        await market.hear(*reversed(market.wire.news()))

        assert session["presentment_details"]["presentment_currency"] != session["currency"]
        assert balances == [COINS, 47, 0]
        assert await market.books() == (47, OrderState.PARTIALLY_REFUNDED)


async def test_what_the_buyer_saw_in_another_currency_is_on_their_receipt_in_the_history_and_in_the_evidence(
    address: str,
):
    news: list[Settlement] = []

    async def hear(settlement: Settlement) -> None:
        news.append(settlement)

    async with open_market(lambda clock: stripe(clock, Mode.PLAIN), address) as market:
        market.services.orders.on_settled(hear)
        placed_order = await market.order()
        await market.wire.pay(placed_order, "pay-converted")
        await market.hear(*market.wire.news())
        _, session = market.wire.find(placed_order.external_id)
        order = await market.services.orders.find(GUILD, placed_order.order_id)
        await able(market.wire, DisputedWire).dispute(placed_order.external_id)
        await market.hear(*market.wire.news())
        (report,) = await market.services.payment_cases.undecided(GUILD)
        evidence = await market.services.evidence.collect(GUILD, report.case.case_id)

    assert session["presentment_details"] == {"presentment_amount": 91, "presentment_currency": "eur"}
    assert order is not None
    assert (order.price_minor, order.currency, order.state) == (PRICE, "USD", OrderState.CREDITED)
    assert (order.presented_minor, order.presented_currency) == (91, "EUR")
    reader = reader_for("en-US")
    assert price_of(order, reader) == "$0.99 (at checkout: €0.91)"
    assert "Paid: $0.99 (at checkout: €0.91)" in str(outcome_render.settled(news[0], None, reader))
    document = evidence_document(evidence, {}, reader).content
    assert "The checkout showed this to the buyer, and charged it, as €0.91." in str(document)


async def test_a_buyer_who_pays_in_the_currency_of_the_price_reads_it_once(address: str):
    async with open_market(lambda clock: stripe(clock, Mode.PLAIN), address) as market:
        await market.paid()
        await market.hear(*market.wire.news())
        order = await market.services.orders.find(GUILD, 500)

    assert order is not None
    assert (order.presented_minor, order.presented_currency) == (None, None)
    assert price_of(order, reader_for("en-US")) == "$0.99"
