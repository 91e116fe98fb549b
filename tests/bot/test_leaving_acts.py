"""Every command with which staff change something leaves an act with who did it, over the wire."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.policy import MANAGE_SERVER, OWNER, POLICY, Staff
from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import part, pressable
from tests.bot.test_cases import odd_payment, opened_case
from tests.bot.test_granting_to_many import grant_many
from tests.bot.test_limits_on_grants import set_limits
from tests.bot.test_payment_methods import payments_page, pick
from tests.rig import Rig, Town

STAFF = {*Staff, MANAGE_SERVER, OWNER}
READING = {
    "packages list",
    "catalogue list",
    "perk list",
    "creators list",
    "cases",
    "creator earnings of others",
    "coins lookup",
    "settings log",
    "challenge list",
    "overlay",
} | {"coins codes list", "payouts list", "settings export"}
"""What changes nothing."""


ELSEWHERE = {"payouts approve", "payouts paid", "payouts reject"}
"""What needs a creator who has earned something: test_payouts_on_screen looks at their acts."""


async def fill_in(town: Town, panel: Message, button: str, *values: str) -> None:
    """Have Sam fill in the form behind a button."""
    form = await (await town.sam.click(panel, button)).modal()
    fields = {field["custom_id"]: value for field, value in zip(form.fields, values, strict=True)}
    await (await town.sam.submit(form, **fields)).message()


async def _settings(town: Town) -> Message:
    return await (await town.sam.slash("settings")).message()


async def _change_shares(town: Town) -> None:
    await fill_in(town, await _settings(town), "💎", "60", "0")


async def _change_role(town: Town) -> None:
    panel = await (await town.sam.click(await _settings(town), "Staff roles")).message()
    role = town.rig.world.add_role(town.guild, "auditors")
    select = [item for item in pressable(panel) if item["type"] == 6][-1]
    await (await town.sam.select(panel, select["custom_id"], role)).message()


async def _choose_payments(town: Town) -> None:
    await pick(town.rig, town.sam, await payments_page(town.sam))


async def _grant_by_menu(town: Town) -> None:
    form = await (await town.sam.user_menu("Grant coins", town.leo.user)).modal()
    fields = {field["custom_id"]: value for field, value in zip(form.fields, ("5", "a test"), strict=True)}
    await (await town.sam.submit(form, **fields)).message()


async def _reverse(town: Town) -> None:
    seq = books.only_value(town.rig.database, "SELECT max(seq) FROM journal WHERE guild_id = ?", town.guild.id)
    panel = await (await town.sam.slash("coins reverse", receipt=seq, reason="a slip")).message()
    await (await town.sam.click(panel, f"Reverse receipt #{seq}")).message()


async def _decide(town: Town) -> None:
    await odd_payment(town.rig, town)
    await (await town.sam.click(await opened_case(town.sam), "Close the case")).message()


async def _start_for_noor(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await (await town.sam.slash("live start", creator=town.noor.user)).message()


def _slash(command: str, **options: Any) -> Callable[[Town], Awaitable[None]]:
    async def run(town: Town) -> None:
        await (await town.sam.slash(command, **options)).message()

    return run


def _about(command: str, name: str, person: str) -> Callable[[Town], Awaitable[None]]:
    async def run(town: Town) -> None:
        options: dict[str, Any] = {name: getattr(town, person).user}
        options |= {"amount": 100, "reason": "a test"} if command == "coins grant" else {}
        await (await town.sam.slash(command, **options)).message()

    return run


async def _end(town: Town) -> None:
    await town.end_live(town.sam)


async def _grant_to_many(town: Town) -> None:
    panel = await grant_many(town, f"{town.mia.user.id},5".encode(), reason="a test")
    await (await town.sam.click(panel, part(panel, "Grant to")["custom_id"])).message()


async def _undo_batch(town: Town) -> None:
    (choice,) = await town.sam.autocomplete("coins undo", "batch", batch="")
    question = await (await town.sam.slash("coins undo", batch=choice["value"], reason="a test")).message()
    await (await town.sam.click(question, f"Reverse receipt #{choice['value']}")).message()


async def _revoke_code(town: Town) -> None:
    (choice, *_) = await town.sam.autocomplete("coins codes revoke", "offer", offer="act")
    await (await town.sam.slash("coins codes revoke", offer=choice["value"])).message()


async def _offer_to_role(town: Town) -> None:
    role = town.rig.world.add_role(town.guild, "crew")
    await (await town.sam.slash("coins claim", amount=5, role=role)).message()


async def _add_perk(town: Town) -> None:
    role = town.rig.world.add_role(town.guild, "backstage")
    await (await town.sam.slash("perk add", name="Backstage", kind="Role", role=role, price=7)).message()


async def _return_perk(town: Town) -> None:
    await town.grant(town.mia, 50)
    shelf = await (await town.mia.slash("perks")).message()
    menu = part(shelf, "Pick a perk")
    page = await (await town.mia.select(shelf, menu["custom_id"], menu["options"][0]["value"])).message()
    receipt = await (await town.mia.click(page, part(page, "Unlock for")["custom_id"])).message()
    number = int(receipt.text.rpartition("Receipt #")[2].split()[0])
    question = await (await town.sam.slash("perk return", receipt=number)).message()
    await (await town.sam.click(question, part(question, "Take it back")["custom_id"])).message()


async def _limit_grants(town: Town) -> None:
    await set_limits(town, "5000", "")


async def _let_staff_create(town: Town) -> None:
    await town.let_staff_create()


async def _post_challenge(town: Town) -> None:
    draft = await (await town.sam.slash("challenge add", name="Autumn cup")).message()
    await (await town.sam.click(draft, "Post it here")).message()


async def _end_challenge(town: Town) -> None:
    (choice,) = await town.sam.autocomplete("challenge end", "challenge", challenge="aut")
    question = await (await town.sam.slash("challenge end", challenge=choice["value"])).message()
    await (await town.sam.click(question, "End it now")).message()


async def _start_match(town: Town) -> None:
    await town.allow_matches()
    await _about("live match", "opponent", "kai")(town)


async def _pause_overlay(town: Town) -> None:
    """Have Noor, who is live, make a link, and Sam pause what it shows."""
    answer = await (await town.noor.slash("live status")).message()
    card = await (await town.noor.click(answer, "Overlay")).message()
    await (await town.noor.click(card, "Make the link")).message()
    answer = await (await town.sam.slash("live status")).message()
    card = await (await town.sam.click(answer, "Overlay")).message()
    await (await town.sam.click(card, "Pause")).message()


CHANGING: dict[str, tuple[Callable[[Town], Awaitable[None]], str]] = {
    "cases decide": (_decide, "case"),
    "packages add": (_slash("packages add", coins=10, price="1", currency="USD"), "package"),
    "packages edit": (_slash("packages edit", package="1", coins=71), "package"),
    "packages archive": (_slash("packages archive", package="2"), "package"),
    "catalogue add": (_slash("catalogue add", name="Kite", emoji="🪁", price=7), "item"),
    "catalogue edit": (_slash("catalogue edit", item="Kite", price=8), "item"),
    "catalogue archive": (_slash("catalogue archive", item="Kite"), "item"),
    "perk add": (_add_perk, "perk"),
    "perk edit": (_slash("perk edit", perk="Backstage", price=8), "perk"),
    "perk return": (_return_perk, "reversal"),
    "perk panel": (_slash("perk panel"), "settings"),
    "perk archive": (_slash("perk archive", perk="Backstage"), "perk"),
    "challenge add": (_post_challenge, "challenge"),
    "challenge end": (_end_challenge, "challenge"),
    "creators approve": (_about("creators approve", "member", "leo"), "creator"),
    "creators remove": (_about("creators remove", "member", "leo"), "creator"),
    "coins grant": (_about("coins grant", "member", "mia"), "grant"),
    "Grant coins": (_grant_by_menu, "grant"),
    "coins reverse": (_reverse, "reversal"),
    "coins grant-many": (_grant_to_many, "grant"),
    "coins undo": (_undo_batch, "reversal"),
    "coins codes make": (_slash("coins codes make", amount=5, code="act one"), "offer"),
    "coins codes revoke": (_revoke_code, "offer"),
    "coins claim": (_offer_to_role, "offer"),
    "settings grants": (_limit_grants, "grant_limits"),
    "settings": (_change_shares, "settings"),
    "settings staff": (_change_role, "settings"),
    "settings staff creators": (_let_staff_create, "settings"),
    "settings payments": (_choose_payments, "payment_methods"),
    "live start": (_start_for_noor, "live"),
    "live goal": (_slash("live goal", coins=500), "live"),
    "live match": (_start_match, "live"),
    "overlay of others": (_pause_overlay, "overlay"),
    "live end": (_end, "live"),
}
"""How each command is used, and the kind of act that it leaves: Sam's, or the owner's if nobody else may use it."""


def test_the_table_covers_every_command_of_staff() -> None:
    assert CHANGING.keys() | READING | ELSEWHERE == {command for command, needs in POLICY.items() if needs & STAFF}


async def test_each_change_leaves_an_act_with_who_made_it(rig: Rig, town: Town) -> None:
    kinds: dict[str, tuple[str, int]] = {}
    for command, (use, _) in CHANGING.items():
        await use(town)
        query = (
            "SELECT kind, user_id FROM staff_acts AS a JOIN holders AS h"
            " ON h.guild_id = a.guild_id AND h.holder_id = a.actor WHERE a.guild_id = ? ORDER BY number DESC LIMIT 1"
        )
        kinds[command] = next(iter(books.rows(rig.database, query, town.guild.id)), ("", 0))

    by_owner = {command for command, needs in POLICY.items() if needs == frozenset({OWNER})}
    actors = {command: town.olive if command in by_owner else town.sam for command in CHANGING}
    assert kinds == {command: (kind, actors[command].user.id) for command, (_, kind) in CHANGING.items()}


async def test_an_act_says_from_what_to_what(rig: Rig, town: Town) -> None:
    commands = ("packages edit", "catalogue edit", "creators approve", "creators remove", "settings", "settings staff")
    await CHANGING["catalogue add"][0](town)
    for command in commands:
        await CHANGING[command][0](town)
    query = "SELECT before_values, after_values FROM staff_acts WHERE guild_id = ? ORDER BY number"
    (_, addition), *values, (no_role, role) = [
        (json.loads(old), json.loads(new)) for old, new in books.rows(rig.database, query, town.guild.id)
    ]

    kite, price = {"name": "Kite", "emoji": "🪁"}, {"price_minor": 99, "currency": "USD"}
    assert addition | kite | {"price": 7} == addition
    assert values == [
        ({"coins": 70, **price}, {"coins": 71, **price}),
        ({**kite, "price": 7}, {**kite, "price": 8}),
        ({"approved": 0}, {"approved": 1}),
        ({"approved": 1}, {"approved": 0}),
        ({"share_percent": 50}, {"share_percent": 60}),
    ]
    assert no_role == {"auditor_role_id": 0}
    assert role == {"auditor_role_id": next(each.id for each in town.guild.roles.values() if each.name == "auditors")}
