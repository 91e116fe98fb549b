"""Every command against every kind of caller, over the wire: the table in the test is the contract."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.domain.policy import POLICY, Staff
from sandbox.discord.command_access import ROLE
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import InteractionType, Modal
from sandbox.discord.people import Person
from tests.bot.picking import pressable
from tests.rig import Rig

EVERYBODY = frozenset({"member", "creator", "manager", "host", "treasurer", "auditor", "moderator", "owner"})
BOSSES = frozenset({"moderator", "owner"})
MANAGERS = BOSSES | {"manager"}
READERS = MANAGERS | {"auditor"}
ON_AIR = BOSSES | {"creator", "host"}

ALLOWED = {
    "buy": EVERYBODY,
    "gift": EVERYBODY,
    "gift-team": EVERYBODY,
    "chip-in": EVERYBODY,
    "gifts": EVERYBODY,
    "Gift this message": EVERYBODY,
    "Send a gift": EVERYBODY,
    "balance": EVERYBODY,
    "history": EVERYBODY,
    "budget show": EVERYBODY,
    "budget set": EVERYBODY,
    "budget pause": EVERYBODY,
    "budget clear": EVERYBODY,
    "perks": EVERYBODY,
    "perk list": READERS,
    "perk add": MANAGERS,
    "perk edit": MANAGERS,
    "perk archive": MANAGERS,
    "perk panel": MANAGERS,
    "perk return": MANAGERS,
    "leaderboard": EVERYBODY,
    "profile": EVERYBODY,
    "challenges": EVERYBODY,
    "challenge add": MANAGERS,
    "challenge list": READERS,
    "challenge end": MANAGERS,
    "privacy settings": EVERYBODY,
    "privacy export": EVERYBODY,
    "privacy delete": EVERYBODY,
    "help": EVERYBODY,
    "live start": ON_AIR,
    "live status": EVERYBODY,
    "live goal": ON_AIR,
    "live match": ON_AIR,
    "live end": ON_AIR,
    "overlay": ON_AIR,
    "overlay link": frozenset({"creator"}),
    "overlay of others": BOSSES | {"host"},
    "creator thanks": frozenset({"creator"}),
    "creator pause": frozenset({"creator"}),
    "creator block": frozenset({"creator"}),
    "creator gifts": frozenset({"creator"}),
    "creator earnings": EVERYBODY,
    "creator earnings of others": frozenset({"moderator", "owner", "treasurer", "auditor"}),
    "creator payout": EVERYBODY,
    "packages list": READERS,
    "packages add": MANAGERS,
    "packages edit": MANAGERS,
    "packages archive": MANAGERS,
    "catalogue list": READERS,
    "catalogue add": MANAGERS,
    "catalogue edit": MANAGERS,
    "catalogue archive": MANAGERS,
    "creators list": READERS,
    "creators approve": MANAGERS,
    "creators remove": MANAGERS,
    "coins grant": MANAGERS,
    "coins grant-many": MANAGERS,
    "coins undo": MANAGERS,
    "coins codes make": MANAGERS,
    "coins codes list": MANAGERS,
    "coins codes revoke": MANAGERS,
    "coins claim": MANAGERS,
    "Grant coins": MANAGERS,
    "coins reverse": MANAGERS,
    "coins lookup": READERS,
    "cases": frozenset({"moderator", "owner", "treasurer", "auditor"}),
    "cases decide": frozenset({"moderator", "owner", "treasurer"}),
    "payouts list": frozenset({"moderator", "owner", "treasurer", "auditor"}),
    "payouts approve": frozenset({"moderator", "owner", "treasurer"}),
    "payouts paid": frozenset({"moderator", "owner", "treasurer"}),
    "payouts reject": frozenset({"moderator", "owner", "treasurer"}),
    "redeem": EVERYBODY,
    "chest": EVERYBODY,
    "verify": EVERYBODY,
    "creator apply": EVERYBODY,
    "creator stats": EVERYBODY,
    # Auditors see one page of it.
    "settings": READERS,
    "settings log": READERS,
    "settings export": frozenset({"owner"}),
    "settings grants": frozenset({"owner"}),
    "settings payments": BOSSES,
    "settings staff": BOSSES,
    "settings staff creators": frozenset({"owner"}),
}
CONTROLS = frozenset(
    {"settings log", "settings export", "settings payments", "settings staff", "settings grants", "cases decide"}
    | {"settings staff creators", "creator earnings of others", "overlay", "overlay link", "overlay of others"}
)
"""Controls and options that need more permissions than the command that shows them."""

# Enough options to get past Discord. A later refusal by a business rule is fine here.
OPTIONS = {
    "gift": {"gift": "Petal"},
    "gift-team": {"gift": "Petal"},
    "chip-in": {"gift": "Petal", "coins": 1},
    "budget set": {"period": "day", "amount": 1_000_000},
    "budget pause": {"days": 1},
    "live goal": {"coins": 1},
    "packages add": {"coins": 10, "price": "1", "currency": "USD"},
    "packages edit": {"package": "1", "coins": 71},
    "packages archive": {"package": "999"},
    "catalogue add": {"name": "x", "emoji": "x", "price": 1},
    "perk add": {"name": "x", "kind": "role"},
    "perk edit": {"perk": "999", "price": 5},
    "perk archive": {"perk": "999"},
    "perk return": {"receipt": 1},
    "catalogue edit": {"gift": "999", "price": 5},
    "catalogue archive": {"gift": "999"},
    "challenge add": {"name": "x"},
    "challenge end": {"challenge": "9"},
    "coins grant": {"amount": 1, "reason": "x"},
    "coins reverse": {"receipt": 1, "reason": "x"},
    "coins undo": {"batch": "9", "reason": "x"},
    "coins codes make": {"amount": 1},
    "coins codes revoke": {"offer": "9"},
    "redeem": {"code": "xxxx"},
    "chest": {"amount": 20, "shares": 2},
    "verify": {"receipt": 9},
}
TAKES_A_MEMBER = {
    "gift": "creator",
    "gift-team": "second",
    "chip-in": "creator",
    "live match": "opponent",
    "creators approve": "member",
    "creators remove": "member",
    "coins grant": "member",
    "coins lookup": "member",
}


async def _gift_message(person: Person, creator: Person) -> Exchange:
    return await person.message_menu("Gift this message", await creator.say("hello"))


async def _gift_member(person: Person, creator: Person) -> Exchange:
    return await person.user_menu("Send a gift", creator.user)


async def _grant_member(person: Person, creator: Person) -> Exchange:
    return await person.user_menu("Grant coins", creator.user, raw=True)


MENUS = {"Gift this message": _gift_message, "Send a gift": _gift_member, "Grant coins": _grant_member}
REFUSED = re.compile(r"Only .+ can do this\.|Only members with Manage Server|nobody can use it")


@pytest.fixture(scope="module")
async def cast(rig: Rig) -> dict[str, Person]:
    """One guild with a member of each kind, whose staff roles are set in /settings."""
    town = await rig.found_town()
    people = {"member": town.mia, "creator": town.noor, "moderator": town.sam, "owner": town.olive}
    await town.approve(town.noor)
    panel = await (await town.sam.slash("settings")).message()
    await (await town.sam.click(panel, "Staff roles")).wait_for_answer()
    selects = [c for c in pressable(panel) if c["type"] == 6]
    for staff, select in zip(Staff, selects, strict=True):
        role = rig.world.add_role(town.guild, staff.value)
        await (await town.sam.select(panel, select["custom_id"], role)).wait_for_answer()
        user = rig.world.add_user(f"{staff.value}{town.guild.id}")
        rig.world.join(town.guild, user, roles=[role])
        people[staff.value] = Person(rig.world, user, town.general)
    return people


def test_the_table_in_the_test_covers_every_command() -> None:
    assert set(ALLOWED) == set(POLICY)


def _leaves(command: dict[str, Any]) -> list[str]:
    """Return the full names of a command: one for each subcommand, or its own."""
    groups = [option for option in command.get("options", ()) if option["type"] in (1, 2)]
    return [f"{command['name']} {name}" for option in groups for name in _leaves(option)] or [command["name"]]


def test_every_registered_command_has_a_row(rig: Rig) -> None:
    names = {name for command in rig.world.commands for name in _leaves(command)}

    assert names == set(POLICY) - CONTROLS


@pytest.mark.parametrize("command", sorted(ALLOWED.keys() - CONTROLS))
async def test_only_those_in_the_table_may(cast: dict[str, Person], command: str) -> None:
    allowed: set[str] = set()
    for name, person in cast.items():
        options: dict[str, object] = dict(OPTIONS.get(command, {}))
        if command in TAKES_A_MEMBER:
            options[TAKES_A_MEMBER[command]] = cast["member"].user
        if command in MENUS:
            exchange = await MENUS[command](person, cast["creator"])
        else:
            exchange = await person.slash(command, raw=True, **options)
        answer = await exchange.reply()
        if isinstance(answer, Modal) or not REFUSED.match(answer.text):
            allowed.add(name)

    assert allowed == ALLOWED[command]


async def test_a_manager_without_manage_server_uses_the_commands_once_they_are_shown(
    rig: Rig, cast: dict[str, Person]
) -> None:
    manager = cast["manager"]
    roles = manager.guild.members[manager.user.id].roles
    overwrites = [{"id": str(role_id), "type": ROLE, "permission": True} for role_id in roles]
    rig.world.set_command_permissions(manager.guild, overwrites)
    answer = await (await cast["manager"].slash("packages list")).message()

    assert "350" in answer.text


@pytest.mark.parametrize("command", ["balance", "gifts", "settings", "leaderboard"])
async def test_in_a_direct_message_a_forged_command_is_refused(rig: Rig, cast: dict[str, Person], command: str) -> None:
    entry = next(row for row in rig.world.commands if row["name"] == command)
    data = {"id": entry["id"], "name": command, "type": 1}
    owner = cast["owner"].user
    interaction = rig.world.begin(owner, rig.world.open_dm(owner), InteractionType.COMMAND, data)
    answer = await Exchange(interaction).message()

    assert entry["contexts"] == [0]
    assert entry["integration_types"] == [0]
    assert "only work in servers" in answer.text


@pytest.fixture
def installed_by(rig: Rig) -> Iterator[Callable[[dict[str, str]], None]]:
    """Set who has installed the bot, as Discord reports it, for the length of a test."""

    def set_installers(owners: dict[str, str]) -> None:
        rig.world.application.installers = owners

    yield set_installers
    rig.world.application.installers = None


@pytest.mark.parametrize("command", ["balance", "gifts", "settings", "leaderboard"])
async def test_where_discord_names_nobody_the_guild_that_the_bot_is_in_counts(
    cast: dict[str, Person], installed_by: Callable[[dict[str, str]], None], command: str
) -> None:
    installed_by({})
    answer = await (await cast["owner"].slash(command)).message()

    assert "only work in servers" not in answer.text


async def test_a_button_works_where_discord_names_nobody(
    cast: dict[str, Person], installed_by: Callable[[dict[str, str]], None]
) -> None:
    panel = await (await cast["owner"].slash("settings")).message()
    installed_by({})
    answer = await (await cast["owner"].click(panel, "Staff roles")).message()

    assert "Staff roles" in answer.text


@pytest.mark.parametrize("owner", ["owner", "member"])
async def test_where_only_a_user_has_installed_it_the_bot_says_no(
    cast: dict[str, Person], installed_by: Callable[[dict[str, str]], None], owner: str
) -> None:
    installed_by({"1": str(cast[owner].user.id)})
    answer = await (await cast["member"].slash("balance")).message()

    assert "only work in servers" in answer.text


async def test_where_discord_names_nobody_a_guild_that_the_bot_has_left_does_not_count(
    rig: Rig, installed_by: Callable[[dict[str, str]], None]
) -> None:
    town = await rig.found_town()
    entry = next(row for row in rig.world.commands if row["name"] == "balance")
    data = {"id": entry["id"], "name": "balance", "type": 1}
    rig.world.remove_bot(town.guild)
    installed_by({})
    interaction = rig.world.begin(town.mia.user, town.general, InteractionType.COMMAND, data)
    # The stand-in tells a bot nothing of guilds that it is not in.
    rig.world.dispatch("INTERACTION_CREATE", interaction.create_event)
    answer = await Exchange(interaction).message()

    assert "only work in servers" in answer.text
