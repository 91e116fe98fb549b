"""Ko-fi: a notice with the code is a receipt, and everything else waits for staff."""

import pytest

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from sandbox.kofi.notices import token_of
from tests import books
from tests.bot.buying import labels, link_of
from tests.bot.noted_shop import PAGE, opened_case, order_by, payments_page, placeholder_of, set_up_kofi, support
from tests.bot.test_cases import staff
from tests.bot.test_journeys import wait_text
from tests.bot.test_menus import choose
from tests.rig import Rig, Town, until


@pytest.fixture
async def page(shop_town: Town) -> str:
    """The Ko-fi page of the guild, which is set up."""
    await (await shop_town.sam.slash("packages edit", package="1", archived=False)).message()
    name = f"page{shop_town.guild.id}"
    await set_up_kofi(shop_town.olive, page=name)
    return name


async def has_case(town: Town) -> bool:
    return "Case #1" in (await (await town.sam.slash("cases", raw=True)).message()).text


async def test_a_purchase_from_the_code_to_the_receipt(shop: Rig, shop_town: Town, page: str) -> None:
    panel, code = await order_by(shop_town, "kofi")
    link = link_of(panel)
    statuses = [await support(shop, f"for you {code}", page=page), await shop.kofi.repeat(page)]
    await wait_text(panel, r"Receipt #1\b")

    assert link.startswith(f"{shop.root}/kofi/{page}?")
    assert statuses == [200, 200]
    assert "70 coins" in await shop_town.balance(shop_town.mia)


async def test_the_pages_form_sends_what_the_link_filled_in(shop: Rig, shop_town: Town, page: str) -> None:
    panel, code = await order_by(shop_town, "kofi")
    async with shop.http.get(link_of(panel)) as response:
        html = await response.text()
    fields = {"amount": "0.99", "currency": "USD", "message": code, "kind": "Donation", "action": "send"}
    async with shop.http.post(f"{shop.root}/kofi/{page}", data=fields) as response:
        answer = await response.text()
    await wait_text(panel, r"Receipt #1\b")

    assert f'value="{code}"' in html
    assert 'value="0.99"' in html
    assert "Sent. The bot has the notice." in answer


async def test_a_wrong_token_is_refused_and_nothing_happens(shop: Rig, shop_town: Town, page: str) -> None:
    _, code = await order_by(shop_town, "kofi")
    status = await support(shop, code, page=page, token=token_of("another"))

    assert status == 400
    assert "0 coins" in await shop_town.balance(shop_town.mia)


async def test_a_wrong_amount_waits_for_staff_who_add_the_coins(shop: Rig, shop_town: Town, page: str) -> None:
    town = shop_town
    panel, code = await order_by(town, "kofi")
    await support(shop, code, page=page, amount="5.00")
    await wait_text(panel, "under review")
    case = await opened_case(town.sam)
    offered = labels(case)
    await (await town.sam.click(case, "Add 🪙\xa070")).message()

    assert offered == ["Record money sent back", "Add 🪙\xa070", "Close the case", "Freeze", "All cases"]
    assert "$5.00" in panel.text
    assert "70 coins" in await town.balance(town.mia)


async def test_a_payment_without_a_code_is_assigned_to_the_order(shop: Rig, shop_town: Town, page: str) -> None:
    town = shop_town
    panel, code = await order_by(town, "kofi")
    await support(shop, "no code, sorry", page=page)
    await until(lambda: has_case(town))
    case = await opened_case(town.sam)
    text = case.text
    order_id = books.only_value(shop.database, "SELECT order_id FROM orders WHERE guild_id = ?", town.guild.id)
    await (await town.sam.select(case, placeholder_of(case, "case-assign"), str(order_id))).message()
    await wait_text(panel, r"Receipt #1\b")

    assert code in text
    assert "without a code" in text
    assert "70 coins" in await town.balance(town.mia)


async def test_a_payment_without_an_order_is_assigned_to_a_member(shop: Rig, shop_town: Town, page: str) -> None:
    town = shop_town
    await choose(town.sam, await (await town.sam.slash("settings")).message(), "settings-language", "Deutsch")
    await support(shop, "surprise", page=page)
    await until(lambda: has_case(town))
    case = await opened_case(town.sam)
    question = await (await town.sam.select(case, placeholder_of(case, "case-member"), town.leo.user)).message()
    await (await town.sam.select(question, placeholder_of(question, "case-package"), "1")).message()

    async def is_credited() -> bool:
        return "70 coins" in await town.balance(town.leo)

    async def is_told() -> bool:
        receipts = shop.world.messages(shop.world.open_dm(town.leo.user).id, town.leo.user.id)
        return any("Zahlung erhalten" in message.text for message in receipts)

    await until(is_credited)
    # Nobody knows his language before he uses the bot.
    await until(is_told)


async def test_whoever_assigns_their_own_payment_reads_who_can(shop: Rig, shop_town: Town, page: str) -> None:
    town = shop_town
    treasurer = await staff(shop, town, "treasurer")
    await support(shop, "mine, but without a code", page=page)
    await until(lambda: has_case(town))

    async def assign_to_treasurer(person: Person) -> Message:
        case = await opened_case(person)
        menu = placeholder_of(case, "case-member")
        question = await (await person.select(case, menu, treasurer.user)).message()
        return await (await person.select(question, placeholder_of(question, "case-package"), "1")).message()

    own = await assign_to_treasurer(treasurer)
    coins = await town.balance(treasurer)
    await assign_to_treasurer(town.sam)

    async def is_credited() -> bool:
        return "70 coins" in await town.balance(treasurer)

    assert "so another treasurer has to decide. If you're the only one, ask someone with Manage Server." in own.text
    assert "🪙\xa00 coins" in coins
    await until(is_credited)


async def test_the_token_is_never_shown_again(shop_town: Town, page: str) -> None:
    panel = await payments_page(shop_town.olive)
    form = await (await shop_town.olive.click(panel, "Set up Ko-fi")).modal()
    values = [field.get("value") for field in form.fields]

    assert token_of(page) not in panel.text
    assert values == [page, None]


async def test_an_address_that_is_no_page_is_refused(shop_town: Town) -> None:
    answer = await set_up_kofi(shop_town.olive, page="https://example.com/me", token="x")

    assert "Enter the name of your Ko-fi page" in answer.text


async def test_a_token_of_another_server_is_refused(shop: Rig, shop_town: Town, page: str) -> None:
    other = await shop.found_town()
    answer = await set_up_kofi(other.olive, page=PAGE, token=token_of(page))

    assert "Another server" in answer.text
