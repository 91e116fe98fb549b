"""What managers do with packages, catalogue, creators, coins and settings, and how each can be refused."""

import re
from datetime import UTC, datetime

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.test_cases import staff
from tests.rig import Rig, Town
from tests.shown import numbers


async def manage(town: Town, command: str, **options: object) -> str:
    """Have the moderator use a command, and return the answer."""
    return (await (await town.sam.slash(command, raw=True, **options)).message()).text


@pytest.mark.parametrize(
    ("price", "currency"),
    [
        ("0", "USD"),
        ("-1", "USD"),
        ("1.999", "USD"),
        ("abc", "USD"),
        ("1e3", "USD"),
        ("1.5", "JPY"),
        ("1", "XYZ"),
        ("1", ""),
    ],
)
async def test_a_package_with_an_impossible_price_is_refused(town: Town, price: str, currency: str) -> None:
    answer = await manage(town, "packages add", coins=10, price=price, currency=currency)
    listing = await manage(town, "packages list")

    assert "charged" not in answer
    assert "🪙\xa010**" not in listing


async def test_a_package_without_a_currency_takes_the_shops(town: Town) -> None:
    dollars = await manage(town, "packages add", coins=77, price="1.50")
    first = (await town.sam.autocomplete("packages edit", "package", package="70"))[0]["value"]
    await manage(town, "packages edit", package=first, currency="EUR")
    euros = await manage(town, "packages add", coins=88, price="1.50")

    assert "$1.50" in dollars
    assert "€1.50" in euros


async def test_a_package_goes_through_its_whole_life(rig: Rig, town: Town) -> None:
    await manage(town, "packages add", coins=1_234, price="12,50", currency="eur", limit=2)
    choices = await town.sam.autocomplete("packages edit", "package", package="1,234")
    package = choices[0]["value"]
    edit = await manage(town, "packages edit", package=package, coins=2_000, bonus=50)
    archive = await manage(town, "packages archive", package=package)
    shop = await (await town.mia.slash("buy")).message()
    restoration = await manage(town, "packages edit", package=package, archived=False)
    unknown = await manage(town, "packages archive", package="12345")
    out_of_range = await manage(town, "packages archive", package=str(2**63))

    assert books.rows(
        rig.database,
        'SELECT coins, price_minor, currency, bonus_percent, "limit" FROM packages WHERE package_id = ?',
        int(package),
    ) == [(2_000, 1_250, "EUR", 50, 2)]
    assert "3,000" in edit
    assert "3,000" in archive
    assert "3,000" not in shop.text
    assert "3,000" in restoration
    assert "charged" not in unknown
    assert "charged" not in out_of_range


async def test_a_price_keeps_its_number_in_another_currency_or_has_to_be_given(rig: Rig, town: Town) -> None:
    dinars = await manage(town, "packages edit", package="1", currency="KWD")
    yen = await manage(town, "packages edit", package="2", currency="JPY")
    priced_yen = await manage(town, "packages edit", package="3", currency="JPY", price="1500")

    assert "KWD" in dinars
    assert "0.990" in dinars
    assert "4.99" in yen
    assert "charged" not in yen
    assert "¥1,500" in priced_yen
    assert books.rows(
        rig.database,
        "SELECT price_minor, currency FROM packages WHERE guild_id = ? AND package_id < 4 ORDER BY package_id",
        town.guild.id,
    ) == [(990, "KWD"), (499, "USD"), (1_500, "JPY")]


