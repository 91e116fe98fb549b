"""Settings: the example lists them all, and a wrong one ends the start with one line that reveals no secret."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from bot import setting_sources
from bot.__main__ import main
from bot.domain.holds import HOLD_DAYS
from bot.exit_codes import Exit
from bot.settings import Settings
from bot.storage.connect.address import database_url

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"
VALUE = "sesame-0x5ec2e7"
SANDBOX = {
    "PAYMENT_PROVIDERS": "sandbox",
    "SANDBOX_CHECKOUT_URL": "http://127.0.0.1:1/checkout/v1",
    "SANDBOX_CHECKOUT_SECRET": VALUE,
    "SANDBOX_WEBHOOK_SECRET": VALUE,
}
SHARED = {"DATABASE_URL": f"postgresql+asyncpg://rosette:{VALUE}@db/x", "SHARD_COUNT": "4"}


def example() -> dict[str, str]:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def as_environment(value: Any) -> str:
    """Return the default of a field in the form of an environment variable."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def start(folder: Path, variables: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the bot in an empty folder, with only `variables` set."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | variables,
        capture_output=True,
        timeout=60,
        check=False,
        text=True,
    )


def test_the_example_names_every_setting_in_the_models_order():
    assert list(example()) == [name.upper() for name in Settings.model_fields]


def test_the_example_shows_every_default_and_no_token():
    defaults = {name.upper(): field for name, field in Settings.model_fields.items()}

    examples = example()

    assert examples.pop("DISCORD_TOKEN") == ""
    assert examples == {name: as_environment(defaults[name].default) for name in examples}


def test_the_example_says_something_about_every_setting():
    blocks = EXAMPLE.read_text(encoding="utf-8").split("\n\n")

    assert all(block.startswith("# ") for block in blocks)


def test_only_the_token_has_to_be_set():
    assert [name for name, field in Settings.model_fields.items() if field.is_required()] == ["discord_token"]


def test_a_copy_of_the_example_with_a_token_is_complete(tmp_path):
    content = EXAMPLE.read_text(encoding="utf-8").replace("DISCORD_TOKEN=", f"DISCORD_TOKEN={VALUE}")
    (tmp_path / ".env").write_text(content, encoding="utf-8")

    loaded = Settings(_env_file=tmp_path / ".env")  # pyright: ignore[reportCallIssue]

    assert loaded.discord_token.get_secret_value() == VALUE
    assert loaded.payment_providers == ()


@pytest.mark.parametrize(
    ("text", "providers"), [("", ()), ("sandbox", ("sandbox",)), (" sandbox , ", ("sandbox",)), (",", ())]
)
def test_providers_are_parted_by_commas(text, providers):
    loaded = Settings(  # pyright: ignore[reportCallIssue]
        discord_token=SecretStr(VALUE),
        payment_providers=text,  # pyright: ignore[reportArgumentType]
        sandbox_checkout_url="http://127.0.0.1:1",
        sandbox_checkout_secret=SecretStr(VALUE),
        sandbox_webhook_secret=SecretStr(VALUE),
    )

    assert loaded.payment_providers == providers


@pytest.mark.parametrize(
    ("text", "shards"),
    [({}, (0,)), ({"shard_count": 3}, (0, 1, 2)), ({"shard_count": 4, "shard_ids": " 1, 3 "}, (1, 3))],
)
def test_a_process_serves_the_shards_it_names_or_all(text, shards):
    loaded = Settings(
        discord_token=SecretStr(VALUE),
        database_url="postgresql+asyncpg://rosette@db/books",
        **text,
    )

    assert loaded.shards == shards


def test_settings_do_not_print_their_secrets():
    loaded = Settings(discord_token=SecretStr(VALUE))

    assert VALUE not in repr(loaded)
    assert VALUE not in str(loaded)


