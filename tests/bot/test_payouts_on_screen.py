"""/creator payout and /payouts over the wire: the question, two people of the staff, and what the creator reads."""

import re
from typing import Any

import pytest

from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests import books
from tests.bot.buying import labels
from tests.bot.noted_shop import confirm, opened_order, order_by, payments_page, set_up_manual
from tests.bot.test_cases import staff
from tests.bot.test_journeys import wait_text
from tests.bot.test_news import news_of
from tests.bot.test_refused_forms import send
from tests.rig import Rig, Town, until


async def send_form(person: Person, panel: Message, label: str, *values: Any) -> Message:
    """Open a form with a button, fill it in, and return the answer."""
    form = await (await person.click(panel, label)).modal()
    fields = dict(zip([field["custom_id"] for field in form.fields], values, strict=True))
    return await (await person.submit(form, **fields)).message()


@pytest.fixture
async def town(shop: Rig, shop_town: Town) -> Town:
    """A guild where payouts start at 10 diamonds, and Noor has 35 available."""
    town = shop_town
    await (await town.sam.slash("packages edit", package="1", archived=False)).message()
    await set_up_manual(town.olive, people="1")
    await send_form(town.olive, await payments_page(town.olive), "Payouts", "10", "2")
    await town.approve(town.noor)
    panel, code = await order_by(town, "manual")
    await confirm(town.sam, await opened_order(town.sam, code), f"7XY{town.guild.id}")
    await wait_text(panel, r"Receipt #1\b")
    await town.give(town.mia, "Warm Heart", town.noor, count=7)
    await news_of(shop, town, town.noor)
    return town


async def ask(town: Town, diamonds: int = 30) -> Message:
    """Have Noor ask for a payout, and return the card of the request."""
    question = await (await town.noor.slash("creator payout", amount=diamonds)).message()
    assert "Request a payout?" in question.text
    assert re.search("Members pay ≈|through Stripe, that is", question.text)
    return await (await town.noor.click(question, f"Request 💎\xa0{diamonds}")).message()


def acts(shop: Rig, town: Town) -> list[int]:
    """Return who has acted about payouts so far, as the record of what staff do has it."""
    query = (
        "SELECT user_id FROM staff_acts AS a JOIN holders AS h ON h.guild_id = a.guild_id AND h.holder_id = a.actor"
        " WHERE a.guild_id = ? AND a.kind = 'payout' ORDER BY number"
    )
    return [member_id for (member_id,) in books.rows(shop.database, query, town.guild.id)]


async def opened(person: Person) -> Message:
    """Open the first payout of the list."""
    panel = await (await person.slash("payouts list", raw=True)).message()
    button = next(part for part in walk(panel.components) if part.get("label", "").startswith("Open payout #"))
    return await (await person.click(panel, button["custom_id"])).message()


