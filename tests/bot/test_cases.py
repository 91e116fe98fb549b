"""Payments that no rule settles wait for treasurers, who add the coins, send the money back, or close the case."""

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests import books
from tests.bot.buying import buy_package, link_of
from tests.bot.picking import pressable
from tests.bot.test_boards import buttons as labels
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town, until

OUTCOME = "SELECT outcome FROM payment_cases WHERE guild_id = ?"


async def staff(rig: Rig, town: Town, name: str) -> Person:
    """Return a member with a staff role that was set in /settings."""
    panel = await (await town.sam.slash("settings")).message()
    await (await town.sam.click(panel, "Staff roles")).wait_for_answer()
    role = rig.world.add_role(town.guild, name)
    select = next(
        item for item in pressable(panel) if item["type"] == 6 and name in str(item.get("placeholder", "")).lower()
    )
    await (await town.sam.select(panel, select["custom_id"], role)).wait_for_answer()
    user = rig.world.add_user(f"{name}{town.guild.id}")
    rig.world.join(town.guild, user, roles=[role])
    return Person(rig.world, user, town.general)


async def odd_payment(rig: Rig, town: Town) -> Message:
    """Have Mia pay half of a package, and return her panel once staff have a case."""
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel), "pay-half")
    await wait_text(panel, "under review")
    return panel


async def opened_case(person: Person) -> Message:
    """Open the only case from the list."""
    panel = await (await person.slash("cases", raw=True)).message()
    return await (await person.click(panel, "Open case #1")).message()


async def test_a_treasurer_adds_the_coins_and_the_buyer_hears_with_their_next_reply(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    panel = await opened_case(town.sam)
    offered = labels(panel)
    decided = await (await town.sam.click(panel, "Add 🪙\xa070")).message()
    decision = decided.text
    empty = await (await town.sam.click(decided, "All cases")).message()
    await town.balance(town.mia)

    async def heard() -> bool:
        return any("Your payment went through: 🧪\xa070 test coins" in message.text for message in town.mia.messages)

    await until(heard)
    assert not any("Discord didn't accept my reply" in message.text for message in town.mia.messages)
    assert offered == ["Add 🪙\xa070", "Send $0.49 back", "Close the case", "Freeze", "All cases"]
    assert f"<@{town.sam.user.id}> added the coins" in decision
    assert "No payments need a review" in empty.text
    assert "70 test coins" in await town.balance(town.mia)


async def test_a_treasurer_sends_the_money_back(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    panel = await opened_case(town.sam)
    decided = await (await town.sam.click(panel, "Send $0.49 back")).message()
    (session,) = [
        session
        for session in rig.checkout.sessions.changed(0, "", 100)[0]
        if str(town.guild.id) in session.purchase.order_id
    ]

    assert "sent the money back" in decided.text
    assert (session.status, session.refunded_minor) == ("refunded", 49)
    assert books.only_value(rig.database, OUTCOME, town.guild.id) == "returned"
    assert "0 coins" in await town.balance(town.mia)


async def test_a_treasurer_decides_nothing_about_their_own_payment_and_reads_who_can(rig: Rig, town: Town) -> None:
    town.mia = await staff(rig, town, "treasurer")
    await odd_payment(rig, town)
    case = await opened_case(town.mia)

    assert labels(case) == ["All cases"]
    assert "so another treasurer has to decide. If you're the only one, ask someone with Manage Server." in case.text


async def test_after_a_partial_refund_only_the_rest_is_offered_and_sent_back(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout, "pay-half")
    await wait_text(panel, "under review")
    await rig.pay(checkout, "refund-half")

    async def has_moved() -> bool:
        query = "SELECT refunded_minor FROM orders WHERE guild_id = ?"
        return books.only_value(rig.database, query, town.guild.id) == 24

    await until(has_moved)
    await (await town.sam.click(await opened_case(town.sam), "Send $0.25 back")).message()
    (session,) = [
        session
        for session in rig.checkout.sessions.changed(0, "", 100)[0]
        if str(town.guild.id) in session.purchase.order_id
    ]

    assert session.refunded_minor == 49


async def test_what_somebody_has_decided_is_not_decided_again(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    first, second = await opened_case(town.sam), await opened_case(town.olive)
    await (await town.sam.click(first, "Close the case")).message()
    refusal = await (await town.olive.click(second, "Send $0.49 back")).message()

    assert "Case #1 has already been decided" in refusal.text
    assert books.only_value(rig.database, OUTCOME, town.guild.id) == "closed"


async def test_an_auditor_sees_cases_and_decides_nothing(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    panel = await opened_case(await staff(rig, town, "auditor"))

    assert labels(panel) == ["All cases"]
    assert "Only treasurers can decide" in panel.text


async def test_a_dispute_is_closed_by_hand_and_its_money_is_not_offered_back(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await rig.pay(checkout, "dispute")
    await wait_text(panel, "disputed")
    case = await opened_case(town.sam)

    assert labels(case) == ["Get the evidence", "Close the case", "Freeze", "All cases"]


async def test_who_has_just_read_a_case_is_not_told_of_it_again(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    panel = await (await town.sam.slash("cases", raw=True)).message()
    await (await town.sam.slash("packages list")).message()
    await town.balance(town.sam)

    assert "Case #1" in panel.text
    assert [message for message in town.sam.messages if "You paid" in message.text or "$0.49" in message.text] == [
        panel
    ]


async def test_a_guild_without_cases_says_so(town: Town) -> None:
    panel = await (await town.sam.slash("cases", raw=True)).message()

    assert "No payments need a review" in panel.text
    assert labels(panel) == ["Find an order"]


async def disputed_case(rig: Rig, town: Town) -> None:
    """Have Mia buy 70 coins, give seven of them to Noor, and dispute the payment."""
    await town.approve(town.noor)
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await town.give(town.mia, "Petal", town.noor, count=7)
    await rig.pay(checkout, "dispute")
    await wait_text(panel, "disputed")


async def test_auditors_and_treasurers_get_the_evidence_for_a_dispute_as_a_file(rig: Rig, town: Town) -> None:
    await disputed_case(rig, town)
    auditor = await staff(rig, town, "auditor")
    case = await opened_case(auditor)
    reply = await (await auditor.click(case, "Get the evidence")).message()
    (file,) = reply.attachments
    async with rig.http.get(file.url) as answer:
        text = await answer.text()

    assert "Get the evidence" in labels(case)
    assert reply.ephemeral_for == auditor.user.id
    assert "The evidence is due <t:" in reply.text
    assert file.filename == "evidence-case-1.txt"
    assert "“Add my coins as soon as my payment arrives.”" in text
    assert f"7 × Petal for creator Noor ({town.noor.user.id}), 7 coins of this purchase" in text
    assert f"https://discord.com/channels/{town.guild.id}/{town.general.id}" in text
    assert "evidence due by" in text


async def test_a_channel_without_files_says_where_to_get_the_evidence(rig: Rig, town: Town) -> None:
    await disputed_case(rig, town)
    town.forbid_files()
    reply = await (await town.sam.click(await opened_case(town.sam), "Get the evidence")).message()

    assert reply.attachments == []
    assert "I can't attach files in this channel" in reply.text