WRONG = [
    pytest.param({"DISCORD_TOKEN": ""}, ["DISCORD_TOKEN"], id="no token"),
    pytest.param({"DISCORD_TOKEN": "   "}, ["DISCORD_TOKEN"], id="token of spaces"),
    pytest.param({"DATABASE_URL": f"mysql://rosette:{VALUE}@db/x"}, ["DATABASE_URL"], id="other database"),
    pytest.param({"SHARD_COUNT": "0"}, ["SHARD_COUNT"], id="no shards"),
    pytest.param({"SHARD_COUNT": VALUE}, ["SHARD_COUNT"], id="shards of letters"),
    pytest.param(SHARED | {"SHARD_IDS": f"0,{VALUE}"}, ["SHARD_IDS"], id="shard of letters"),
    pytest.param(SHARED | {"SHARD_IDS": "0,-1"}, ["SHARD_IDS"], id="negative shard"),
    pytest.param(SHARED | {"SHARD_IDS": "0,4"}, ["SHARD_IDS", "SHARD_COUNT"], id="shard beyond the last"),
    pytest.param(SHARED | {"SHARD_IDS": "1,1"}, ["SHARD_IDS"], id="shard named twice"),
    pytest.param({"SHARD_COUNT": "2", "SHARD_IDS": "0"}, ["SHARD_IDS", "DATABASE_URL"], id="shards but one file"),
    pytest.param({"DATABASE_URL": ""}, ["DATABASE_URL"], id="no database"),
    pytest.param({"DATABASE_URL": "sqlite:///"}, ["DATABASE_URL", "sqlite:///path/to/file.db"], id="no file"),
    pytest.param(
        {"DATABASE_URL": "sqlite+aiosqlite:///"}, ["DATABASE_URL", "sqlite:///path/to/file.db"], id="driver, no file"
    ),
    pytest.param({"DATABASE_URL": "sqlite://books.db"}, ["DATABASE_URL"], id="file in the place of a host"),
    pytest.param({"DATABASE_URL": "postgresql://db:99999999/x"}, ["DATABASE_URL", "65535"], id="port of a database"),
    pytest.param({"DISCORD_API_URL": "http://127.0.0.1:99999999"}, ["DISCORD_API_URL", "65535"], id="port of an API"),
    pytest.param({"DISCORD_API_URL": f"http://{VALUE}.example/api"}, ["DISCORD_API_URL", "https"], id="API in clear"),
    pytest.param({"DISCORD_GATEWAY_URL": f"ws://{VALUE}.example"}, ["DISCORD_GATEWAY_URL"], id="gateway in clear"),
    pytest.param({"DISCORD_GATEWAY_URL": "https://discord.gg"}, ["DISCORD_GATEWAY_URL", "wss"], id="no socket"),
    pytest.param(
        SANDBOX | {"SANDBOX_CHECKOUT_URL": f"http://{VALUE}.example"}, ["SANDBOX_CHECKOUT_URL"], id="checkout in clear"
    ),
    pytest.param(SANDBOX | {"SANDBOX_WEBHOOK_SECRET": "x"}, ["SANDBOX_WEBHOOK_SECRET", "12"], id="one-letter secret"),
    pytest.param(SANDBOX | {"SANDBOX_CHECKOUT_SECRET": "x"}, ["SANDBOX_CHECKOUT_SECRET", "12"], id="one-letter key"),
    pytest.param({"WEB_PORT": "99999999"}, ["WEB_PORT", "65535"], id="port far too high"),
    pytest.param({"DISCORD_API_URL": f"discord.com/{VALUE}"}, ["DISCORD_API_URL"], id="API without scheme"),
    pytest.param({"DISCORD_GATEWAY_URL": ""}, ["DISCORD_GATEWAY_URL"], id="no gateway"),
    pytest.param({"LOG_LEVEL": VALUE}, ["LOG_LEVEL"], id="log level"),
    pytest.param({"PAYMENT_PROVIDERS": VALUE}, ["PAYMENT_PROVIDERS"], id="unknown provider"),
    pytest.param({"PAYMENT_PROVIDERS": f"sandbox,{VALUE}"}, ["PAYMENT_PROVIDERS"], id="one unknown provider"),
    pytest.param({"WEB_PORT": VALUE}, ["WEB_PORT"], id="port of letters"),
    pytest.param({"WEB_PORT": "65536"}, ["WEB_PORT"], id="port too high"),
    pytest.param({"WEB_PORT": "-1"}, ["WEB_PORT"], id="port too low"),
    pytest.param({"WEB_PORT": ""}, ["WEB_PORT"], id="no port"),
    pytest.param({"METRICS_PORT": "65536"}, ["METRICS_PORT"], id="port of metrics too high"),
    pytest.param({"METRICS_PORT": "8080"}, ["METRICS_PORT", "WEB_PORT"], id="metrics in the open"),
    pytest.param({"LOG_FORMAT": "yaml"}, ["LOG_FORMAT"], id="format of the log"),
    pytest.param(
        {"PAYMENT_PROVIDERS": "sandbox"},
        ["SANDBOX_CHECKOUT_URL", "SANDBOX_CHECKOUT_SECRET", "SANDBOX_WEBHOOK_SECRET"],
        id="sandbox without checkout",
    ),
    pytest.param(SANDBOX | {"SANDBOX_WEBHOOK_SECRET": ""}, ["SANDBOX_WEBHOOK_SECRET"], id="one secret missing"),
    pytest.param(SANDBOX | {"SANDBOX_CHECKOUT_URL": f"ftp://{VALUE}"}, ["SANDBOX_CHECKOUT_URL"], id="checkout by FTP"),
    pytest.param({"PUBLIC_URL": f"http://{VALUE}.example"}, ["PUBLIC_URL"], id="overlays in clear"),
    pytest.param({"PUBLIC_URL": f"https://{VALUE}.example/?a=1"}, ["PUBLIC_URL"], id="overlays behind a query"),
    pytest.param({"PRIVACY_URL": f"http://{VALUE}"}, ["PRIVACY_URL"], id="page without TLS"),
    pytest.param({"TERMS_URL": f"https://{VALUE}/{'x' * 512}"}, ["TERMS_URL"], id="page with too long an address"),
    pytest.param({"DISCORD_TOKEN": "", "WEB_PORT": VALUE, "LOG_LEVEL": VALUE},
                 ["DISCORD_TOKEN", "WEB_PORT", "LOG_LEVEL"], id="several"),
]  # fmt: skip


