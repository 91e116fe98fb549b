"""Freezing over the wire: from a case, a flag and the lookup, and what its member then reads at every door."""

from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests import books
from tests.bot.buying import buy_package, consent, consent_form, link_of
from tests.bot.picking import on_message, part, pick_gift, press_send
from tests.bot.test_boards import buttons as labels
from tests.bot.test_cases import odd_payment, opened_case, staff
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town

CLOSED = "You can't buy coins, send gifts or request payouts while the staff look into case #1."
REASON = "Your payment differs from the price."


async def fill_in(person: Person, panel: Message, label: str, reason: str) -> Message:
    """Have somebody fill in the form behind a button."""
    form = await (await person.click(panel, part(panel, label)["custom_id"])).modal()
    (field,) = form.fields
    return await (await person.submit(form, **{field["custom_id"]: reason})).message()


async def press(person: Person, panel: Message, label: str) -> Message:
    return await (await person.click(panel, part(panel, label)["custom_id"])).message()


async def test_every_door_says_what_is_closed_why_and_whom_to_ask(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    post = await town.noor.say("a new song")
    await (await town.noor.slash("live start")).message()
    board = await town.announced(town.general, "Send a gift")
    large = await town.give(town.mia, "Rosette", town.noor, count=3)
    picker = await pick_gift(town.mia, await on_message(town.mia, post), "Clover")
    form = await consent_form(town, "2")
    paid_later = await buy_package(town, "350 ")
    await odd_payment(rig, town)
    coins_before = books.gifts(rig.database, town.guild.id)
    await fill_in(town.sam, await opened_case(town.sam), "Freeze", REASON)
    doors = {
        "command": await town.give(town.mia, "Warm Heart", town.noor),
        "open question": await press(town.mia, large, "Send"),
        "open picker": await press_send(town.mia, picker),
        "message": await on_message(town.mia, post),
        "member": await (await town.mia.user_menu("Send a gift", town.noor.user)).message(),
        "board": await press(town.mia, board, "Send a gift"),
        "packages": await (await town.mia.slash("buy")).message(),
        "open form": await consent(town.mia, form),
    }
    texts = {door: message.text for door, message in doors.items()}
    balance = await town.balance(town.mia)
    await rig.pay(link_of(paid_later))
    await wait_text(paid_later, r"Receipt #2\b")

    for text in [*texts.values(), balance]:
        assert CLOSED in text, texts
        assert REASON in text
        assert "Talk to them if you have questions." in text
    assert "You haven't been charged." in texts["command"]
    assert books.gifts(rig.database, town.guild.id) == coins_before == []
    assert "Your coins stay yours." in balance
    assert "🧪\xa0350" in await town.balance(town.mia)


async def test_staff_freeze_and_unfreeze_from_the_case_and_the_lookup_and_never_themselves(
    rig: Rig, town: Town
) -> None:
    await odd_payment(rig, town)
    auditor = await staff(rig, town, "auditor")
    mia = f"<@{town.mia.user.id}>"
    case = await opened_case(town.sam)
    offered = labels(case)
    in_order = [item.get("label") or item.get("content", "") for item in walk(case.components)]
    frozen = await fill_in(town.sam, case, "Freeze", REASON)
    auditors = await opened_case(auditor)
    lookup = await (await town.olive.slash("coins lookup", member=town.mia.user)).message()
    looked_up = lookup.text
    unfrozen = await fill_in(town.olive, lookup, "Unfreeze", "It was our mistake.")
    lookup = await (await town.olive.slash("coins lookup", member=town.mia.user)).message()
    again = await fill_in(town.olive, lookup, "Freeze", "Not our mistake.")
    own = await (await auditor.slash("coins lookup", member=town.mia.user, raw=True)).message()
    decision = await press(town.sam, await opened_case(town.sam), "Close the case")
    gift = await (await town.mia.slash("buy")).message()
    query = "SELECT kind, after_values, reason FROM staff_acts WHERE guild_id = ? ORDER BY number"
    acts = [row for row in books.rows(rig.database, query, town.guild.id) if row[0] in {"freeze", "case"}]

    assert "Freeze" in offered
    # What is decided about the case stands with it, above what can be done about its member.
    assert in_order.index("Close the case") < next(at for at, words in enumerate(in_order) if "You can freeze" in words)
    assert f"<@{town.sam.user.id}> froze {mia}" in frozen.text
    assert "Unfreeze" in labels(frozen)
    assert f"froze {mia}" in auditors.text
    assert not {"Freeze", "Unfreeze"} & {*labels(auditors), *labels(own)}
    assert REASON in looked_up
    assert f"You've lifted this freeze on {mia}." in unfrozen.text
    assert f"<@{town.olive.user.id}> froze {mia}" in again.text
    assert "Unfreeze" not in labels(decision)
    assert "can't buy" not in gift.text
    assert acts == [
        ("freeze", '{"frozen":1}', REASON),
        ("freeze", '{"frozen":0}', "It was our mistake."),
        ("freeze", '{"frozen":1}', "Not our mistake."),
        ("case", '{"outcome":"closed"}', ""),
        ("freeze", '{"frozen":0}', ""),
    ]


async def test_a_flag_freezes_one_of_those_whom_it_names(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Warm Heart", town.noor)
    lookup = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    menu = part(lookup, "Flag an entry")
    form = await (await town.sam.select(lookup, menu["custom_id"], menu["options"][0]["value"])).modal()
    await (await town.sam.submit(form, **{form.fields[0]["custom_id"]: "odd"})).message()
    panel = await (await town.olive.slash("cases")).message()
    for label in ("Review 1 flag", "Open flag #1"):
        panel = await press(town.olive, panel, label)
    menu = part(panel, "Freeze a member")
    form = await (await town.olive.select(panel, menu["custom_id"], str(town.noor.user.id))).modal()
    panel = await (await town.olive.submit(form, **{form.fields[0]["custom_id"]: "We look into a gift."})).message()
    words = panel.text
    payout = await (await town.noor.slash("creator payout")).message()
    gift = await town.give(town.mia, "Warm Heart", town.noor)
    cleared = await press(town.olive, panel, "It's fine")

    assert f"<@{town.olive.user.id}> froze <@{town.noor.user.id}>" in words
    assert "look into flag #1" in payout.text
    assert "Sent to" in gift.text
    assert "froze" not in cleared.text
