"""Controls that are rarely pressed: the ways back, the menus for a second choice, and the forms behind them."""

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests.bot.buying import order_package
from tests.bot.picking import part, pressable
from tests.bot.test_challenges_on_screen import draft_with_prizes
from tests.bot.test_hostile import BUTTON, control_of
from tests.bot.test_leaving_acts import fill_in
from tests.faults.hostile import base36
from tests.rig import Town
from tests.ui.test_panels import pressed


async def send_form(person: Person, panel: Message, action: str, *values: str) -> Message:
    """Have somebody fill in the form behind a button, and return what they see afterwards."""
    form = await person.press(panel, part(panel, action)).modal()
    fields = {field["custom_id"]: value for field, value in zip(form.fields, values, strict=True)}
    return await (await person.submit(form, **fields)).message()


async def test_whoever_cancels_an_order_finds_the_other_packages(town: Town) -> None:
    panel = await order_package(town)
    await pressed(town.mia, panel, "buy-cancel")

    shop = await pressed(town.mia, panel, "See all packages")

    assert "Pick a package to buy it" in shop.text


async def test_a_member_is_blocked_from_the_menu_and_the_anonymous_gifts_lead_back(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    await town.give(town.mia, "Petal", town.noor, anonymous=True)
    panel = await (await town.noor.slash("creator block")).message()
    panel = await pressed(town.noor, panel, "block-anonymous")
    panel = await pressed(town.noor, panel, "block-list")

    panel = await (await town.noor.select(panel, part(panel, "block-member")["custom_id"], town.leo.user)).message()

    assert f"<@{town.leo.user.id}>" in panel.text


async def test_a_word_that_nobody_may_send_is_refused_with_every_gift(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await pressed(town.sam, await (await town.sam.slash("settings")).message(), "Creators")
    await send_form(town.sam, panel, "settings-words", "goose")

    refusal = await town.give(town.mia, "Petal", town.noor, message="silly goose")

    assert "“\u2068goose\u2069” isn't allowed here." in refusal.text


async def test_a_prize_is_changed_and_removed_before_the_challenge_is_posted(town: Town) -> None:
    draft = await draft_with_prizes(town)
    menu = part(draft, "Add or change a prize")
    page = await (await town.sam.select(draft, menu["custom_id"], menu["options"][0]["value"])).message()

    page = await send_form(town.sam, page, "challenge-prize:", "1", "", "700", "", "")
    changed_text = page.text
    draft = await pressed(town.sam, page, "challenge-prize-off")

    assert "🪙\xa0700 coins" in changed_text
    assert "First place" not in draft.text
    assert "a song of your choice" in draft.text


async def test_of_two_challenges_the_other_one_is_in_a_menu(town: Town) -> None:
    for name in ("Autumn cup", "Winter cup"):
        draft = await (await town.sam.slash("challenge add", name=name, days=2)).message()
        await fill_in(town, draft, "Points", "2/1000", "", "", "")
        await (await town.sam.click(draft, "Post it here")).message()
    page = await (await town.mia.slash("challenges")).message()
    second = next(option for option in part(page, "challenge-shown")["options"] if not option.get("default"))

    page = await (await town.mia.select(page, part(page, "challenge-shown")["custom_id"], second["value"])).message()

    assert second["label"] in page.text


async def test_stats_are_shown_for_another_period_and_any_month(town: Town) -> None:
    await town.approve(town.noor)
    panel = await (await town.noor.slash("creator stats")).message()
    menu = part(panel, "stats-period")
    panel = await (await town.noor.select(panel, menu["custom_id"], "All time")).message()
    menu = part(panel, "stats-period")
    periods = [option["label"] for option in menu["options"] if option.get("default")]
    form = await (await town.noor.select(panel, menu["custom_id"], "Another month or day …")).modal()

    panel = await (await town.noor.submit(form, **{form.fields[0]["custom_id"]: "2026-01"})).message()

    assert periods == ["All time"]
    assert "January 2026" in panel.text


async def test_a_members_data_is_two_presses_from_their_privacy(town: Town) -> None:
    panel = await (await town.mia.slash("privacy settings")).message()

    file = await pressed(town.mia, panel, "privacy-export")
    question = await pressed(town.mia, panel, "privacy-delete")

    assert file.attachments
    assert "Delete my data" in [each["label"] for each in pressable(question)]


async def test_a_gift_for_several_and_a_panel_of_an_earlier_version_are_closed(town: Town) -> None:
    await town.approve(town.noor, town.leo)
    await town.grant(town.mia, 3_000)
    noor, leo = town.noor.user, town.leo.user
    panel = await (await town.mia.slash("gift-team", gift="Northern Lights", creator=noor, second=leo)).message()
    answer = await pressed(town.mia, panel, "team-close")
    older = await (await town.mia.slash("balance")).message()

    outdated = await town.mia.press(
        older, control_of(older, f"gift-cancel:{base36(town.mia.user.id)}", BUTTON)
    ).message()

    assert "Not sent" in answer.text
    assert "Closed." in outdated.text
