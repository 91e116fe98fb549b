"""A town with something of everything, so that a fuzzer finds rows to press at: forms, drafts, orders, cases."""

from collections.abc import AsyncIterator
from typing import Any

from sandbox.discord.model import Message, Modal
from sandbox.discord.people import Person
from tests.bot.noted_shop import confirm, opened_order, order_by, set_up_kofi, set_up_manual
from tests.bot.test_applying import apply
from tests.bot.test_challenges_on_screen import draft_with_prizes
from tests.rig import Town

COINS = 50_000_000


async def set_scene(town: Town) -> AsyncIterator[tuple[str, Message | Modal]]:
    """Prepare a town, and yield what the bot answers, with what that was for in the words of `Reach`."""
    await town.approve(town.noor, town.kai)
    await town.allow_matches()
    for channel in (town.general, town.live, town.gifts):
        await town.noor.at(channel).say("Hello everybody")
    yield "command settings", await set_up_kofi(town.olive)
    yield "command settings", await set_up_manual(town.olive, people="1")
    for number in range(1, 4):
        # With real money, a guild decides itself what it sells.
        await (await town.olive.slash("packages edit", package=str(number), archived=False)).message()
    async for outcome in _paid_order(town):
        yield outcome
    # Afterwards they have more than anybody may buy.
    for member in (town.mia, town.leo):
        yield "command coins grant", await town.grant(member, COINS)
    for person, command, options in _commands(town):
        yield f"command {command}", await (await person.slash(command, **options)).reply()
    yield "form creator apply", (await apply(town.leo, "songs"))[1]
    yield "form challenge-prizes", await draft_with_prizes(town)
    yield "menu Send a gift", await (await town.mia.user_menu("Send a gift", town.noor.user)).reply()


async def _paid_order(town: Town) -> AsyncIterator[tuple[str, Message]]:
    """Have Mia pay the staff directly, and the owner confirm it."""
    panel, code = await order_by(town, "manual")
    yield "form buy", panel
    order = await opened_order(town.olive, code)
    yield "form case-find", order
    yield "form case-confirm", await confirm(town.olive, order, "7")
    yield "form case-find", await opened_order(town.olive, code)


def _commands(town: Town) -> list[tuple[Person, str, dict[str, Any]]]:
    mia, noor, kai, sam, olive = town.mia, town.noor, town.kai, town.sam, town.olive
    return [
        (noor.at(town.live), "live start", {"title": "A long evening", "goal": 5_000}),
        (mia, "gift", {"gift": "Petal", "creator": noor.user, "message": "hello"}),
        (mia, "gift", {"gift": "Petal", "creator": noor.user, "anonymous": True}),
        (mia, "chip-in", {"gift": "Phoenix", "creator": noor.user, "coins": 5}),
        (mia, "chest", {"amount": 100, "shares": 2}),
        (kai, "buy", {}),
        (kai, "gift", {"gift": "Petal", "creator": noor.user}),
        (mia, "leaderboard", {}),
        (mia, "history", {}),
        (mia, "budget show", {}),
        (noor, "creator stats", {}),
        (noor, "creator earnings", {}),
        (noor, "creator block", {}),
        (noor, "creator gifts", {}),
        (sam, "perk add", {"name": "Wave", "kind": "shoutout", "price": 10}),
        (sam, "packages add", {"coins": 10, "price": "1", "currency": "EUR"}),
        (sam, "challenge list", {}),
        (sam, "coins lookup", {"member": mia.user}),
        (sam, "creators list", {}),
        (olive, "cases", {}),
        (olive, "payouts list", {}),
        (olive, "settings", {}),
    ]
