"""Where settings come from: secret files, the environment, and `.env`, in this order; and what is wrong with them."""

import difflib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pydantic import SecretStr, ValidationError
from pydantic_settings import DotEnvSettingsSource
from pydantic_settings import SettingsError as SourceError

from bot.settings import ENV_FILE, Settings

SECRETS: Final = Path("/run/secrets")
"""Where containers find their secrets, a file each, named like the setting in small letters."""

CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
"""The variable in which systemd names the folder of a unit's credentials, which are files of the same kind."""

ALIKE: Final = 0.85
"""How much a name must resemble a setting's to count as a misspelling, from 0 to 1."""

_NO_TOKEN: Final = SecretStr("none")


class SettingsError(Exception):
    """A setting is missing or malformed. The text is one line for operators, and holds no value of a setting."""


def load(container_secrets: Path = SECRETS, *, connects: bool = True) -> Settings:
    """Return the settings; raise SettingsError. A command that never `connects` to Discord needs no token, and gets
    none."""
    changes = {} if connects else {"discord_token": _NO_TOKEN}
    try:
        return Settings(_secrets_dir=secret_folders(container_secrets), **changes)  # pyright: ignore[reportCallIssue] - the rest is read
    except ValidationError as error:
        problems = [_line(problem["loc"], problem["msg"]) for problem in error.errors()]
        raise SettingsError(" · ".join([*problems, *misspellings(container_secrets)])) from None
    except (SourceError, OSError, UnicodeDecodeError) as error:
        raise SettingsError(_unreadable(error.__cause__ or error, container_secrets)) from None


def _unreadable(error: BaseException, container_secrets: Path) -> str:
    """Return a sentence about a file that cannot be read."""
    if isinstance(error, PermissionError):
        # Containers mount secrets with the owner that they have outside, which is another user inside.
        return f"{error.filename} cannot be read by user {os.getuid()}, who runs Rosette"
    return f"{_garbled_secret(container_secrets) or ENV_FILE} is not readable as UTF-8 text"


def secret_folders(container_secrets: Path = SECRETS) -> list[Path]:
    """Return the folders with secret files: that of a container, and that of a systemd unit, which wins."""
    credentials = os.environ.get(CREDENTIALS)
    return [folder for folder in (container_secrets, *([Path(credentials)] if credentials else [])) if folder.is_dir()]


def secret_files(container_secrets: Path = SECRETS) -> Iterator[Path]:
    """Yield the files that hold a setting each."""
    for folder in secret_folders(container_secrets):
        yield from (file for file in _files_in(folder) if file.name.lower() in Settings.model_fields)


def _files_in(folder: Path) -> list[Path]:
    """Return the files in a folder, none if it may be entered but not listed."""
    return [*folder.iterdir()] if os.access(folder, os.R_OK) else []


def _garbled_secret(container_secrets: Path) -> Path | None:
    """Return the first secret file that is not text, None if there is none."""
    for file in secret_files(container_secrets):
        try:
            file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return file
    return None


def notes(container_secrets: Path = SECRETS) -> Iterator[str]:
    """Yield warnings about settings that still work, a line each, without any values."""
    yield from misspellings(container_secrets)
    if ENV_FILE.is_file() and ENV_FILE.stat().st_mode & stat.S_IROTH:
        yield ".env holds secrets, and every user of this machine can read it. Protect it: chmod 600 .env"


def misspellings(container_secrets: Path = SECRETS) -> Iterator[str]:
    """Yield a line for each name in `.env`, in the environment or of a secret file that nearly matches a setting."""
    yield from _misspelt(DotEnvSettingsSource(Settings).env_vars, "in .env")
    yield from _misspelt(os.environ, "in the environment")
    for folder in secret_folders(container_secrets):
        yield from _misspelt((file.name for file in _files_in(folder)), f"in {folder}")


def _misspelt(names: Iterable[str], place: str) -> Iterator[str]:
    settings = [name.upper() for name in Settings.model_fields]
    for name in map(str.upper, names):
        matches = difflib.get_close_matches(name, settings, n=1, cutoff=ALIKE)
        if matches and name not in settings:
            yield f"{name} {place} is not a setting: did you mean {matches[0]}?"


def _line(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]).upper() if location else ""
    text = message.removeprefix("Value error, ")
    if text == "Field required":
        text = "is not set"
    return f"{name} {text}".strip()
