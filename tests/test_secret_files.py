"""Secrets from files: those of a container and of a systemd unit, which a copy of the example does not hide."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.setting_sources import SettingsError, load, secret_files
from bot.settings import Settings
from tests import postgres, scratch
from tests.test_settings import EXAMPLE, VALUE, start

OTHER = "other-0x5ec2e7-value"


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a unit's credentials, in an environment without any of our settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


@pytest.fixture
def shared_credentials(credentials: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Another such folder, which other users get into: nobody else gets into those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="rosette-credentials-", dir=scratch.memory()))
    folder.chmod(0o755)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    monkeypatch.chdir(folder)
    yield folder
    shutil.rmtree(folder)


def container_secrets(credentials: Path) -> Path:
    """Return the folder that stands for a container's secrets, which is not there unless a test makes it."""
    return credentials.parent / "secrets"


def test_a_setting_is_read_from_the_file_of_its_name_without_the_line_break(credentials: Path):
    (credentials / "discord_token").write_text(f"{VALUE}\n")
    (credentials / "DATABASE_URL").write_text("postgresql://rosette@db/books\n")
    (credentials / "somebody_elses").write_text("nothing of ours")

    loaded = load(container_secrets(credentials))

    assert loaded.discord_token.get_secret_value() == VALUE
    assert loaded.database_url == "postgresql://rosette@db/books"
    assert sorted(file.name for file in secret_files(container_secrets(credentials))) == [
        "DATABASE_URL",
        "discord_token",
    ]


def test_a_containers_secrets_are_read_and_a_units_credentials_win(credentials: Path):
    secrets = container_secrets(credentials)
    secrets.mkdir()
    (secrets / "discord_token").write_text(VALUE)
    (secrets / "web_port").write_text("1")
    (credentials / "web_port").write_text("2")

    loaded = load(container_secrets(credentials))

    assert (loaded.discord_token.get_secret_value(), loaded.web_port) == (VALUE, 2)


def test_a_copy_of_the_example_does_not_hide_a_secret_with_its_empty_line(
    credentials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    (credentials / "discord_token").write_text(VALUE)
    monkeypatch.setenv("DISCORD_TOKEN", "")
    monkeypatch.setenv("WEB_PORT", "8081")

    loaded = load(container_secrets(credentials))

    assert (loaded.discord_token.get_secret_value(), loaded.web_port) == (VALUE, 8081)


def test_a_wrong_value_in_a_file_is_named_and_not_shown(credentials: Path):
    (credentials / "discord_token").write_text(VALUE)
    (credentials / "web_port").write_text(OTHER)

    with pytest.raises(SettingsError, match="WEB_PORT") as error:
        load(container_secrets(credentials))

    assert OTHER not in str(error.value)


def test_a_misspelt_file_is_pointed_out(credentials: Path):
    (credentials / "discord_tokn").write_text(VALUE)

    with pytest.raises(SettingsError, match=r"DISCORD_TOKN in .*credentials is not a setting: did you mean DISCORD_TO"):
        load(container_secrets(credentials))


def test_a_file_that_is_no_text_is_named(credentials: Path):
    (credentials / "discord_token").write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match=r"credentials/discord_token is not readable as UTF-8 text"):
        load(container_secrets(credentials))


def test_a_file_of_somebody_else_is_named_with_who_would_have_to_read_it(shared_credentials: Path):
    secret = shared_credentials / "discord_token"
    secret.write_text(VALUE)
    secret.chmod(0)
    user, group = postgres.unprivileged() or (os.getuid(), os.getgid())

    error = error_as(user, group, lambda: load(container_secrets(shared_credentials)))

    assert error == f"SettingsError: {secret} cannot be read by user {user}, who runs Rosette"


def error_as(user: int, group: int, work: Callable[[], object]) -> str:
    """Do something in a child process of a user. Return the kind and text of the error that it raises, "" for none."""
    end, start = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.setgid(group)
            os.setuid(user)
            work()
        except Exception as error:  # noqa: BLE001 - it is what the caller asks for
            os.write(start, f"{type(error).__name__}: {error}".encode())
        finally:
            # Nothing of the test run may go on in its copy.
            os._exit(0)
    os.close(start)
    os.waitpid(pid, 0)
    with os.fdopen(end, encoding="utf-8") as answer:
        return answer.read()


def test_a_process_takes_them_too(tmp_path: Path):
    (tmp_path / "discord_token").write_text(VALUE)

    process = start(tmp_path, {"CREDENTIALS_DIRECTORY": str(tmp_path), "DATABASE_URL": "sqlite:///none.db"}, "audit")

    assert (process.returncode, process.stderr[:32]) == (3, "rosette: There is no database at")
