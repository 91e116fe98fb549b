"""What a member does in the gift picker, for tests."""

from typing import Any

from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person


def part(message: Message, fragment: str) -> dict[str, Any]:
    """Return the button or select of a message whose label, placeholder or custom_id holds `wanted`."""
    for item in walk(message.components):
        if any(fragment in str(item.get(name)) for name in ("label", "placeholder", "custom_id")):
            return item
    raise LookupError(f"{fragment} in {message.components}")


def pressable(message: Message) -> list[dict[str, Any]]:
    """Return the buttons and menus of a message, in the order in which they stand there."""
    return [item for item in walk(message.components) if "custom_id" in item or "url" in item or "sku_id" in item]


async def pick_view(person: Person, history: Message, label: str) -> Message:
    """Pick another view in the menu of a history."""
    return await (await person.select(history, part(history, "history-view")["custom_id"], label)).message()


def value(panel: Message, gift: str) -> str:
    """Return the value of a gift's option in the menu."""
    return next(option["value"] for option in part(panel, "pick-item")["options"] if gift in option["label"])


async def pick_gift(person: Person, panel: Message, gift: str) -> Message:
    """Pick a gift and return the panel."""
    return await (await person.select(panel, part(panel, "pick-item")["custom_id"], value(panel, gift))).message()


async def press_send(person: Person, panel: Message) -> Message:
    """Press *Send* and return the message that answers it."""
    return await person.press(panel, part(panel, "pick-send")).message()


async def on_message(person: Person, message: Message) -> Message:
    """Open *Gift this message* and return the answer."""
    return await (await person.message_menu("Gift this message", message)).message()
