"""Buying on Discord itself over the wire: the bot hears of a purchase never, once or often, and credits it once."""

import re
from functools import partial

import pytest

from sandbox.discord.model import Entitlement, Message, Sku
from sandbox.discord.model.commerce import EntitlementType
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from sandbox.discord.state.shop import PageOrder
from tests import books
from tests.bot.buying import consent, labels
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town, until
from tests.thoroughness import by_thoroughness

CONSUME = r"/entitlements/\d+/consume$"
PAGE_ORDERS = by_thoroughness(
    quick=[PageOrder.NEWEST_FIRST], full=[PageOrder.NEWEST_FIRST, PageOrder.OLDEST_FIRST], long=[*PageOrder]
)
CROWD = by_thoroughness(quick=101, full=101, long=250)
"""Members who have bought something. A page of Discord's holds 100 purchases."""
CREDITS = "SELECT count(*) FROM journal WHERE kind = 'order'"


async def start(rig: Rig, **changes: str) -> None:
    """Start a bot that sells the SKUs of the world."""
    skus = ", ".join(f"{sku.id}={sku.price_minor / 100:.2f} USD" for sku in rig.world.skus.values())
    await rig.start_bot(PAYMENT_PROVIDERS="discord_sku", DISCORD_SKUS=skus, **changes)


@pytest.fixture
def sku(own_rig: Rig) -> Sku:
    """What Discord sells."""
    return own_rig.world.add_sku("70 coins", price_minor=99)


@pytest.fixture
async def market(own_rig: Rig, sku: Sku) -> Town:
    """A guild whose smallest package is sold on Discord."""
    await start(own_rig)
    town = await own_rig.found_town()
    await sell(town, sku)
    return town


async def sell(town: Town, sku: Sku) -> None:
    """Have the moderator put the smallest package on sale."""
    answer = await town.sam.slash("packages edit", package="1", reference=str(sku.id), archived=False)
    assert "Package changed" in (await answer.message()).text


async def order(member: Person) -> Message:
    """Have a member order the package, up to Discord's button."""
    return await consent(member, await (await member.slash("buy", package="1")).modal())


async def has_ordered(member: Person) -> bool:
    """Order the package. A form that is sent before the library has noted it down is lost, as no person could."""
    return bool(premium_skus(await order(member)))


def premium_skus(message: Message) -> list[str]:
    return [part["sku_id"] for part in walk(message.components) if "sku_id" in part]


async def until_used(*purchases: Entitlement) -> None:
    """Wait until the bot has used purchases up, which it does once they are credited."""

    async def are_used() -> bool:
        return all(purchase.consumed for purchase in purchases)

    await until(are_used)