async def test_an_item_goes_through_its_whole_life(town: Town) -> None:
    addition = await manage(town, "catalogue add", name="  Tea\u202e party ", emoji="🫖", price=25)
    duplicate = await manage(town, "catalogue add", name="TEA PARTY", emoji="🍵", price=30)
    two_emoji = await manage(town, "catalogue add", name="Two", emoji="🍵🍵", price=30)
    no_name = await manage(town, "catalogue add", name="\u200b", emoji="🍵", price=30)
    edit = await manage(town, "catalogue edit", item="Tea party", price=26, stock=5)
    town.forbid_files()
    catalogue = await (await town.mia.slash("gifts")).message()
    await manage(town, "catalogue archive", item="Tea party")
    catalogue_without = await (await town.mia.slash("gifts")).message()

    assert "Tea party" in addition
    assert all("charged" not in answer for answer in (duplicate, two_emoji, no_name))
    assert "26" in edit
    assert "Tea party" in catalogue.text
    assert "Tea party" not in catalogue_without.text


async def test_a_name_that_an_archived_item_had_means_the_one_that_has_it_now(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await manage(town, "catalogue archive", item="Petal")
    await manage(town, "catalogue add", name="Petal", emoji="🌼", price=7)

    receipt = await town.give(town.mia, "petal", town.noor)

    assert "7 coins" in receipt.text


async def test_a_price_change_leaves_past_gifts_alone(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Spark", town.noor)
    await manage(town, "catalogue edit", item="Spark", price=50)

    assert books.gift_coins(rig.database, town.guild.id) == 5


async def test_creators_are_approved_once_removed_once_and_never_bots(rig: Rig, town: Town) -> None:
    first = await manage(town, "creators approve", member=town.noor.user)
    second = await manage(town, "creators approve", member=town.noor.user)
    a_bot = await manage(town, "creators approve", member=rig.world.bot_user)
    removal = await manage(town, "creators remove", member=town.noor.user)
    second_removal = await manage(town, "creators remove", member=town.noor.user)

    assert "charged" not in first + removal
    assert all("charged" not in answer for answer in (second, a_bot, second_removal))


async def test_a_grant_needs_a_reason_and_shows_in_the_wallet(rig: Rig, town: Town) -> None:
    blank = await manage(town, "coins grant", member=town.mia.user, amount=5, reason="\u200b")
    await manage(town, "coins grant", member=town.mia.user, amount=1_500, reason="won the *quiz*")
    wallet = await town.balance(town.mia)

    assert "charged" not in blank
    assert "1,500" in wallet
    assert "quiz" in wallet


async def test_a_bot_has_no_wallet_to_grant_to(rig: Rig, town: Town) -> None:
    answer = await manage(town, "coins grant", member=rig.world.bot_user, amount=5, reason="x")

    assert "Bots can't have coins" in answer
    assert "charged" not in answer


async def test_an_offer_that_ends_before_it_begins_is_refused(town: Town) -> None:
    options = {"name": "Never", "emoji": "⏳", "price": 5, "from": "2030-12-24", "until": "2030-12-23"}
    answer = await manage(town, "catalogue add", **options)

    assert "Nothing was changed" in answer


async def test_a_date_that_is_over_is_refused(town: Town) -> None:
    blank = {"name": "Never", "emoji": "⏳", "price": 5}
    for command, options in (("catalogue add", blank), ("catalogue edit", {"item": "1"})):
        for option, date in (
            ("until", "1969-12-31"),
            ("until", "1970-01-01"),
            ("until", "2020-01-01"),
            ("from", "2020-01-01"),
        ):
            answer = await manage(town, command, **options | {option: date})
            assert "has already passed" in answer
            assert "Nothing was changed" in answer

    assert "Never" not in await manage(town, "catalogue list")


async def test_an_offer_may_begin_today(town: Town) -> None:
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    answer = await manage(town, "catalogue add", name="Today", emoji="📅", price=5, **{"from": today})

    assert "Today" in answer
    assert "passed" not in answer


async def test_a_price_that_can_be_read_in_two_ways_is_asked_about(town: Town) -> None:
    for language, price, currency, sentence in (
        ("en-US", "1,000", "KWD", "“1,000” can mean two things. Write 1000 or 1.000."),
        ("de", "1.000", "KWD", "Schreib 1000 oder 1,000."),
        ("en-US", "1,000", "JPY", "I can't read “1,000” as a price. Do you mean 1000?"),
    ):
        town.sam.user.locale = language
        assert sentence in await manage(town, "packages add", coins=77, price=price, currency=currency)
        assert sentence in await manage(town, "packages edit", package="1", price=price, currency=currency)

    assert "77" not in numbers(await manage(town, "packages list"))


async def test_a_price_is_read_with_the_decimals_of_its_writers_language(town: Town) -> None:
    town.sam.user.locale = "de"
    answer = await manage(town, "packages add", coins=77, price="1,250", currency="KWD")

    assert "1,250" in answer


async def test_the_same_grant_delivered_twice_grants_once(rig: Rig, town: Town) -> None:
    exchange = await town.sam.slash("coins grant", member=town.mia.user, amount=10, reason="once")
    await exchange.message()
    rig.server.redeliver(exchange.interaction.id, times=4)

    assert "10 coins" in await town.balance(town.mia)
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 1


async def fill_form(town: Town, panel: Message, label: str, *values: str) -> Message:
    """Open a form of the settings panel, fill in its fields in order, and return the answer."""
    modal = await (await town.sam.click(panel, label)).modal()
    fields = [find_input(item) for item in modal.components]
    exchange = await town.sam.submit(modal, **dict(zip(fields, values, strict=True)))
    return await exchange.message()


def find_input(component: dict) -> str:
    """Return the custom_id of the input in a row or label of a modal."""
    inner = component.get("component") or component["components"][0]
    return inner["custom_id"]


async def test_settings_change_at_once_and_refuse_nonsense(rig: Rig, town: Town) -> None:
    panel = await (await town.sam.slash("settings")).message()
    await fill_form(town, panel, "💎", "70", "10")
    await fill_form(town, panel, "✋", "50")
    await fill_form(town, panel, "🕛", "Europe/Berlin")
    too_much = await fill_form(town, panel, "💎", "101", "0")
    nowhere = await fill_form(town, panel, "🕛", "Mars/Olympus")

    assert books.rows(
        rig.database,
        "SELECT share_percent, promo_share_percent, confirm_above, time_zone FROM guilds WHERE guild_id = ?",
        town.guild.id,
    ) == [(70, 10, 50, "Europe/Berlin")]
    assert "charged" not in too_much.text
    assert "Mars/Olympus" in nowhere.text


async def test_the_new_share_counts_from_the_next_gift_on(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 200)
    panel = await (await town.sam.slash("settings")).message()
    await town.give(town.mia, "Paper Crane", town.noor)
    await fill_form(town, panel, "💎", "50", "10")
    await town.give(town.mia, "Paper Crane", town.noor)

    assert "💎\xa09" in await town.balance(town.noor)  # a tenth of 99, rounded down, and only from the second gift


async def test_a_share_of_promo_coins_warns_and_each_change_of_shares_stands_beside_the_creators(town: Town) -> None:
    await town.approve(town.noor)
    panel = await (await town.sam.slash("settings")).message()
    before = panel.text
    after = (await fill_form(town, panel, "💎", "30", "10")).text
    listed = (await (await town.sam.slash("creators list")).message()).text

    warning = "Promo coins are free, but here they become earnings."
    assert [warning in text for text in (before, after)] == [False, True]
    assert re.search(r"From <t:\d+:\w> on: 30% of bought coins", listed)
    by = f"changed by <@{town.sam.user.id}>"
    for change in ("50% → 30% of bought coins", "0% → 10% of promo coins"):
        assert re.search(rf"{change} from <t:\d+:\w> on, {by}", listed)


@pytest.mark.parametrize("family", ["packages", "catalogue"])
async def test_a_list_says_how_to_change_it_to_whoever_may(rig: Rig, town: Town, family: str) -> None:
    auditor = await staff(rig, town, "auditor")

    texts = [(await (await person.slash(f"{family} list", raw=True)).message()).text for person in (town.sam, auditor)]

    assert ["or change one with" in text for text in texts] == [True, False]
