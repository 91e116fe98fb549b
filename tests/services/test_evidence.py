"""Evidence for disputes: what the disputed coins bought and no other, and what else the books say for the seller."""

from typing import Any

import pytest

from bot.domain.errors import NotFound
from bot.domain.evidence import Evidence
from bot.domain.orders import Dispute, DisputeStatus
from bot.domain.packages import Terms
from bot.services import Services
from bot.storage.database import Database
from bot.ui.looks.evidence import MOST_GIFTS, evidence_document
from bot.ui.text.reader import reader_for
from tests.services.paying import GUILD, MIA, Till, order
from tests.storage.town import DAY, HOUR, NOAH, NOON, PETAL, ROB, Clock, gift

SECOND = {"package_id": 2, "accepted": Terms(350, 499, "USD")}
DUE_MS = NOON + 10 * DAY


@pytest.fixture
async def shop(services: Services) -> Services:
    """The services of a guild in which Noah is a creator."""
    await services.creators.approve(GUILD, NOAH, ROB, is_bot=False)
    return services


async def buy(services: Services, till: Till, order_id: int, **changes: Any) -> None:
    """Have Mia order and pay, and settle that."""
    opened = await order(services, order_id, **changes)
    till.becomes(opened.order.external_id, "paid")
    await services.payment_events.reconcile(0)


async def give(database: Database, key: str, quantity: int, **changes: Any) -> int:
    """Have Mia give petals for a coin each, and return the number of the receipt."""
    sent = gift(key, sender_id=MIA, creator_id=NOAH, item_id=PETAL, quantity=quantity, **changes)
    return (await database.writer.submit(sent)).seq


async def dispute(services: Services, till: Till, order_id: int, due_ms: int | None = DUE_MS) -> Evidence:
    """Have Mia's bank dispute an order, and return the evidence for it."""
    external_id = f"till-{order_id}"
    amount_minor = till.purchases[external_id].amount_minor
    till.becomes(external_id, "paid", disputes=(Dispute("dp_1", DisputeStatus.OPEN, amount_minor, due_ms),))
    await services.payment_events.reconcile(0)
    (report,) = await services.payment_cases.undecided(GUILD)
    return await services.evidence.collect(GUILD, report.case.case_id)


def lines_of(evidence: Evidence, locale: str = "en-US") -> list[str]:
    content = evidence_document(evidence, {NOAH: "Noah"}, reader_for(locale)).content
    assert isinstance(content, str)
    return content.split("\n")


async def test_gifts_are_evidence_for_the_purchase_that_their_coins_come_from(
    shop: Services, till: Till, database: Database
) -> None:
    await buy(shop, till, 501)
    first = await give(database, "first", 50)
    await buy(shop, till, 502, **SECOND)
    both, last = await give(database, "both", 30), await give(database, "last", 99)

    evidence = await dispute(shop, till, 502)

    assert [(spending.gift.seq, spending.coins) for spending in evidence.gifts] == [(both, 10), (last, 99)]
    assert evidence.spent_coins == 109
    assert first not in [spending.gift.seq for spending in evidence.gifts]


async def test_a_gift_that_was_taken_back_says_so(shop: Services, till: Till, database: Database) -> None:
    await buy(shop, till, 501)
    seq = await give(database, "undone", 20)
    await shop.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=seq, part=None, reason="a slip")

    (spending,) = (await dispute(shop, till, 501)).gifts

    assert (spending.gift.seq, spending.coins, spending.undone) == (seq, 20, 20)


async def test_earlier_purchases_count_unless_their_money_went_back(shop: Services, till: Till, clock: Clock) -> None:
    await buy(shop, till, 501)
    await buy(shop, till, 502)
    till.becomes("till-502", "paid", refunded_minor=99)
    clock.now_ms += 150 * DAY
    await buy(shop, till, 503)
    clock.now_ms += HOUR
    await buy(shop, till, 504)

    evidence = await dispute(shop, till, 503)

    assert [order.order_id for order in evidence.earlier] == [501]
    assert any("150 days before this one: $0.99, payment till-501" in line for line in lines_of(evidence))


async def test_the_file_says_what_was_agreed_received_and_bought_in_numbered_facts(
    shop: Services, till: Till, database: Database
) -> None:
    await buy(shop, till, 501)
    await give(database, "on a message", 7, channel_id=70, message_id=4711)

    lines = lines_of(await dispute(shop, till, 501))
    facts = [line for line in lines if line[:1].isdigit()]

    assert [int(fact.split(".")[0]) for fact in facts] == [*range(1, len(facts) + 1)]
    text = "\n".join(lines)
    assert "$0.99 for 70 coins" in text
    assert "Paid through till, payment till-501" in text
    assert "Dispute dp_1 over $0.99: open, evidence due by 2026-02-15 12:00:00 UTC" in text
    assert "On 2026-02-05 12:00:00 UTC, before paying, the buyer was shown this price" in text
    assert "“I understand that coins I have spent are not refunded.”" in text
    assert "Receipt #1: the coins were added" in text
    assert "The buyer spent 7 of the 70 coins on 1 gift, oldest coins first:" in text
    assert "7 × Petal for creator Noah (14), 7 coins of this purchase" in text
    assert f"https://discord.com/channels/{GUILD}/70/4711" in text


async def test_headings_are_also_in_the_language_of_the_guild_and_facts_in_english(shop: Services, till: Till) -> None:
    await buy(shop, till, 501)
    evidence = await dispute(shop, till, 501)
    english, german = lines_of(evidence), lines_of(evidence, "de")

    headings = [line for line in german if line.startswith("==")]
    assert all(" / " in heading for heading in headings)
    assert [line for line in german if line not in headings] == [line for line in english if not line.startswith("==")]


async def test_a_long_list_of_gifts_is_summed_up(shop: Services, till: Till, database: Database, clock: Clock) -> None:
    await buy(shop, till, 501, **SECOND)
    for number in range(MOST_GIFTS + 3):
        await give(database, f"gift {number}", 1)

    text = "\n".join(lines_of(await dispute(shop, till, 501)))

    assert f"coins on {MOST_GIFTS + 3} gifts, oldest coins first:" in text
    assert "3 more gifts with 3 coins" in text
    assert text.count("receipt #") == MOST_GIFTS


async def test_a_provider_that_does_not_answer_costs_only_the_date(shop: Services, till: Till) -> None:
    await buy(shop, till, 501)
    case_id = (await dispute(shop, till, 501)).case.case_id
    till.faulty.add("till-501")

    evidence = await shop.evidence.collect(GUILD, case_id)

    assert evidence.due_ms is None
    assert any("did not say by when evidence is due" in line for line in lines_of(evidence))


async def test_only_disputes_have_evidence(shop: Services, till: Till) -> None:
    opened = await order(shop, 501)
    till.becomes(opened.order.external_id, "paid", amount_minor=50)
    await shop.payment_events.reconcile(0)
    (report,) = await shop.payment_cases.undecided(GUILD)

    for case_id in (report.case.case_id, 4711):
        with pytest.raises(NotFound):
            await shop.evidence.collect(GUILD, case_id)
