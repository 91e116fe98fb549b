"""`python -m bot doctor` on a real installation: well, it says so; with a fault planted, it finds that one."""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.storage.connect.process_lock import ProcessLock
from bot.storage.maintenance import checkpoints, marks
from tests import forkserver
from tests.rig import (
    CHECKOUT_SECRET,
    PATIENCE_S,
    ROOT,
    STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET,
    WEBHOOK_SECRET,
    Rig,
    running_bot,
)

DAY_MS = 24 * 3_600_000
SKU = "123456789012345678"
Page = subprocess.CompletedProcess[str]


async def visited(rig: Rig, folder: Path = ROOT, **changes: str) -> Page:
    """Run doctor with the settings of the rig, and see that no secret is on its page."""
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | rig.variables | changes
    command = (sys.executable, "-m", "bot", "doctor")
    answer = await asyncio.to_thread(forkserver.run, command, folder, variables, PATIENCE_S)
    canaries = (variables["DISCORD_TOKEN"], CHECKOUT_SECRET, WEBHOOK_SECRET, STRIPE_KEY, STRIPE_WEBHOOK_SECRET)
    assert not [canary for canary in canaries if canary in answer.stdout + answer.stderr]
    assert answer.stderr == ""
    return answer


def faults(answer: Page) -> list[str]:
    """Return the topics with a fault."""
    return [line[2:].partition(":")[0] for line in answer.stdout.splitlines() if line.startswith("✗")]


async def test_a_healthy_bot_that_runs_is_told_so(own_rig: Rig) -> None:
    public = f"http://127.0.0.1:{own_rig.web_port}"
    async with running_bot(own_rig):
        running = await visited(own_rig, PUBLIC_URL=public)
    stopped = await visited(own_rig, PUBLIC_URL=public)

    assert (running.returncode, faults(running)) == (0, [])
    assert "leads to the bot" in running.stdout
    assert f"the running bot listens on 127.0.0.1:{own_rig.web_port}" in running.stdout
    assert (stopped.returncode, faults(stopped)) == (0, [])
    assert "Nothing is wrong." in stopped.stdout
    assert "DISCORD_TOKEN, " in stopped.stdout


@pytest.mark.databases("sqlite")
async def test_an_installation_that_was_never_started_is_well(own_rig: Rig, tmp_path: Path) -> None:
    answer = await visited(own_rig, DATABASE_URL=f"sqlite:///{tmp_path}/new/rosette.db")

    assert (answer.returncode, faults(answer)) == (0, [])
    assert not (tmp_path / "new").exists()


def book(rig: Rig) -> Path:
    assert isinstance(rig.database, Path)
    return rig.database


def no_books(rig: Rig) -> dict[str, str]:
    book(rig).rename(f"{rig.database}.marker")
    return {}


def damaged_books(rig: Rig) -> dict[str, str]:
    book(rig).write_bytes(b"no database " * 1_000)
    return {}


def newer_schema(rig: Rig) -> dict[str, str]:
    with sqlite3.connect(book(rig)) as books:
        books.execute("UPDATE alembic_version SET version_num = '9999'")
    books.close()
    return {}


def old_backup(rig: Rig) -> dict[str, str]:
    marks.note(Path(f"{rig.database}{marks.SUFFIX}"), backup_ms=DAY_MS)
    return {}


def failed_audit(rig: Rig) -> dict[str, str]:
    marks.note(Path(f"{rig.database}{marks.SUFFIX}"), audit_findings=2)
    return {}


def no_starts_left(rig: Rig) -> dict[str, str]:
    limit = {"total": 1_000, "remaining": 1, "reset_after": 60_000, "max_concurrency": 1}
    gateway = {"url": "ws://127.0.0.1", "shards": 1, "session_start_limit": limit}
    rig.world.faults.answer("GET", "/gateway/bot", 200, body=gateway)
    return {}


def wrong_clock(rig: Rig) -> dict[str, str]:
    rig.world.clock.ahead = -3_600
    return {}


def discord_down(rig: Rig) -> dict[str, str]:
    rig.world.faults.answer("GET", "/users/@me", 503, times=None)
    return {}


