"""Forms refuse over the wire: input that makes no sense, and members who send them too late.

While it was open, they lost the right to send it, or somebody else was faster.
"""

from collections.abc import Iterable

import pytest

from cogs.budget.views import LimitsForm
from cogs.creator.stats import StatsPeriodForm
from cogs.gift.picker.views import CountForm, NoteForm
from cogs.settings.grants import GrantLimitsForm
from sandbox.discord.limits.components import TEXT_INPUT
from sandbox.discord.model import Message, Modal
from sandbox.discord.people import Person
from tests import books
from tests.bot.noted_shop import confirm, opened_order, order_by, set_up_kofi
from tests.bot.picking import on_message, part, pressable
from tests.bot.presses import presses
from tests.bot.test_applying import apply
from tests.bot.test_cases import odd_payment, opened_case
from tests.bot.test_direct_payments import open_shop
from tests.bot.test_freezing_on_screen import REASON, fill_in
from tests.bot.test_hostile import BUTTON, control_of
from tests.bot.test_journeys import wait_text
from tests.bot.test_perks_on_screen import open_perk
from tests.controls import FORMS
from tests.rig import Rig, Town

pytestmark = pytest.mark.databases("sqlite")

SETTINGS = (
    *(f"settings-form:{number}" for number in range(5)),
    *("settings-quiet", "settings-questions", "settings-words", "settings-chests-edit"),
    *("settings-limits-edit", "settings-rates-edit", "settings-young", "settings-holds", "settings-payouts"),
    *("settings-kofi", "settings-manual", "settings-transfers"),
)
"""The buttons that open a form of /settings, except for the one that only the owner of a server may open."""


async def send(person: Person, form: Modal, text: str) -> Message:
    """Have somebody write `text` into each line of a form, and send it."""
    lines = {field["custom_id"]: text for field in form.fields if field["type"] == TEXT_INPUT}
    return await (await person.submit(form, **lines)).message()


def names(forms: Iterable[Modal]) -> set[str]:
    return {form.custom_id.partition(":")[0] for form in forms}


async def forms_of_a_draft(town: Town) -> list[Modal]:
    """Have Sam open each form of a challenge's draft."""
    draft = await (await town.sam.slash("challenge add", name="Autumn cup", days=2)).message()
    prizes = part(draft, "Add or change a prize")
    buttons = [item for item in pressable(draft) if item["custom_id"].startswith("challenge-form:")]
    presses_ = [town.sam.press(draft, button) for button in buttons]
    presses_.append(await town.sam.select(draft, prizes["custom_id"], prizes["options"][-1]["value"]))
    return [await press.modal() for press in presses_]


async def test_whoever_loses_their_role_while_a_form_is_open_changes_nothing(shop: Rig, shop_town: Town) -> None:
    rig, town = shop, shop_town
    # Only real money can be held, and only a second currency has a rate.
    await set_up_kofi(town.olive, page=f"page{town.guild.id}")
    for currency in ("EUR", "GBP"):
        await (await town.sam.slash("packages add", coins=10, price="1", currency=currency)).message()
    forms = await forms_of_a_draft(town)
    panel = await (await town.sam.slash("settings")).message()
    forms += [await town.sam.press(panel, control_of(panel, door, BUTTON)).modal() for door in SETTINGS]
    rig.world.set_roles(town.guild.members[town.sam.user.id], [])
    first_request = len(rig.world.requests)

    for form in forms:
        await send(town.sam, form, "1")

    refusals = dict(presses(rig.world, list(rig.world.requests)[first_request:]))
    assert refusals == dict.fromkeys(names(forms), "NotAllowed")
    of_staff = {form.action for form in FORMS if form.action.startswith(("settings.", "challenges."))}
    assert names(forms) == of_staff - {GrantLimitsForm.action}


