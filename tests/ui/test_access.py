"""The command tree's check: whatever goes wrong in it, the caller hears of it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.client import Rosette
from bot.clock import Clock, wall_ms
from bot.domain.errors import BooksClosed
from bot.services.assembly import build
from bot.storage.database import Database
from bot.ui.kit import access
from bot.ui.kit.caller import is_installed
from bot.ui.kit.errors import cause_of


async def test_books_that_cannot_be_opened_refuse_the_command_in_words(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'books.db'}", clock=wall_ms)
    client = Rosette(build(database, [], wall_ms), Clock())
    await database.close()
    interaction: Any = SimpleNamespace(client=client, guild_id=7, is_guild_integration=lambda: True)

    with pytest.raises(access.RefusedCommand) as error:
        await client.tree.interaction_check(interaction)

    assert isinstance(error.value.refusal, BooksClosed)


def test_what_is_no_refusal_travels_with_its_cause() -> None:
    cause = OSError("disk full")

    with pytest.raises(access.Broken) as raised, access.Checking():
        raise cause

    assert cause_of(raised.value) is cause


@pytest.mark.parametrize(
    ("owners", "is_known", "is_installed_here"), [({}, True, True), ({}, False, False), ({1: 5}, True, False)]
)
def test_where_nobody_is_named_the_guild_counts_that_the_gateway_told_of(
    owners: dict[int, int], is_known: bool, is_installed_here: bool
) -> None:
    client = SimpleNamespace(get_guild=lambda _: object() if is_known else None)
    interaction: Any = SimpleNamespace(
        client=client, guild_id=7, is_guild_integration=lambda: False, _integration_owners=owners
    )

    assert is_installed(interaction) is is_installed_here
