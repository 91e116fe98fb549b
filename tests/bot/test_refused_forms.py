"""Forms say no over the wire: to whoever lost the right to send one while it was open, and to what makes no sense."""

from collections.abc import Iterable, Mapping

import pytest

from cogs.budget.views import LimitsForm
from cogs.creator.stats import StatsPeriodForm
from cogs.gift.picker.views import CountForm, NoteForm
from cogs.settings.grants import GrantLimitsForm
from sandbox.discord.limits.components import TEXT_INPUT
from sandbox.discord.model import Modal
from tests.bot.noted_shop import set_up_kofi
from tests.bot.picking import on_message, part, pressable
from tests.bot.presses import presses
from tests.bot.test_hostile import BUTTON, control_of
from tests.controls import FORMS
from tests.rig import Rig, Town

pytestmark = pytest.mark.databases("sqlite")

SETTINGS = (
    *(f"settings-form:{number}" for number in range(5)),
    *("settings-quiet", "settings-questions", "settings-words", "settings-chests-edit"),
    *("settings-limits-edit", "settings-rates-edit", "settings-young", "settings-holds", "settings-payouts"),
    *("settings-kofi", "settings-manual", "settings-transfers"),
)
"""The buttons that open a form of /settings, but for the one that only the owner of a server may open."""


def filled(form: Modal, text: str) -> Mapping[str, str]:
    """Return `text` for each line of a form."""
    return {field["custom_id"]: text for field in form.fields if field["type"] == TEXT_INPUT}


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
        await (await town.sam.submit(form, **filled(form, "1"))).message()

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
        await (await person.submit(form, **filled(form, "x"))).message()

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

    await (await town.mia.submit(form, **filled(form, "hi"))).message()

    assert dict(presses(rig.world, list(rig.world.requests)[first_request:])) == {NoteForm.action: "NotACreator"}
