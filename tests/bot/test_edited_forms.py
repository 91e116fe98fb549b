"""Forms that were refused are opened again as they were filled in, so that nobody types anything twice."""

from collections.abc import Mapping

import pytest

from sandbox.discord.model import Message, Modal
from sandbox.discord.people import Person
from tests import books
from tests.bot.noted_shop import payments_page
from tests.bot.picking import on_message, part, pressable
from tests.bot.test_applying import apply
from tests.bot.test_perks_on_screen import open_perk
from tests.bot.test_two_bots import have_met
from tests.rig import Rig, Town

pytestmark = pytest.mark.databases("sqlite")

EDIT = "Edit and try again"


async def send(person: Person, form: Modal, *values: str) -> Message:
    """Fill in the fields of a form in their order, send it, and return the answer."""
    fields = {field["custom_id"]: value for field, value in zip(form.fields, values, strict=True)}
    return await (await person.submit(form, **fields)).message()


def filled(form: Modal) -> list[str]:
    """Return what stands in a form when it opens."""
    return [_value(field) for field in form.fields]


def _value(field: Mapping[str, object]) -> str:
    options = field.get("options")
    if not isinstance(options, list):
        return str(field.get("value", ""))
    return next((option["value"] for option in options if option.get("default")), "")


async def refused_wish(town: Town, wish: str) -> Message:
    """Have staff forbid the word "goose", and Mia wish for a shout-out; return the refusal that she reads."""
    await town.grant(town.mia, 400)
    await (await town.sam.slash("perk add", name="Hello", kind="Shout-out", price=200)).message()
    settings = await (await town.sam.slash("settings")).message()
    creators = await (await town.sam.click(settings, "Creators")).message()
    words = await town.sam.press(creators, part(creators, "settings-words")).modal()
    await send(town.sam, words, "goose")
    page = await open_perk(town, "Hello")
    form = await (await town.mia.click(page, "Unlock for 🪙\xa0200")).modal()
    return await send(town.mia, form, wish)


async def test_a_refused_wish_is_edited_until_it_is_accepted_and_paid_once(rig: Rig, town: Town) -> None:
    refusal = await refused_wish(town, "For Leo, the goose")
    form = await (await town.mia.click(refusal, EDIT)).modal()
    wish = filled(form)
    refusal = await send(town.mia, form, "\u200b")
    form = await (await town.mia.click(refusal, EDIT)).modal()

    receipt = await send(town.mia, form, "For Leo, the swan")

    assert wish == ["For Leo, the goose"]
    assert "Your wish is in the queue." in receipt.text
    assert "# 🪙\xa0200 coins" in await town.balance(town.mia)
    query = "SELECT note FROM perk_unlocks WHERE guild_id = ?"
    assert books.rows(rig.database, query, town.guild.id) == [("For Leo, the swan",)]


async def test_all_that_was_typed_is_there_again_whichever_line_was_refused(town: Town) -> None:
    draft = await (await town.sam.slash("challenge add", name="Autumn cup", days=2)).message()
    basics = await (await town.sam.click(draft, "Name and days")).modal()
    values = ["Cup", "Collect points,\nand win.", "tomorrow", "3"]
    refusal = await send(town.sam, basics, *values)
    reason = refusal.text

    form = await (await town.sam.click(refusal, EDIT)).modal()
    draft = await send(town.sam, form, *values[:2], "", "3")

    assert "“\u2068tomorrow\u2069” isn't a date I can read." in reason
    assert filled(form) == values
    # The refusal makes room for what was asked for.
    assert draft is refusal
    assert "Collect points, and win." in draft.text


async def test_what_was_picked_is_picked_again(shop_town: Town) -> None:
    panel = await payments_page(shop_town.olive)
    form = await (await shop_town.olive.click(panel, "Payouts")).modal()
    before = filled(form)
    refusal = await send(shop_town.olive, form, "x", "1")

    form = await (await shop_town.olive.click(refusal, EDIT)).modal()

    assert before[1] == "2"
    assert filled(form) == ["x", "1"]


async def test_of_two_refused_forms_the_later_one_is_kept(town: Town) -> None:
    _, first = await apply(town.noor, "\u2060")
    _, second = await apply(town.noor, "\u2060\u2060")

    form = await (await town.noor.click(second, EDIT)).modal()
    forgotten = await (await town.noor.click(first, EDIT)).message()
    receipt = await send(town.noor, form, "songs")
    sent = await (await town.noor.click(second, EDIT)).message()

    assert filled(form) == ["\u2060\u2060"]
    assert "Your application is in" in receipt.text
    for answer in (forgotten, sent):
        assert "I no longer have what you typed." in answer.text


async def test_what_nobody_minds_typing_again_and_what_no_text_can_change_have_no_way_back(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    picker = await on_message(town.mia, await town.noor.say("hello"))
    count = await (await town.mia.select(picker, part(picker, "pick-count")["custom_id"], "0")).modal()
    note = await town.mia.press(picker, part(picker, "pick-note")).modal()

    number = await send(town.mia, count, "x")
    await (await town.sam.slash("creators remove", member=town.noor.user)).message()
    message = await send(town.mia, note, "hi")

    assert "Enter a whole number from" in number.text
    assert "isn't a creator here" in message.text
    for refusal in (number, message):
        assert EDIT not in [item.get("label") for item in pressable(refusal)]


async def test_of_two_bots_the_one_that_has_the_form_opens_it(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    elsewhere = f"sqlite+aiosqlite:///{own_rig.folder}/other.db"
    other_bot = await own_rig.start_another_bot("run", "--new-books", DATABASE_URL=elsewhere)
    await have_met((own_rig.bot, other_bot), town)
    titles: list[str] = []
    for _ in range(5):
        _, refusal = await apply(town.noor, "\u2060")
        titles.append((await (await town.noor.click(refusal, EDIT)).modal()).title)
    await other_bot.stop()
    await own_rig.stop_bot()

    assert titles == ["Become a creator"] * 5
