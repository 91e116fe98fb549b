"""Limits on buying in Discord: what a buyer reads, where coins are sold, and how staff choose both in /settings."""

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.buying import buy_package, labels, link_of, order_package
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town

FORM = ("currency", "daily", "held", "days")


async def limits_page(town: Town) -> Message:
    """Have Sam open the page about limits."""
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Payments")).message()
    return await (await town.sam.click(panel, "Limits")).message()


async def change_limits(town: Town, page: Message, *values: str) -> Message:
    """Have Sam fill in the form: currency, sum per day, sum of unspent coins, and days."""
    form = await (await town.sam.click(page, "Change limits")).modal()
    filled = {field["custom_id"]: value for field, value in zip(form.fields, values, strict=True)}
    return await (await town.sam.submit(form, **filled)).message()


async def test_a_manager_sets_limits_and_a_buyer_reads_why_not(rig: Rig, town: Town) -> None:
    page = await limits_page(town)
    before = page.text
    changed = (await change_limits(town, page, "usd", "5", "", "0")).text
    panel = await buy_package(town, "350 ")
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #\d")
    refusal = await order_package_refused(town)

    assert "USD" in before
    assert "$500.00" in before
    assert "$2,000.00" in before
    assert "$5.00" in changed
    assert "No limit" in changed
    assert "That's more than $5.00 in 24 hours" in refusal
    assert books.only_value(rig.database, "SELECT count(*) FROM orders WHERE guild_id = ?", town.guild.id) == 1


async def order_package_refused(town: Town) -> str:
    """Have Mia ask for the smallest package, and return why she gets no form."""
    return (await (await town.mia.slash("buy", package="1")).message()).text


async def test_a_sum_that_is_none_is_refused_and_nothing_changes(town: Town) -> None:
    page = await limits_page(town)
    refusal = (await change_limits(town, page, "USD", "lots", "", "0")).text
    unknown = (await change_limits(town, page, "XYZ", "5", "", "0")).text

    assert "isn't a price in USD" in refusal
    assert "isn't a currency I know" in unknown
    assert "$500.00" in (await limits_page(town)).text


async def test_a_new_account_is_told_when_it_may_buy(town: Town) -> None:
    await change_limits(town, await limits_page(town), "USD", "500", "2000", "30")

    assert "has to be 30 days old" in await order_package_refused(town)


async def test_packages_in_another_currency_wait_for_a_rate(town: Town) -> None:
    await (await town.sam.slash("packages edit", package="1", currency="EUR")).message()
    page = await change_limits(town, await limits_page(town), "USD", "500", "2000", "0")
    before = (await (await town.sam.slash("packages list")).message()).text
    warning, refusal = page.text, await order_package_refused(town)
    form = await (await town.sam.click(page, "Exchange rates")).modal()
    (rate,) = form.fields
    await (await town.sam.submit(form, **{rate["custom_id"]: "1.08"})).message()

    listing = (await (await town.sam.slash("packages list")).message()).text

    assert "Nobody can buy packages in EUR yet" in before
    assert "Nobody can buy" not in listing
    assert "EUR: no rate" in warning
    assert "exchange rate for EUR" in refusal
    assert "1 EUR = 1.08 USD" in (await limits_page(town)).text
    assert "Open the checkout" in labels(await order_package(town))


async def test_coins_are_sold_only_in_age_restricted_channels_where_a_guild_wants_that(rig: Rig, town: Town) -> None:
    page = await limits_page(town)
    await (await town.sam.click(page, "Sell only to adults")).message()
    changed = page.text
    nowhere = (await (await town.mia.slash("buy")).message()).text
    lounge = rig.world.add_channel(town.guild, "lounge", nsfw=True)
    elsewhere = (await (await town.mia.slash("buy")).message()).text
    named = await order_package_refused(town)
    panel = await (await town.mia.at(lounge).slash("buy")).message()
    await (await town.sam.click(page, "Sell in all channels")).wait_for_answer()
    anywhere = (await (await town.mia.slash("buy")).message()).text

    assert "Only in age-restricted channels" in changed
    assert "none that you can see" in nowhere
    assert "Use </buy:" in elsewhere
    assert f"> in <#{lounge.id}>" in elsewhere
    assert f"<#{lounge.id}>" in named
    assert "Buy coins" in panel.text
    assert "Buy coins" in anywhere


@pytest.mark.usefixtures("town")
async def test_no_command_is_restricted_to_adults(rig: Rig) -> None:
    """An app that has such a command may not be in Discord's directory, so a guild chooses by its channels."""
    assert len(rig.world.commands) > 30
    assert [command["name"] for command in rig.world.commands if command["nsfw"]] == []


async def test_what_is_paid_beyond_the_limit_is_credited_and_shown_as_a_case(rig: Rig, town: Town) -> None:
    await change_limits(town, await limits_page(town), "USD", "5.50", "", "0")
    late = await buy_package(town, "350 ")
    checkout = link_of(late)
    await (await town.mia.click(late, "Cancel")).message()
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #1\b")
    await rig.pay(checkout)
    await wait_text(late, r"Receipt #2\b")
    cases = (await (await town.sam.slash("cases", raw=True)).message()).text

    assert "more than they may buy here" in cases
    assert "420 test coins" in await town.balance(town.mia)


async def test_staff_are_sent_the_guide_from_packages_and_from_settings(rig: Rig, town: Town) -> None:
    packages = await (await town.sam.slash("packages list", raw=True)).message()
    guide = await (await town.sam.click(packages, "Read the payment guide")).message()
    settings = await (await town.sam.slash("settings")).message()
    payments = await (await town.sam.click(settings, "Payments")).message()
    same = await (await town.sam.click(payments, "Read the payment guide")).message()
    async with rig.http.get(guide.attachments[0].url) as answer:
        text = await answer.text()
    town.forbid_files()
    without = await (await town.sam.click(payments, "Read the payment guide")).message()

    assert text.startswith("# Taking real money")
    assert [file.filename for file in (*guide.attachments, *same.attachments)] == ["money.md", "money.md"]
    assert "docs/money.md" in without.text
    assert without.attachments == []