def check_line(line: str, names: list[str]) -> None:
    assert line.startswith("rosette: ")
    assert all(re.search(rf"\b{re.escape(name)}\b", line) for name in names)
    assert VALUE not in line


@pytest.fixture
def surroundings(tmp_path, monkeypatch) -> Iterator[pytest.MonkeyPatch]:
    """An empty folder, and an environment without any of our settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    usual = os.umask(0o022)
    yield monkeypatch
    os.umask(usual)


@pytest.mark.parametrize(("changes", "names"), WRONG)
def test_a_wrong_setting_ends_the_start_with_one_line_that_names_it(surroundings, capsys, tmp_path, changes, names):
    for name, value in ({"DISCORD_TOKEN": VALUE} | changes).items():
        surroundings.setenv(name, value)

    code = main([])

    output = capsys.readouterr()
    assert (code, output.out) == (Exit.SETTINGS, "")
    (line,) = output.err.splitlines()
    check_line(line, names)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///books.db",
        "sqlite:////var/lib/rosette/books.db",
        "sqlite+aiosqlite:///books.db",
        "postgresql://rosette@db/books",
        "postgresql+asyncpg://rosette@/books?host=db1:5432&host=db2:5432",
    ],
)
def test_a_database_is_named_with_or_without_its_driver(surroundings, address):
    surroundings.setenv("DISCORD_TOKEN", VALUE)
    surroundings.setenv("DATABASE_URL", address)

    assert database_url(setting_sources.load().database_url).database


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_what_stays_on_this_machine_needs_no_encryption(surroundings, host):
    surroundings.setenv("DISCORD_TOKEN", VALUE)
    surroundings.setenv("DISCORD_API_URL", f"http://{host}:8420/api/v10")
    surroundings.setenv("DISCORD_GATEWAY_URL", f"ws://{host}:8420/")

    assert host in setting_sources.load().discord_api_url


def test_a_name_that_is_nearly_a_settings_is_pointed_out(surroundings, capsys, tmp_path):
    (tmp_path / ".env").write_text(f"DISCORD_TOKN={VALUE}\nCOMPOSE_PROJECT_NAME={VALUE}\n", encoding="utf-8")

    assert main([]) == Exit.SETTINGS

    (line,) = capsys.readouterr().err.splitlines()
    check_line(line, ["DISCORD_TOKN", "in .env", "DISCORD_TOKEN"])
    assert "COMPOSE" not in line


def test_a_slip_in_an_optional_name_is_noted_though_the_settings_can_be_used(surroundings):
    surroundings.setenv("DISCORD_TOKEN", VALUE)
    surroundings.setenv("WEBPORT", "8081")

    assert setting_sources.load().web_port == 8080
    assert list(setting_sources.notes()) == ["WEBPORT in the environment is not a setting: did you mean WEB_PORT?"]


@pytest.mark.parametrize(("mode", "count"), [(0o644, 1), (0o640, 0), (0o600, 0)])
def test_an_env_file_that_everybody_can_read_is_mentioned(surroundings, tmp_path, mode, count):
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={VALUE}\n", encoding="utf-8")
    (tmp_path / ".env").chmod(mode)

    lines = list(setting_sources.notes())

    assert len(lines) == count
    assert all("chmod 600 .env" in line and VALUE not in line for line in lines)


def test_the_environment_wins_over_the_env_file(surroundings, capsys, tmp_path):
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={VALUE}\nWEB_PORT={VALUE}\n", encoding="utf-8")

    from_file = main([])
    surroundings.setenv("WEB_PORT", "1")
    surroundings.setenv("LOG_LEVEL", VALUE)
    from_both = main([])

    assert from_file == from_both == Exit.SETTINGS
    first, second = capsys.readouterr().err.splitlines()
    check_line(first, ["WEB_PORT"])
    check_line(second, ["LOG_LEVEL"])
    assert "WEB_PORT" not in second


@pytest.mark.parametrize(
    "content",
    [b"DISCORD_TOKEN=\xff\xfe sesame-0x5ec2e7\n", b"D\0ISCORD_TOKEN=sesame-0x5ec2e7\n="],
    ids=["bytes", "NUL"],
)
def test_an_env_file_of_garbage_ends_the_start(surroundings, capsys, tmp_path, content):
    (tmp_path / ".env").write_bytes(content)

    assert main([]) == Exit.SETTINGS

    check_line(capsys.readouterr().err.splitlines()[-1], [])


# A command that never connects to Discord needs no token.
@pytest.mark.parametrize(
    ("arguments", "names"),
    [((), ["DISCORD_TOKEN", "LOG_LEVEL"]), (("migrate",), ["LOG_LEVEL"]), (("audit",), ["LOG_LEVEL"])],
    ids=str,
)
def test_the_process_ends_with_2_and_one_line_whatever_it_was_to_do(tmp_path, arguments, names):
    process = start(tmp_path, {"LOG_LEVEL": VALUE}, *arguments)

    assert (process.returncode, process.stdout) == (2, "")
    (line,) = process.stderr.splitlines()
    check_line(line, names)
    assert ("DISCORD_TOKEN" in line) is ("DISCORD_TOKEN" in names)


def test_every_payment_provider_of_real_money_has_a_hold():
    names = get_args(get_args(Settings.model_fields["payment_providers"].annotation)[0])

    assert set(names) - {"sandbox"} == HOLD_DAYS.keys()


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://gifts.example.org/", "https://gifts.example.org"),
        ("http://192.168.1.5:8080", "http://192.168.1.5:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("", ""),
    ],
)
def test_overlays_are_reached_by_tls_or_from_the_own_network(surroundings, url, taken):
    surroundings.setenv("DISCORD_TOKEN", VALUE)
    surroundings.setenv("PUBLIC_URL", url)

    assert Settings().public_url == taken  # pyright: ignore[reportCallIssue]
