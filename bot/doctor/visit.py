"""The visit: gathers all facts, judges them, and prints one page without any secret."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.doctor.books_checks import check_books, check_discord, check_payment_events, check_prices
from bot.doctor.books_facts import books_facts
from bot.doctor.facts import BooksFacts, DiscordFacts, PortFacts, PublicFacts
from bot.doctor.findings import Finding, Verdict, page
from bot.doctor.machine_checks import (
    check_disk,
    check_exposure,
    check_folder,
    check_pictures,
    check_port,
    check_public,
    check_python,
    check_settings,
    check_sqlite,
)
from bot.doctor.machine_facts import folder_facts, machine_facts, port_facts, setting_facts
from bot.doctor.network_facts import discord_facts, public_facts, with_answers
from bot.exit_codes import Exit
from bot.imaging.packages import SYSTEM_FONTS
from bot.logs import redacted
from bot.setting_sources import SettingsError, load
from bot.settings import Settings
from bot.storage.connect.address import database_url, file_of, is_shared
from bot.version import version

COPIES: Final = 2
"""How many more times the books may have to fit on their disk: before a migration, and for a backup beside them."""
AUDIT_BYTES: Final = 50
"""Bytes of temporary disk that an audit takes for each row."""


def visit() -> Exit:
    """Print what is in order, what is worth knowing and what is wrong; return FAILED if something is wrong."""
    settings, error = None, ""
    try:
        settings = load()
    except SettingsError as trouble:
        error = str(trouble)
    findings = [*_of_machine(settings, error), *(_of_bot(settings) if settings else ())]
    text = page(findings)
    for secret in _secrets(settings):
        text = text.replace(secret, "[secret]")
    print(f"Rosette {version()}\n{redacted(text)}")
    return Exit.FAILED if any(finding.verdict is Verdict.FAULT for finding in findings) else Exit.DONE


def _of_machine(settings: Settings | None, error: str) -> Iterator[Finding]:
    machine = machine_facts(settings.fonts_dir if settings else SYSTEM_FONTS)
    yield check_python(machine)
    yield check_sqlite(machine)
    yield from check_pictures(machine)
    yield from check_settings(setting_facts(settings, error))


def _of_bot(settings: Settings) -> Iterator[Finding]:
    books = books_facts(settings)
    yield from _of_folders(settings, books)
    yield from check_books(books)
    yield from check_prices(books)
    yield from check_payment_events(books)
    discord, ports, public = asyncio.run(_asked(settings))
    yield from check_discord(discord)
    # A server's books have no lock, so a port that answers is taken for the bot's.
    is_running = bool(books.lock_holder) or (books.is_shared and any(port.answers for port in ports))
    for port in ports:
        yield check_port(port, is_running=is_running)
        if port.setting == "METRICS_PORT":
            yield check_exposure(port)
    yield check_public(public, is_running=is_running)


async def _asked(settings: Settings) -> tuple[DiscordFacts, list[PortFacts], PublicFacts | None]:
    discord, ports, public = await asyncio.gather(
        discord_facts(settings), with_answers(list(port_facts(settings))), public_facts(settings.public_url)
    )
    return discord, ports, public


def _of_folders(settings: Settings, books: BooksFacts) -> Iterator[Finding]:
    if not books.trouble or not books.is_shared:
        folder = settings.database_dumps if books.is_shared else _folder_of(settings)
        data = folder_facts("DATABASE_DUMPS" if books.is_shared else "data folder", folder)
        yield check_folder(data)
        yield check_disk(data, COPIES * books.size)
    yield check_folder(folder_facts("PICTURE_FOLDER", settings.picture_folder))
    yield check_disk(folder_facts("TMPDIR", Path(tempfile.gettempdir())), AUDIT_BYTES * books.rows)


def _folder_of(settings: Settings) -> Path:
    return file_of(database_url(settings.database_url)).parent


def _secrets(settings: Settings | None) -> Iterator[str]:
    """Yield every secret that is set, so that none is printed, whatever an error may have quoted."""
    if settings is None:
        return
    for name in Settings.model_fields:
        value: object = getattr(settings, name)
        if isinstance(value, SecretStr) and value.get_secret_value():
            yield value.get_secret_value()
    url = database_url(settings.database_url)
    if is_shared(url) and url.password:
        yield url.password
