"""The wallet over the wire: balance with its buttons, and the history in all its views."""

from cogs.wallet.history import PURCHASES, PickView, ViewIds
from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.bot.buying import buy_package, link_of
from tests.bot.picking import part, pick_view
from tests.bot.test_cases import opened_case
from tests.bot.test_journeys import wait_text
from tests.bot.test_money_back import wait_state
from tests.rig import Rig, Town


async def press(person: Person, panel: Message, action: str) -> Message:
    return await (await person.click(panel, part(panel, action)["custom_id"])).message()


async def test_a_member_finds_everything_that_happened_to_their_coins(town: Town) -> None:
    mia = town.mia
    await town.approve(town.noor)
    await town.grant(mia, 500)
    for _ in range(7):
        await town.give(mia, "Petal", town.noor)
    await town.give(mia, "Petal", town.noor, anonymous=True)
    await (await mia.slash("budget set", period="month", amount=100)).message()

    balance = await (await mia.slash("balance")).message()
    assert "Your budget for this month has 🪙\xa092 coins left." in balance.text
    panel = await press(mia, balance, "history-open")
    assert "Receipt #9" in panel.text
    assert "Receipt #1 " not in panel.text
    older = await (await mia.click(panel, "Older")).message()
    assert "Granted" in older.text
    newer = await (await mia.click(older, "Newer")).message()
    assert "Receipt #9" in newer.text

    views = {"By month": "8 gifts", "By creator": f"<@{town.noor.user.id}>", "Purchases": "You haven't bought anything"}
    for label, words in views.items():
        panel = await pick_view(mia, panel, label)
        assert words in panel.text
        assert [option["label"] for option in part(panel, "history-view")["options"] if option.get("default")] == [
            label
        ]
    assert "Receipt #9" in (await pick_view(mia, panel, "Entries")).text


async def test_a_button_of_a_view_that_stands_on_an_older_panel_still_leads_there(town: Town) -> None:
    panel = await (await town.mia.slash("history")).message()
    menu = part(panel, "history-view")
    button = {"type": 2, "custom_id": PickView.id_for(ViewIds(town.mia.user.id, PURCHASES)), "label": "🛒", "style": 2}
    for row in walk(panel.components):
        if menu in row.get("components", []):
            row["components"] = [button]

    purchases = await (await town.mia.click(panel, "🛒")).message()

    assert "You haven't bought anything" in purchases.text


async def test_a_receipt_is_looked_up_by_its_owner_alone_and_all_of_them_saved(town: Town) -> None:
    mia, leo = town.mia, town.leo
    await town.grant(mia, 500)
    panel = await (await mia.slash("history")).message()
    form = await (await mia.click(panel, part(panel, "history-find")["custom_id"])).modal()
    receipt = await (await mia.submit(form, Number="#1")).message()
    assert "After that, you had 🪙\xa0500 coins." in receipt.text or "Granted" in receipt.text
    file = await press(mia, panel, "history-file")
    assert file.attachments

    others = await (await leo.slash("history")).message()
    form = await (await leo.click(others, part(others, "history-find")["custom_id"])).modal()
    refusal = await (await leo.submit(form, Number=1)).message()
    assert "There's no receipt with that number" in refusal.text


async def test_what_went_back_of_a_payment_stands_beside_its_price(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await rig.pay(checkout, "refund-half")
    await wait_text(panel, "Part of your payment was refunded")
    history = await (await town.mia.slash("history")).message()
    lookup = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()

    assert "Bought for $0.99 · Paid back: $0.49" in history.text
    assert "Bought for $0.99 · Paid back: $0.49" in lookup.text


async def test_whoever_paid_less_than_the_price_reads_what_they_paid(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout, "pay-half")
    await wait_text(panel, "under review")
    await (await town.sam.click(await opened_case(town.sam), "Add 🪙\xa070")).message()
    history = await (await town.mia.slash("history")).message()
    purchases = await pick_view(town.mia, history, "Purchases")
    lookup = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    await rig.pay(checkout, "refund-half")
    await wait_state(rig, town, "partially_refunded")
    refunded = await wait_text(panel, "Part of your payment was refunded")

    for text in (history.text, purchases.text, lookup.text):
        assert "$0.49" in text
        assert "$0.99" not in text
    assert "$0.24 of $0.49 is going back to you" in refunded.text


async def test_a_disputed_payment_is_not_called_paid_for_good(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await rig.pay(checkout, "dispute")
    await wait_text(panel, "Your payment is disputed")
    history = await (await town.mia.slash("history")).message()

    assert "Bought for $0.99 · disputed" in history.text
