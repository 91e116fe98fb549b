"""What a buyer does from the packages to the checkout, for tests."""

from sandbox.discord.model import Message, Modal
from sandbox.discord.people import Person
from tests.rig import Town


def link_of(message: Message) -> str:
    """Return the address of a message's link button."""
    return next(button["url"] for row in message.components for button in row["components"] if button.get("style") == 5)


def labels(panel: Message) -> list[str]:
    """Return the labels of a panel's buttons."""
    return [item["label"] for row in panel.components for item in row["components"] if item.get("label")]


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
    button = next(label for label in labels(panel) if label.startswith(f"🪙 {coins}"))
    return await consent(town.mia, await (await town.mia.click(panel, button)).modal())
