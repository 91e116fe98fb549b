"""What a buyer does from the packages to the checkout, for tests."""

from sandbox.discord.limits.components import SECTION
from sandbox.discord.model import Message, Modal
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.rig import Town


def link_of(message: Message) -> str:
    """Return the address of a message's link button."""
    return next(part["url"] for part in walk(message.components) if part.get("style") == 5)


def labels(panel: Message) -> list[str]:
    """Return the labels of a panel's buttons."""
    return [part["label"] for part in walk(panel.components) if part.get("label")]


async def consent_form(town: Town, package: str = "1") -> Modal:
    """Have Mia name a package in the command, and return the form that asks for her consents."""
    return await (await town.mia.slash("buy", package=package)).modal()


async def consent(person: Person, form: Modal) -> Message:
    """Tick both boxes, send the form, and return the message that the person then sees."""
    (boxes,) = form.fields
    ticked = {boxes["custom_id"]: [option["value"] for option in boxes["options"]]}
    return await (await person.submit(form, **ticked)).message()


async def order_package(town: Town, package: str = "1") -> Message:
    """Have Mia buy a package that she names in the command, up to the checkout; return what she then sees."""
    return await consent(town.mia, await consent_form(town, package))


async def buy_package(town: Town, coins: str) -> Message:
    """Have Mia buy the package of `coins` from the panel up to the checkout; return the panel, which then waits."""
    panel = await (await town.mia.slash("buy")).message()
    sections = (part for part in walk(panel.components) if part["type"] == SECTION)
    section = next(part for part in sections if f"**🪙\xa0{coins.strip()}**" in part["components"][0]["content"])
    return await consent(town.mia, await (await town.mia.click(panel, section["accessory"]["label"])).modal())
