"""The journey of an operator, from an empty folder on: a bot that another user runs, from code that it may only read.

Backups, upgrades and the way back are done with the very commands of the units and of docs/upgrading.md.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.exit_codes import Exit
from bot.storage.connect.address import database_url
from bot.storage.maintenance.migrate import revisions
from tests import books, scratch
from tests.domain.test_checkpoints import KEY
from tests.operating import address_of
from tests.operations.operators_machine import NEXT_REVISION, Machine, python_for
from tests.postgres import unprivileged
from tests.rig import Town
from tests.services_needed import ANOTHER_USER, OTHERS_PYTHON, go_without
from tests.storage.old_databases import REVISIONS, with_old_books
from tests.thoroughness import by_thoroughness

GIFTS = "SELECT count(*) FROM journal WHERE kind = 'gift'"


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that every user may enter, unlike those of other tests."""
    folder = Path(tempfile.mkdtemp(prefix="rosette-journey-", dir=scratch.memory()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def machine(folder: Path) -> AsyncIterator[Machine]:
    """A machine on which nothing has run yet, with its secrets in files."""
    user = unprivileged()
    if user is None:
        go_without(ANOTHER_USER)
    python = python_for(user, folder / "venv")
    if python is None:
        go_without(OTHERS_PYTHON)
    machine = Machine(folder, user, python)
    await machine.rig.open()
    for name, value in (("discord_token", machine.rig.world.application.token), ("checkpoint_key", KEY)):
        machine.hand_over(machine.keep_secret(name, value))
    yield machine
    await machine.rig.close()


async def back_up(machine: Machine) -> list[Path]:
    """Run what the timer runs, and return what there is in its folder then."""
    done = await machine.run_unit("rosette-backup.service")
    assert done.returncode == 0, done.stderr
    return sorted((machine.state / "backups").iterdir(), key=lambda file: len(file.name))


async def assert_that_doctor_finds_nothing(machine: Machine) -> None:
    done = await machine.rosette("doctor")
    assert done.returncode == Exit.DONE, done.stdout + done.stderr


async def first_gift(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Clover", town.noor)


def strangers_files(machine: Machine) -> list[str]:
    """Return what is in the bot's folder and can be read by others, or belongs to them."""
    paths = [machine.state, *machine.state.rglob("*")]
    return [
        str(path) for path in paths if path.lstat().st_uid != machine.user or stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


async def test_from_an_empty_folder_to_an_upgrade_and_back(machine: Machine):
    books_file = machine.state / "rosette.db"
    await machine.rig.start_bot()
    town = await machine.rig.found_town()
    await first_gift(town)

    backup_file, checkpoint_file = await back_up(machine)

    assert (backup_file.suffix, checkpoint_file.suffix) == (".db", ".checkpoint")
    assert books.only_value(backup_file, GIFTS) == 1
    await assert_that_doctor_finds_nothing(machine)

    await machine.follow("With systemd")
    await town.give(town.mia, "Clover", town.noor)

    assert books.only_value(books_file, "SELECT version_num FROM alembic_version") == NEXT_REVISION
    assert books.only_value(books_file, GIFTS) == 2
    assert books.only_value(books_file.with_name(f"rosette.db.before-{NEXT_REVISION}"), GIFTS) == 1

    await machine.rig.stop_bot()
    machine.code = machine.versions["v0.1.0"]
    refused = await machine.rosette("run")
    await machine.follow("Back again")

    assert refused.returncode == Exit.BOOKS, refused.stdout + refused.stderr
    assert f"at revision {NEXT_REVISION}, which this version does not know" in refused.stdout + refused.stderr
    assert books.only_value(books_file, GIFTS) == 1
    assert len([*machine.state.glob("rosette.db.replaced-*")]) >= 1
    await town.give(town.mia, "Clover", town.noor)
    assert books.only_value(books_file, GIFTS) == 2
    await back_up(machine)
    await assert_that_doctor_finds_nothing(machine)
    assert strangers_files(machine) == []
    assert {path.lstat().st_uid for code in machine.versions.values() for path in code.rglob("*")} == {0}


@pytest.mark.parametrize("revision", by_thoroughness(quick=REVISIONS[:1], full=REVISIONS[:1], long=REVISIONS))
async def test_books_of_an_old_version_are_copied_and_upgraded_by_the_start(machine: Machine, revision: str):
    books_file = machine.state / "rosette.db"
    with_old_books(database_url(address_of(books_file)), revision)
    for path in machine.state.glob("rosette.db*"):
        path.chmod(0o600)
        machine.hand_over(path)
    gift_count = books.only_value(books_file, GIFTS)

    await machine.rig.start_bot()
    town = await machine.rig.found_town()
    await first_gift(town)
    audit = await machine.rosette("audit")

    assert audit.returncode == Exit.DONE, audit.stdout + audit.stderr
    assert books.only_value(books_file, GIFTS) == gift_count + 1
    copy = books_file.with_name(f"rosette.db.before-{revisions()[-1]}")
    assert books.only_value(copy, "SELECT version_num FROM alembic_version") == revision
    assert books.only_value(copy, GIFTS) == gift_count
    await back_up(machine)
    await assert_that_doctor_finds_nothing(machine)
    assert strangers_files(machine) == []


async def test_what_belongs_to_somebody_else_is_named_with_the_user_who_would_need_it(machine: Machine):
    machine.keep_secret("stripe_secret_key", "sk_test_of_root")
    secret = await machine.rosette("run")
    (machine.credentials / "stripe_secret_key").unlink()
    os.chown(machine.state, 0, 0)
    machine.state.chmod(0o755)
    folder = await machine.rosette("run")

    assert secret.returncode == Exit.SETTINGS
    assert f"stripe_secret_key cannot be read by user {machine.user}" in secret.stderr
    assert folder.returncode == Exit.BOOKS, folder.stderr
    assert f"{machine.state}, is not writable: it belongs to uid 0" in folder.stderr
    assert f"chown -R {machine.user} {machine.state}" in folder.stderr
