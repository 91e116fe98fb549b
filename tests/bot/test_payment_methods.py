"""The payment methods of a guild over the wire: chosen in `/settings`, offered in `/buy`."""

from sandbox.discord.exchange import Exchange
from sandbox.discord.model import InteractionType, Message
from sandbox.discord.people import Person
from tests.bot.picking import part
from tests.bot.test_staff_roles import make_manager
from tests.rig import Rig, Town

SANDBOX = 0
"""The number of the sandbox among the payment methods."""


async def payments_page(person: Person) -> Message:
    """Open the page of the payment methods."""
    panel = await (await person.slash("settings")).message()
    return await (await person.click(panel, "Payments")).message()


async def pick(rig: Rig, person: Person, panel: Message, *numbers: int) -> Message:
    """Pick payment methods in a panel, which may be somebody else's, as a forged client could."""
    values = [str(number) for number in numbers]
    data = {"custom_id": part(panel, "settings-methods")["custom_id"], "component_type": 3, "values": values}
    interaction = rig.world.begin(person.user, person.channel, InteractionType.COMPONENT, data, message=panel)
    return await Exchange(interaction).message()


async def test_members_can_buy_until_the_last_payment_method_is_switched_off(rig: Rig, town: Town) -> None:
    before = await (await town.mia.slash("buy")).message()
    panel = await payments_page(town.sam)
    states = [panel.text]
    states.append((await pick(rig, town.sam, panel)).text)
    closed = await (await town.mia.slash("buy")).message()
    states.append((await pick(rig, town.sam, panel, SANDBOX)).text)
    after = await (await town.mia.slash("buy")).message()

    on, off = "On: test coins, no real money", "Off"
    assert [[line for line in state.splitlines() if line in {on, off}] for state in states] == [[on], [off], [on]]
    assert "Buy coins" in before.text
    assert "aren't on sale" in closed.text
    assert "Buy coins" in after.text


async def test_a_manager_reads_the_payment_methods_and_cannot_change_them(rig: Rig, town: Town) -> None:
    panel = await payments_page(town.sam)
    await make_manager(rig, town)
    reading = await payments_page(town.mia)
    refusal = await pick(rig, town.mia, panel)

    assert "Test checkout" in reading.text
    assert "settings-methods" not in str(reading.components)
    assert "Manage Server" in refusal.text
    assert "Buy coins" in (await (await town.leo.slash("buy")).message()).text
