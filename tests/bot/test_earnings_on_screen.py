"""/creator earnings over the wire: what is available and held, for the creator and for treasurers, and for how long."""

import pytest

from tests.bot.noted_shop import order_by, payments_page, set_up_kofi, support
from tests.bot.picking import part
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town


@pytest.fixture
async def page(shop_town: Town) -> str:
    """The Ko-fi page of the guild, which is set up, and where Noor is a creator."""
    await (await shop_town.sam.slash("packages edit", package="1", archived=False)).message()
    name = f"page{shop_town.guild.id}"
    await set_up_kofi(shop_town.olive, page=name)
    await shop_town.approve(shop_town.noor)
    return name


async def buy(rig: Rig, town: Town, page: str) -> None:
    panel, code = await order_by(town, "kofi")
    await support(rig, f"for you {code}", page=page)
    await wait_text(panel, r"Receipt #\d+\b")


async def test_a_creator_reads_what_is_held_and_why(shop: Rig, shop_town: Town, page: str) -> None:
    await buy(shop, shop_town, page)
    await shop_town.give(shop_town.mia, "Warm Heart", shop_town.noor, count=4, anonymous=True)

    answer = await (await shop_town.noor.slash("creator earnings")).message()

    assert answer.ephemeral_for == shop_town.noor.user.id
    assert "**💎\xa00** available" in answer.text
    assert "**💎\xa020** held" in answer.text
    assert "☕ Ko-fi: 💎\xa020 until <t:" in answer.text
    assert "**💎\xa020** from ☕ Ko-fi" in answer.text
    assert "Anonymous gifts brought 💎\xa020 in all." in answer.text
    assert "Gifts of promo coins earn nothing here." in answer.text
    assert str(shop_town.mia.user.id) not in answer.text

    statement = await (await shop_town.noor.click(answer, "Statements")).message()
    menu = part(statement, "statement-pick")
    this_month = menu["options"][0]["value"]
    statement = await (await shop_town.noor.select(statement, menu["custom_id"], this_month)).message()

    assert statement.ephemeral_for == shop_town.noor.user.id
    assert "This month isn't over" in statement.text
    assert [file.filename.split("-")[0] for file in statement.attachments] == ["statement.png", "statement"]
    assert "Your share of gifts 💎\xa020 (1 entry)" in (statement.attachments[0].description or "")
    assert str(shop_town.mia.user.id) not in statement.text


async def test_staff_shorten_the_hold_of_the_next_gifts(shop: Rig, shop_town: Town, page: str) -> None:
    await buy(shop, shop_town, page)
    panel = await payments_page(shop_town.olive)
    modal = await (await shop_town.olive.click(panel, "Hold earnings")).modal()
    await (await shop_town.olive.submit(modal, **{"Ko-fi": "0"})).message()
    await shop_town.give(shop_town.mia, "Warm Heart", shop_town.noor, count=2)

    answer = await (await shop_town.noor.slash("creator earnings")).message()

    assert "Earnings are available at once." in (await payments_page(shop_town.olive)).text
    assert "**💎\xa010** available" in answer.text
    assert "held" not in answer.text.replace("never held", "")


async def test_only_treasurers_and_auditors_see_what_others_have_earned(shop_town: Town) -> None:
    town = shop_town
    refusal = await (await town.mia.slash("creator earnings", creator=town.noor.user)).message()
    own = await (await town.mia.slash("creator earnings", creator=town.mia.user)).message()
    of_another = await (await town.sam.slash("creator earnings", creator=town.noor.user)).message()

    assert "available" not in refusal.text
    assert "**💎\xa00** available" in own.text
    assert str(town.noor.user.id) in of_another.text
