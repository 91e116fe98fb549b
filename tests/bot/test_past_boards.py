"""Leaderboards of days and months that are over, and of the last 30 days, as members ask for them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from sandbox.discord.people import Person
from tests.bot.test_managers import fill_form
from tests.bot.test_menus import choose, chosen
from tests.rig import Town
from tests.ui.test_panels import component

BEHIND, AHEAD = "Pacific/Pago_Pago", "Pacific/Kiritimati"
"""Time zones 25 hours apart: moving from one to the other, a guild is always in a later day."""


async def move(town: Town, zone: str) -> None:
    """Move the guild to another time zone."""
    panel = await (await town.sam.slash("settings")).message()
    await fill_form(town, panel, "🕛", zone)


async def suggested(person: Person, typed: str) -> dict[str, str]:
    """Return the periods that are suggested, by what is sent for them."""
    return {
        str(choice["value"]): str(choice["name"])
        for choice in await person.autocomplete("leaderboard", "period", period=typed)
    }


async def test_a_day_that_is_over_is_found_in_the_list_in_the_menu_and_by_its_date(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 500)
    await move(town, BEHIND)
    day = datetime.now(UTC).astimezone(ZoneInfo(BEHIND)).date()
    name, month = format_date(day, "long", locale="en_US"), format_skeleton("yMMMM", day, locale="en_US")
    await town.give(town.mia, "Clover", town.noor)
    await town.give(town.mia, "Petal", town.noor, anonymous=True)
    await move(town, AHEAD)

    suggestions = await suggested(town.leo, "")
    assert [*suggestions][:6] == ["live", "today", "week", "month", "30days", "all"]
    assert suggestions[f"{day}"] == name
    assert (await suggested(town.leo, f"{day}"[:8]))[f"{day}"] == name
    assert (await suggested(town.leo, "2001-02-03")) == {"2001-02-03": "February 3, 2001"}

    board = await (await town.leo.slash("leaderboard", period=f"{day}")).message()
    assert f"Top gifters · {name}" in board.text
    assert f"<@{town.mia.user.id}> · **🪙\xa020**" in board.text
    assert AHEAD in board.text
    creators = await choose(town.leo, board, "board-board", "Top creators")
    # The anonymous gift counts for whoever received it.
    assert f"<@{town.noor.user.id}> · **🪙\xa021**" in creators.text

    own = await (await town.mia.slash("leaderboard", period="today")).message()
    assert "No gifts yet" in own.text
    await choose(town.mia, own, "board-period", name)
    assert f"<@{town.mia.user.id}> · **🪙\xa020**" in own.text
    assert chosen(own, "board-period") == name
    await choose(town.mia, own, "board-period", "Last 30 days")
    assert f"<@{town.mia.user.id}> · **🪙\xa020**" in own.text
    assert "Since <t:" in own.text
    of_month = await (await town.mia.slash("leaderboard", period=f"{day:%Y-%m}", creator=town.noor.user)).message()
    assert (f"Top gifters · {month}" in of_month.text, "🪙\xa020" in of_month.text) == (True, True)


async def test_any_date_can_be_typed_and_an_empty_one_says_so(town: Town) -> None:
    town.forbid_files()
    board = await (await town.mia.slash("leaderboard")).message()

    form = await (
        await town.mia.select(board, component(board, "board-period")["custom_id"], "Another month or day …")
    ).modal()
    await (await town.mia.submit(form, **{"Month or day": "2025-12"})).message()

    assert "Top gifters · December 2025" in board.text
    assert "Nobody is on this leaderboard for December 2025." in board.text
    assert chosen(board, "board-period") == "December 2025"
    form = await (
        await town.mia.select(board, component(board, "board-period")["custom_id"], "Another month or day …")
    ).modal()
    refusal = await (await town.mia.submit(form, **{"Month or day": "2025-13"})).message()
    assert "write a month like 2026\u201110" in refusal.text
    second_refusal = await (await town.mia.slash("leaderboard", period="someday")).message()
    assert "write a month like 2026\u201110" in second_refusal.text
    by_name = await (await town.mia.slash("leaderboard", period="this month")).message()
    assert "Top gifters · This month" in by_name.text