async def test_a_payout_from_the_earnings_to_the_money(shop: Rig, town: Town) -> None:
    earnings = await (await town.noor.slash("creator earnings")).message()
    question = await (await town.noor.click(earnings, "Request a payout")).message()
    refusal = await send_form(town.noor, question, "Another amount", "a lot")
    smaller = await send_form(town.noor, question, "Another amount", "30")
    words = smaller.text
    status = await (await town.noor.click(smaller, "Request 💎\xa030")).message()
    reserved = await (await town.noor.slash("creator earnings")).message()
    treasurer = await staff(shop, town, "treasurer")
    listing = await (await treasurer.slash("payouts list", raw=True)).message()
    panel = await opened(treasurer)
    await (await treasurer.click(panel, "Approve")).wait_for_answer()
    approved_text, approved_labels = panel.text, labels(panel)
    first_news = await news_of(shop, town, town.noor)
    payment = await send_form(town.sam, await opened(town.sam), "Record the payment", "PayPal 7XY")
    second_news = await news_of(shop, town, town.noor)
    after = await (await town.noor.slash("creator earnings")).message()

    assert "Enter a whole number from 0 to" in refusal.text
    assert "You're asking for **💎\xa030**." in words
    assert "You'll have 💎\xa05 available after that." in words
    assert "send you the money themselves" in words
    assert "Waiting for approval" in status.text
    assert "**💎\xa05** available" in reserved.text
    assert "**💎\xa030** reserved for a payout" in reserved.text
    assert labels(reserved) == ["See your payout", "Statements"]
    assert f"<@{town.noor.user.id}> asked for it" in listing.text
    assert f"<@{treasurer.user.id}> approved this" in approved_text
    assert "somebody else has to record the payment" in approved_text
    assert approved_labels == ["Reject", "All payouts"]
    assert "Your payout of **💎\xa030** is approved." in first_news
    assert f"<@{town.sam.user.id}> sent the money" in payment.text
    assert "Payment number: " in payment.text
    assert labels(payment) == ["All payouts"]
    assert "The staff sent you the money for **💎\xa030**. Payment number:" in second_news
    assert "PayPal 7XY" in second_news
    assert "**💎\xa030** paid out so far" in after.text
    assert "Payouts start at 💎\xa010." in after.text
    assert acts(shop, town) == [treasurer.user.id, town.sam.user.id]


async def test_staff_hear_once_of_a_request_without_a_name_or_an_amount(shop: Rig, town: Town) -> None:
    await ask(town)

    def notices() -> list[Message]:
        messages = [message for channel_id in town.guild.channels for message in shop.world.messages(channel_id)]
        return [message for message in messages if "asked for a payout" in message.text]

    async def is_told() -> bool:
        return bool(notices())

    await until(is_told)
    (notice,) = notices()
    assert "💎\xa030" not in notice.text
    assert str(town.noor.user.id) not in notice.text


async def test_a_rejection_is_told_with_its_reason_and_gives_everything_back(shop: Rig, town: Town) -> None:
    await ask(town)
    panel = await send_form(town.sam, await opened(town.sam), "Reject", "We have no account of yours")
    news = await news_of(shop, town, town.noor)
    after = await (await town.noor.slash("creator earnings")).message()

    assert "rejected this" in panel.text
    assert "We have no account of yours" in news
    assert "**💎\xa035** available" in after.text
    assert "reserved" not in after.text
    assert acts(shop, town) == [town.sam.user.id]


async def approved(town: Town) -> Message:
    """Have Noor ask for a payout and Sam approve it, and return Sam's panel."""
    await ask(town)
    panel = await opened(town.sam)
    await (await town.sam.click(panel, "Approve")).wait_for_answer()
    return panel


async def test_a_payout_that_was_rejected_meanwhile_is_not_recorded_as_paid(shop: Rig, town: Town) -> None:
    panel = await approved(town)
    form = await (await town.olive.click(await opened(town.olive), "Record the payment")).modal()
    await send_form(town.sam, panel, "Reject", "We have no account of yours")
    refusal = await send(town.olive, form, "PayPal 7XY")
    after = await (await town.noor.slash("creator earnings")).message()

    assert "This payout is already rejected." in refusal.text
    assert "**💎\xa035** available" in after.text
    assert "paid out so far" not in after.text
    assert acts(shop, town) == [town.sam.user.id, town.sam.user.id]


async def test_a_payout_that_was_paid_meanwhile_is_not_rejected(shop: Rig, town: Town) -> None:
    form = await (await town.sam.click(await approved(town), "Reject")).modal()
    await send_form(town.olive, await opened(town.olive), "Record the payment", "PayPal 7XY")
    refusal = await send(town.sam, form, "We have no account of yours")
    after = await (await town.noor.slash("creator earnings")).message()

    assert "This payout is already paid." in refusal.text
    assert "**💎\xa05** available" in after.text
    assert "**💎\xa030** paid out so far" in after.text
    assert acts(shop, town) == [town.sam.user.id, town.olive.user.id]