def readable_settings(rig: Rig) -> dict[str, str]:
    file = rig.folder / ".env"
    file.write_text("LOG_LEVEL=INFO\n", encoding="utf-8")
    file.chmod(0o644)
    return {}


def foreign_checkpoint(rig: Rig) -> dict[str, str]:
    key = "a key of 32 characters, at the least"
    checkpoints.file_of(rig.address, rig.folder, "another key of 32 characters, too").write(
        checkpoints.Checkpoint(1, ())
    )
    return {"CHECKPOINT_KEY": key}


def impossible_folder(rig: Rig) -> dict[str, str]:
    (rig.folder / "file").touch()
    return {"DATABASE_URL": f"sqlite:///{rig.folder}/file/rosette.db"}


PLANTS: Mapping[str, tuple[Callable[[Rig], dict[str, str]], str]] = {
    "a token that Discord refuses": (
        lambda _: {"DISCORD_TOKEN": "bm90IHRoZSB0b2tlbg.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"},
        "token",
    ),
    "a setting that is malformed": (lambda _: {"WEB_PORT": "eighty"}, "settings"),
    "an .env for everybody to read": (readable_settings, ".env"),
    "a folder that cannot be made": (impossible_folder, "data folder"),
    "books that are gone": (no_books, "books"),
    "books that are damaged": (damaged_books, "books"),
    "books of a newer version": (newer_schema, "schema"),
    "a backup that is old": (old_backup, "backup"),
    "a checkpoint that was not signed here": (foreign_checkpoint, "checkpoint"),
    "an audit with findings": (failed_audit, "audit"),
    "a gateway that has no starts left": (no_starts_left, "gateway"),
    "a clock that is wrong": (wrong_clock, "clock"),
    "a Discord that is down": (discord_down, "Discord"),
    "a Discord that cannot be reached": (lambda _: {"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}, "Discord"),
}


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("plant", PLANTS)
async def test_a_planted_fault_is_the_one_that_is_found(own_rig: Rig, plant: str) -> None:
    set_up, topic = PLANTS[plant]
    changes = set_up(own_rig)
    answer = await visited(own_rig, own_rig.folder, **changes)

    assert answer.returncode == 1
    assert faults(answer) == [topic]
    assert "    → " in answer.stdout
    assert answer.stdout.rstrip().endswith("1 thing is wrong.")


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("setting", ["WEB_PORT", "METRICS_PORT"])
async def test_a_port_that_another_program_has_is_found(own_rig: Rig, setting: str) -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]
        answer = await visited(own_rig, ROOT, PUBLIC_URL="", **{setting: str(port)})

    assert (answer.returncode, faults(answer)) == (1, [setting])
    assert f"127.0.0.1:{port} cannot be used" in answer.stdout


@pytest.mark.databases("sqlite")
async def test_a_public_address_that_leads_elsewhere_is_found(own_rig: Rig) -> None:
    lock = ProcessLock.acquire(book(own_rig))
    try:
        # As if a bot ran: the proxy leads to another server.
        answer = await visited(own_rig, PUBLIC_URL=own_rig.root)
    finally:
        lock.release()

    assert (answer.returncode, faults(answer)) == (1, ["PUBLIC_URL"])
    assert f"process {os.getpid()} has them open" in answer.stdout


@pytest.mark.databases("sqlite")
async def test_a_package_that_is_cheaper_than_its_sku_is_found(own_rig: Rig) -> None:
    async with running_bot(own_rig):
        await own_rig.found_town()
    with sqlite3.connect(book(own_rig)) as books:
        books.execute("UPDATE packages SET reference = ?, archived = 0 WHERE package_id = 1", (SKU,))
    books.close()
    answer = await visited(own_rig, DISCORD_SKUS=f"{SKU}=49.99 USD")

    assert (answer.returncode, faults(answer)) == (1, ["prices"])
    assert "49.99 USD on Discord" in answer.stdout


@pytest.mark.databases("sqlite")
async def test_fonts_that_are_missing_are_found(own_rig: Rig, tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['manimgx_fonts'] = None; from bot.__main__ import main; sys.exit(main(['doctor']))"
    )
    answer = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | own_rig.variables | {"FONTS_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, faults(answer)) == (1, ["fonts"])
