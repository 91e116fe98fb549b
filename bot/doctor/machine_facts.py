"""Gathers the facts of this machine: what is installed, where settings come from, folders and ports."""

import ipaddress
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic_settings import DotEnvSettingsSource

from bot.doctor.facts import FolderFacts, MachineFacts, PortFacts, SettingFacts
from bot.imaging.packages import EMOJI, FONTS, FontFiles, folder
from bot.setting_sources import misspellings, secret_files
from bot.settings import DISCORD_API, ENV_FILE, Settings

_CHECKUP_S: Final = 30
_FAMILIES: Final = {"manimgx_fonts": "NotoSans", "manimgx_fonts_cjk": "NotoSansCJK"}
_STRANGERS: Final = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Public addresses that belong to nobody."""
_ROOT: Final = Path(__file__).parents[2]


def machine_facts(fonts_dir: Path) -> MachineFacts:
    """Return the facts about this machine."""
    files = FontFiles(fonts_dir)
    fonts = {package: _state(files, package) for package in FONTS}
    fonts[EMOJI] = "installed" if folder(EMOJI) else ""
    return MachineFacts(sys.version_info[:3], sqlite3.sqlite_version_info, _has_raqm(), fonts, fonts_dir)


def _state(files: FontFiles, package: str) -> str:
    if folder(package):
        return "installed"
    return "system" if files.path(package, _FAMILIES[package], 400) else ""


def _has_raqm() -> bool | None:
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "bot.imaging.checkup"],
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=_CHECKUP_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return bool(answer.stdout.strip()) if answer.returncode == 0 else None


def setting_facts(settings: Settings | None, error: str) -> SettingFacts:
    """Return where the settings come from. `settings` is None if they cannot be used, for the reason `error`."""
    mode = stat.S_IMODE(ENV_FILE.stat().st_mode) if ENV_FILE.is_file() else None
    if settings is None:
        return SettingFacts(error=error, env_mode=mode)
    providers = settings.payment_providers
    key = settings.stripe_secret_key.get_secret_value()
    has_skus = "discord_sku" in providers and not settings.discord_sku_test_mode
    has_live_provider = (
        bool({"kofi", "manual"} & set(providers)) or ("stripe" in providers and key[3:].startswith("live_")) or has_skus
    )
    return SettingFacts(
        _sources(),
        tuple(misspellings()),
        env_mode=mode,
        providers=providers,
        has_live_provider=has_live_provider,
        is_on_discord=settings.discord_api_url == DISCORD_API,
        has_sku_payouts=settings.discord_sku_payouts if has_skus else None,
    )


def _sources() -> Mapping[str, str]:
    """Return where each setting that is set comes from."""
    in_file = {name.lower() for name in DotEnvSettingsSource(Settings).env_vars}
    in_environment = {name.lower() for name in os.environ}
    secret_names = {file.name.lower(): str(file.parent) for file in secret_files()}
    sources: dict[str, str] = {}
    for name in Settings.model_fields:
        if name in secret_names:
            sources[name.upper()] = secret_names[name]
        elif name in in_environment:
            sources[name.upper()] = "the environment"
        elif name in in_file:
            sources[name.upper()] = ".env"
    return sources


def folder_facts(what: str, path: Path) -> FolderFacts:
    """Return whether a folder can be written, or made where it is missing."""
    path = path.absolute()
    present = next(place for place in (path, *path.parents) if place.exists())
    is_writable = present.is_dir() and os.access(present, os.W_OK | os.X_OK)
    owner = path.stat().st_uid if path.exists() else None
    free_bytes = shutil.disk_usage(present).free if present.is_dir() else None
    return FolderFacts(what, path, owner, os.geteuid(), is_writable, free_bytes)


def port_facts(settings: Settings) -> Iterator[PortFacts]:
    """Yield the ports that the bot listens on, and whether it can."""
    yield from _port("WEB_PORT", settings.web_host, settings.web_port)
    if settings.metrics_port:
        for facts in _port("METRICS_PORT", settings.metrics_host, settings.metrics_port):
            yield replace(facts, open_at=open_at(facts.host, _own_addresses()))


def open_at(host: str, own_addresses: Sequence[str]) -> str:
    """Return the first public address at which a port of `host` is open, "" for none.

    `own_addresses` are those of this machine, all of which count if `host` stands for every address.
    """
    try:
        hosts = [ipaddress.ip_address(host)]
    except ValueError:
        return ""
    if hosts[0].is_unspecified:
        # On Linux, :: accepts IPv4 as well.
        hosts = [each for each in map(ipaddress.ip_address, own_addresses) if hosts[0].version in {6, each.version}]
    return next((str(each) for each in hosts if each.is_global), "")


def _own_addresses() -> list[str]:
    """Return the addresses that this machine uses on the internet. Nothing is sent."""
    addresses: list[str] = []
    for family, stranger in _STRANGERS.items():
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((stranger, 9))
            addresses.append(probe.getsockname()[0])
    return addresses


def _port(setting: str, host: str, port: int) -> Iterator[PortFacts]:
    if not port:
        return
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        yield PortFacts(setting, host, port, error.strerror or str(error))
    else:
        yield PortFacts(setting, host, port)