async def test_a_creator_takes_a_request_back(town: Town) -> None:
    status = await ask(town)
    again = await (await town.noor.slash("creator payout")).message()
    end = await (await town.noor.click(status, "Take the request back")).message()
    question = await (await town.noor.slash("creator payout")).message()

    assert "Waiting for approval" in again.text
    assert "took the request back" in end.text
    assert "**💎\xa035**" in question.text


async def test_what_cannot_be_requested_is_said(town: Town) -> None:
    too_much = await (await town.noor.slash("creator payout", amount=36)).message()
    too_little = await (await town.noor.slash("creator payout", amount=9)).message()
    nothing = await (await town.mia.slash("creator payout")).message()

    assert "You have 💎\xa035 available. Enter at most that much." in too_much.text
    assert "Payouts start at 💎\xa010." in too_little.text
    assert "You have 💎\xa035 available, so ask for at least that much." in too_little.text
    assert "You have 💎\xa00 available. </creator earnings:" in nothing.text
    assert "what you've earned so far." in nothing.text
    assert "held" not in nothing.text


async def test_nobody_decides_about_their_own_payout_and_auditors_only_see(shop: Rig, town: Town) -> None:
    treasurer = await staff(shop, town, "treasurer")
    auditor = await staff(shop, town, "auditor")
    town.noor, noor = treasurer, town.noor
    await town.let_staff_create()
    await town.approve(treasurer)
    await order_and_give(town, treasurer)
    await ask(town, 15)
    town.noor = noor
    own = await opened(treasurer)
    number = own.text.partition("Payout #")[2].split()[0]
    approving = await (await treasurer.slash("payouts approve", payout=number, raw=True)).message()
    audit_panel = await opened(auditor)
    refusal = await (await auditor.slash("payouts approve", payout=number, raw=True)).message()
    early = await (await town.sam.slash("payouts paid", payout=number, reference="X", raw=True)).message()
    approval = await (await town.sam.slash("payouts approve", payout=number, raw=True)).message()
    twice = await (await town.sam.slash("payouts paid", payout=number, reference="X", raw=True)).message()
    payment = await (await town.olive.slash("payouts paid", payout=number, reference="X9", raw=True)).message()
    late = await (await town.olive.slash("payouts reject", payout=number, reason="x", raw=True)).message()

    assert labels(own) == ["Reject", "All payouts"]
    for message in (own, approving):
        assert "This is your own payout" in message.text
    assert labels(audit_panel) == ["All payouts"]
    assert "Only treasurers can decide about payouts." in audit_panel.text
    assert "approved this" not in refusal.text
    assert "Nobody has approved this payout yet." in early.text
    assert f"<@{town.sam.user.id}> approved this" in approval.text
    assert "You approved this payout, so somebody else has to record the payment." in twice.text
    assert "X9" in payment.text
    assert "already paid" in late.text


async def order_and_give(town: Town, creator: Person) -> None:
    """Have Mia buy another package, and spend half of it on a creator."""
    panel, code = await order_by(town, "manual")
    await confirm(town.sam, await opened_order(town.sam, code), f"8XY{town.guild.id}")
    await wait_text(panel, r"Receipt #\d+\b")
    await town.give(town.mia, "Warm Heart", creator, count=4)


async def test_what_a_payout_has_answered_counts_as_shown(shop: Rig, town: Town) -> None:
    status = await ask(town)
    requested_seq = newest(shop, town)
    await (await town.noor.click(status, "Take the request back")).wait_for_answer()

    async def are_shown() -> bool:
        query = "SELECT seq FROM cursors WHERE guild_id = ? AND follower = 'replies'"
        return books.rows(shop.database, query, town.guild.id) == [(requested_seq + 1,)]

    # After a restart, nothing beyond that is told again.
    await until(are_shown)


def newest(shop: Rig, town: Town) -> int:
    """Return the number of the newest receipt."""
    return books.only_value(shop.database, "SELECT max(seq) FROM journal WHERE guild_id = ?", town.guild.id)