async def test_a_member_consents_then_pays_on_discords_button_and_can_buy_again(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    panel = await order(market.mia)
    waiting, buttons = panel.text, premium_skus(panel)
    consents = books.only_value(own_rig.database, "SELECT consent_version FROM orders")
    first = market.mia.purchase(panel)
    await wait_text(panel, r"Receipt #1\b")
    await until_used(first)
    again = await order(market.mia)
    second = market.mia.purchase(again)
    await wait_text(again, r"Receipt #2\b")
    await until_used(second)

    assert "Pay $0.99 for 🪙\xa070 coins on Discord" in waiting.replace("*", "")
    assert (buttons, consents) == ([str(sku.id)], 1)
    assert premium_skus(panel) == []
    assert "140" in await market.balance(market.mia)


async def test_three_reports_of_one_purchase_credit_it_once(own_rig: Rig, market: Town, sku: Sku) -> None:
    panel = await order(market.mia)

    purchase = own_rig.world.buy(market.mia.user, sku, events=3)
    await wait_text(panel, r"Receipt #1\b")
    await until_used(purchase)

    assert books.only_value(own_rig.database, CREDITS) == 1


async def test_what_was_bought_while_the_bot_was_away_is_credited_when_it_is_back(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    panel = await order(market.mia)
    await own_rig.stop_bot()
    purchase = own_rig.world.buy(market.mia.user, sku)
    await start(own_rig)

    await wait_text(panel, r"Receipt #1\b")
    await until_used(purchase)


async def test_what_the_gateway_never_reported_is_credited_after_a_reconnect(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    panel = await order(market.mia)
    purchase = own_rig.world.buy(market.mia.user, sku, events=0)
    await own_rig.server.gateway.drop()

    await wait_text(panel, r"Receipt #1\b")
    await until_used(purchase)


async def test_a_bot_that_dies_between_the_coins_and_their_acknowledgement_adds_none_twice(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    jam = own_rig.world.faults.answer("POST", CONSUME, 403, code=20012, times=None)
    panel = await order(market.mia)
    purchase = market.mia.purchase(panel)
    await wait_text(panel, r"Receipt #1\b")

    async def has_tried() -> bool:
        return jam.struck > 0

    await until(has_tried)
    await own_rig.kill_bot()
    await start(own_rig)

    async def has_tried_again() -> bool:
        return jam.struck > 1

    await until(has_tried_again)
    is_used_before = purchase.consumed
    await own_rig.kill_bot()
    own_rig.world.faults.clear()
    await start(own_rig)
    await until_used(purchase)

    assert not is_used_before
    assert books.only_value(own_rig.database, CREDITS) == 1


async def test_a_deletion_that_is_reported_twice_takes_the_coins_back_once(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    panel = await order(market.mia)
    purchase = market.mia.purchase(panel)
    await wait_text(panel, r"Receipt #1\b")
    await until_used(purchase)

    own_rig.world.refund(purchase, events=2)
    await wait_text(panel, "Your payment was refunded")

    assert books.only_value(own_rig.database, "SELECT count(*) FROM journal WHERE kind = 'reversal'") == 1


async def test_a_deletion_that_is_never_reported_is_found_in_the_list(own_rig: Rig, market: Town, sku: Sku) -> None:
    panel = await order(market.mia)
    purchase = market.mia.purchase(panel)
    await wait_text(panel, r"Receipt #1\b")
    await until_used(purchase)

    own_rig.world.refund(purchase, events=0)
    await own_rig.server.gateway.drop()

    await wait_text(panel, "Your payment was refunded")


async def test_a_purchase_for_no_server_is_asked_about_and_added_where_its_member_wants_it(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    purchase = own_rig.world.buy(market.mia.user, sku)
    dm = own_rig.world.open_dm(market.mia.user)

    async def question() -> Message | None:
        return next((it for it in own_rig.world.messages(dm.id) if "Which server" in it.text), None)

    inquiry = await until(question)
    panel = await (await market.mia.slash("buy")).message()
    offer, offer_labels = panel.text, labels(panel)
    form = await (await market.mia.click(panel, "Get your coins")).modal()
    answer = await consent(market.mia, form)
    await until_used(purchase)
    after = await (await market.mia.slash("buy")).message()

    assert inquiry is not None
    assert "Already paid" in offer
    assert offer_labels == ["Get your coins"]
    assert re.search(r"added.*70", answer.text)
    assert "Buy for $0.99" in labels(after)
    assert books.only_value(own_rig.database, CREDITS) == 1
    assert books.only_value(own_rig.database, "SELECT consent_version FROM orders") == 1


async def test_whoever_takes_no_direct_messages_is_asked_with_their_next_reply(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    market.mia.user.accepts_dms = False
    own_rig.world.buy(market.mia.user, sku)

    def questions() -> list[Message]:
        return [message for message in market.mia.messages if "Which server are your coins for?" in message.text]

    async def is_asked() -> bool:
        await (await market.mia.slash("balance")).message()
        return bool(questions())

    await until(is_asked)
    for _ in range(2):
        await (await market.mia.slash("balance")).message()

    assert [question.ephemeral_for for question in questions()] == [market.mia.user.id]


async def test_a_free_package_brings_promo_coins(own_rig: Rig, market: Town, sku: Sku) -> None:
    panel = await order(market.mia)

    gift = own_rig.world.buy(market.mia.user, sku, kind=EntitlementType.DEVELOPER_GIFT)
    await wait_text(panel, "Free coins from Discord")
    await until_used(gift)

    assert "Granted: \u2068Discord" in await market.balance(market.mia)
    assert books.only_value(own_rig.database, CREDITS) == 0


async def test_the_price_of_a_package_is_discords_price(market: Town) -> None:
    cheaper = await (await market.sam.slash("packages edit", package="1", price="0.98")).message()
    unknown = await (await market.sam.slash("packages edit", package="2", reference="12345")).message()
    freed = await (await market.sam.slash("packages edit", package="1", reference="0", price="0.98")).message()

    assert "Discord sells this package for $0.99" in cheaper.text
    assert "isn't an item that this bot sells on Discord" in unknown.text
    assert "Package changed" in freed.text


# What reads pages in whatever order they come is looked at in tests/payments, and what it writes in tests/services.
@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("page_order", PAGE_ORDERS)
async def test_more_members_than_are_on_a_page_who_bought_while_the_bot_was_away_all_get_their_coins(
    own_rig: Rig, sku: Sku, page_order: PageOrder
) -> None:
    own_rig.world.page_order = page_order
    await start(own_rig)
    town = await own_rig.found_town(members=CROWD)
    await sell(town, sku)
    for member in town.crowd:
        await until(partial(has_ordered, member))
    await own_rig.stop_bot()
    purchases = [own_rig.world.buy(member.user, sku) for member in town.crowd]
    await start(own_rig)

    async def are_credited() -> bool:
        return books.only_value(own_rig.database, CREDITS) == CROWD

    await until(are_credited)

    async def are_some_used() -> bool:
        # Discord lets a bot use up only a few each second.
        return sum(purchase.consumed for purchase in purchases) > 10

    await until(are_some_used)


async def test_a_purchase_of_an_unknown_type_waits_for_staff_who_are_sent_to_discord(
    own_rig: Rig, market: Town, sku: Sku
) -> None:
    panel = await order(market.mia)
    own_rig.world.buy(market.mia.user, sku, kind=EntitlementType.APPLICATION_SUBSCRIPTION)
    await wait_text(panel, "under review")

    overview = await (await market.sam.slash("cases", raw=True)).message()
    news = overview.text
    case = await (await market.sam.click(overview, "Open case #1")).message()

    assert "doesn't say whether anybody paid" in news
    assert "Only Discord can refund this" in case.text
    assert "https://support.discord.com" in case.text
