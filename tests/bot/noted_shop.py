"""A guild whose members pay the staff directly or through Ko-fi, over the wire."""

import re
from typing import Any

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from sandbox.kofi.notices import Support, token_of
from tests.bot.buying import consent_form
from tests.bot.picking import part
from tests.rig import Rig, Town

INSTRUCTIONS = "IBAN DE00 1234 5678 · Rosette Garden"
PAGE = "rosettegarden"


async def payments_page(person: Person) -> Message:
    """Open the page of the payment methods."""
    panel = await (await person.slash("settings")).message()
    return await (await person.click(panel, "Payments")).message()


async def set_up_manual(person: Person, *, people: str = "2") -> Message:
    """Have staff describe how to pay them directly, which switches that on."""
    form = await (await person.click(await payments_page(person), "Set up direct payments")).modal()
    text, radio = form.fields
    return await (await person.submit(form, **{text["custom_id"]: INSTRUCTIONS, radio["custom_id"]: people})).message()


async def set_up_kofi(person: Person, *, page: str = PAGE, token: str | None = None) -> Message:
    """Have staff name their page at Ko-fi and its token, which switches that on."""
    form = await (await person.click(await payments_page(person), "Set up Ko-fi")).modal()
    fields = [field["custom_id"] for field in form.fields]
    values = dict(zip(fields, (page, token_of(page) if token is None else token), strict=True))
    return await (await person.submit(form, **values)).message()


async def order_by(town: Town, method: str) -> tuple[Message, str]:
    """Have Mia order the smallest package by a payment method; return her panel and the code that she must quote."""
    form = await consent_form(town)
    fields: dict[str, Any] = {}
    for field in form.fields:
        values = [option["value"] for option in field["options"]]
        fields[field["custom_id"]] = values if method not in values else method
    panel = await (await town.mia.submit(form, **fields)).message()
    return panel, code_in(panel)


def code_in(message: Message) -> str:
    """Return the claim code in a message."""
    code = re.search(r"RO-[A-Z0-9]+", message.text)
    assert code is not None, message.text
    return code[0]


async def opened_order(person: Person, code: str) -> Message:
    """Have staff find an order by its code."""
    panel = await (await person.slash("cases", raw=True)).message()
    form = await (await person.click(panel, "Find an order")).modal()
    (field,) = form.fields
    return await (await person.submit(form, **{field["custom_id"]: code})).message()


async def confirm(person: Person, panel: Message, number: str) -> Message:
    """Have the first person confirm a payment under its number."""
    form = await (await person.click(panel, "Confirm the payment")).modal()
    (field,) = form.fields
    return await (await person.submit(form, **{field["custom_id"]: number})).message()


async def opened_case(person: Person, number: int = 1) -> Message:
    """Open a case from the list."""
    panel = await (await person.slash("cases", raw=True)).message()
    return await (await person.click(panel, f"Open case #{number}")).message()


async def support(rig: Rig, message: str, *, page: str = PAGE, amount: str = "0.99", **changes: Any) -> int:
    """Have somebody pay on a page of Ko-fi; return the bot's answer to the notice."""
    token = changes.pop("token", "")
    return await rig.kofi.support(page, Support("Donation", amount, "USD", message, **changes), token=token)


def placeholder_of(panel: Message, fragment: str) -> str:
    """Return the custom id of a menu."""
    return part(panel, fragment)["custom_id"]