async def test_what_makes_no_sense_in_a_form_is_refused(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    panel = await (await town.olive.slash("settings")).message()
    picker = await on_message(town.mia, await town.noor.say("hello"))
    budget = await (await town.mia.slash("budget show")).message()
    stats = await (await town.noor.slash("creator stats")).message()
    periods = part(stats, "stats-period")["custom_id"]
    forms = [
        (town.olive, await town.olive.press(panel, control_of(panel, "settings-grants-edit", BUTTON)).modal()),
        (town.mia, await (await town.mia.select(picker, part(picker, "pick-count")["custom_id"], "0")).modal()),
        (town.mia, await town.mia.press(budget, part(budget, "budget-change")).modal()),
        (town.noor, await (await town.noor.select(stats, periods, "Another month or day …")).modal()),
    ]
    first_request = len(rig.world.requests)

    for person, form in forms:
        await send(person, form, "x")

    assert dict(presses(rig.world, list(rig.world.requests)[first_request:])) == {
        GrantLimitsForm.action: "InvalidAmount",
        CountForm.action: "InvalidAmount",
        LimitsForm.action: "InvalidAmount",
        StatsPeriodForm.action: "UnknownPeriod",
    }


async def test_a_message_for_somebody_who_is_no_creator_any_more_is_refused(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    picker = await on_message(town.mia, await town.noor.say("hello"))
    form = await town.mia.press(picker, part(picker, "pick-note")).modal()
    await (await town.sam.slash("creators remove", member=town.noor.user)).message()
    first_request = len(rig.world.requests)

    await send(town.mia, form, "hi")

    assert dict(presses(rig.world, list(rig.world.requests)[first_request:])) == {NoteForm.action: "NotACreator"}


async def test_whoever_is_no_creator_any_more_changes_no_words(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    panel = await (await town.noor.slash("creator block")).message()
    form = await (await town.noor.click(panel, "Change the words")).modal()
    await (await town.sam.slash("creators remove", member=town.noor.user)).message()

    refusal = await send(town.noor, form, "goose")

    assert "Only creators can do this." in refusal.text
    assert books.rows(rig.database, "SELECT note_words FROM creators WHERE guild_id = ?", town.guild.id) == [(None,)]


async def test_an_application_that_somebody_else_has_declined_keeps_their_reason(rig: Rig, town: Town) -> None:
    await apply(town.noor, "songs")
    forms: list[Modal] = []
    for person in (town.sam, town.olive):
        creators = await (await person.slash("creators list")).message()
        review = await (await person.click(creators, "Review applications")).message()
        forms.append(await (await person.click(review, "Decline")).modal())
    sams, olives = forms
    await send(town.sam, sams, "not yet")

    refusal = await send(town.olive, olives, "never")

    assert "This application was decided or withdrawn in the meantime." in refusal.text
    query = "SELECT reason FROM creator_applications WHERE guild_id = ?"
    assert books.rows(rig.database, query, town.guild.id) == [("not yet",)]


async def test_a_flag_whose_reason_nobody_can_see_is_not_opened(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 100)
    lookup = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    menu = part(lookup, "Flag an entry")
    form = await (await town.sam.select(lookup, menu["custom_id"], menu["options"][0]["value"])).modal()

    refusal = await send(town.sam, form, "\u200b")

    assert "I can't use that reason." in refusal.text
    assert books.rows(rig.database, "SELECT flag_id FROM flags WHERE guild_id = ?", town.guild.id) == []


async def test_nobody_is_frozen_because_of_a_case_that_was_closed_meanwhile(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    form = await (await town.sam.click(await opened_case(town.sam), "Freeze")).modal()
    await (await town.olive.click(await opened_case(town.olive), "Close the case")).message()

    refusal = await send(town.sam, form, REASON)

    assert "Case #1 has already been decided." in refusal.text
    assert books.rows(rig.database, "SELECT reason FROM freezes WHERE guild_id = ?", town.guild.id) == []


async def test_a_freeze_that_somebody_else_has_lifted_is_not_lifted_again(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    panel = await fill_in(town.sam, await opened_case(town.sam), "Freeze", REASON)
    form = await (await town.sam.click(panel, "Unfreeze")).modal()
    await fill_in(town.olive, await opened_case(town.olive), "Unfreeze", "It was our mistake.")

    refusal = await send(town.sam, form, "The payment is fine.")

    assert f"<@{town.mia.user.id}> isn't frozen because of this any more." in refusal.text
    query = "SELECT reason FROM staff_acts WHERE guild_id = ? AND kind = 'freeze' ORDER BY number"
    assert books.rows(rig.database, query, town.guild.id) == [(REASON,), ("It was our mistake.",)]


async def test_money_that_two_people_have_sent_back_is_recorded_once(shop: Rig, shop_town: Town) -> None:
    rig, town = shop, shop_town
    await open_shop(town, people="1")
    panel, code = await order_by(town, "manual")
    await confirm(town.sam, await opened_order(town.sam, code), "7XY")
    await wait_text(panel, r"Receipt #1\b")
    sams, olives = [
        await (await person.click(await opened_order(person, code), "Record money sent back")).modal()
        for person in (town.sam, town.olive)
    ]
    await send(town.sam, sams, "0.40")

    refusal = await send(town.olive, olives, "0.40")

    assert "At most $0.59 of this payment is left to send back." in refusal.text
    query = "SELECT refunded_minor FROM noted_payments WHERE guild_id = ?"
    assert books.rows(rig.database, query, town.guild.id) == [(40,)]


async def test_a_shout_out_that_sold_out_while_its_wish_was_written_costs_nothing(rig: Rig, town: Town) -> None:
    await (await town.sam.slash("perk add", name="Hello", kind="Shout-out", price=200, stock=1)).message()
    forms: list[Modal] = []
    for person in (town.mia, town.leo):
        await town.grant(person, 300)
        page = await open_perk(town, "Hello", person)
        forms.append(await (await person.click(page, "Unlock for 🪙\xa0200")).modal())
    mias, leos = forms
    await send(town.leo, leos, "For Kai")

    refusal = await send(town.mia, mias, "For Noor")

    assert "is sold out." in refusal.text
    assert "You haven't been charged." in refusal.text
    assert "# 🪙\xa0300 coins" in await town.balance(town.mia)
    query = "SELECT note FROM perk_unlocks WHERE guild_id = ?"
    assert books.rows(rig.database, query, town.guild.id) == [("For Kai",)]
