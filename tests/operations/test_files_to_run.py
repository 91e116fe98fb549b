"""The files that operators run Rosette with: they parse, name settings that exist, and give nothing away."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.retention import Retention
from bot.exit_codes import Exit
from bot.settings import Settings
from bot.ui.looks import money_guide
from tests.rig import ROOT
from tests.services_needed import SYSTEMD_ANALYZE, go_without

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "ops").glob("*.service")) + sorted((ROOT / "ops").glob("*.timer"))
NEVER_AGAIN = {Exit.SETTINGS, Exit.BOOKS, Exit.TOKEN}
OURS = {"bot", "backup"}
NAMES = {name.upper() for name in Settings.model_fields}
OF_PYTHON = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "TMPDIR"}


def unit(name: str) -> dict[str, list[str]]:
    """Return the values of each key of a unit, with those of keys that are there several times."""
    lines = (ROOT / "ops" / name).read_text(encoding="utf-8").splitlines()
    values: dict[str, list[str]] = {}
    for line in lines:
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            values.setdefault(key, []).append(value)
    return values


def words(instruction: str, text: str = DOCKERFILE) -> list[str]:
    """Return the arguments of an instruction of the Dockerfile each time that it is there."""
    joined = re.sub(r"\\\n", " ", text)
    return [
        line.removeprefix(instruction).strip() for line in joined.splitlines() if line.startswith(f"{instruction} ")
    ]


def test_only_tls_listens_to_the_world():
    ports = {name: service.get("ports", []) for name, service in COMPOSE["services"].items()}

    assert ports.pop("caddy") == ["80:80", "443:443"]
    assert all(port.startswith("127.0.0.1:") for each in ports.values() for port in each)
    assert ports["bot"]


@pytest.mark.parametrize("name", sorted(set(COMPOSE["services"]) - {"postgres"}))
def test_no_service_may_write_to_itself_or_become_more(name: str):
    service = COMPOSE["services"][name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"]


def test_without_a_profile_there_are_the_bot_and_its_backups():
    unasked = {name for name, service in COMPOSE["services"].items() if "profiles" not in service}
    profiles = {profile for service in COMPOSE["services"].values() for profile in service.get("profiles", [])}

    assert unasked == OURS
    assert profiles == {"postgres", "tls", "metrics"}


def test_what_differs_in_a_container_is_a_setting_and_is_set_in_both_places():
    of_image = dict(part.split("=", 1) for part in shlex.split(words("ENV")[0]))

    for name in OURS:
        of_service: dict[str, Any] = COMPOSE["services"][name]["environment"]
        assert set(of_service) <= NAMES
        # A copy of .env.example would otherwise put the books into a folder of the image.
        assert of_service["DATABASE_URL"].endswith(":-sqlite:////data/rosette.db}")
        assert {key: of_service[key] for key in ("DATABASE_DUMPS", "PICTURE_FOLDER", "WEB_HOST")} == {
            key: of_image[key] for key in ("DATABASE_DUMPS", "PICTURE_FOLDER", "WEB_HOST")
        }
    assert set(of_image) <= NAMES | OF_PYTHON


def test_the_metrics_profile_shows_the_figures_of_the_bot_and_publishes_no_others():
    services = COMPOSE["services"]
    mounts = {
        target: yaml.safe_load((ROOT / source).read_text(encoding="utf-8"))
        for name in ("prometheus", "grafana")
        for source, target, *_ in (volume.split(":") for volume in services[name]["volumes"])
        if source.startswith("./")
    }
    (config,) = [word.partition("=")[2] for word in services["prometheus"]["command"] if "--config.file" in word]
    (job,) = mounts[config]["scrape_configs"]
    (source,) = mounts["/etc/grafana/provisioning/datasources/rosette.yml"]["datasources"]
    (provider,) = mounts["/etc/grafana/provisioning/dashboards/rosette.yml"]["providers"]
    variables = services["bot"]["environment"]

    assert job["static_configs"] == [{"targets": [f"bot:{variables['METRICS_PORT']}"]}]
    # The alerts and the dashboard select by the name of the job in the other example.
    example = yaml.safe_load((ROOT / "ops" / "prometheus.yml").read_text(encoding="utf-8"))
    assert job["job_name"] == example["scrape_configs"][0]["job_name"]
    assert [str(Path(config).parent / name) for name in mounts[config]["rule_files"]] == ["/etc/prometheus/alerts.yml"]
    assert "/etc/prometheus/alerts.yml" in mounts
    assert (source["type"], source["url"], source["isDefault"]) == ("prometheus", "http://prometheus:9090", True)
    assert [target for target in mounts if Path(target).parent == Path(provider["options"]["path"])]
    assert variables["METRICS_HOST"] == "0.0.0.0"
    assert not [port for service in services.values() for port in service.get("ports", []) if "9464" in port]
    assert "ports" not in services["prometheus"]


def test_every_volume_and_file_of_a_service_is_there():
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file(), source


def test_the_image_runs_as_nobody_in_particular_and_owns_its_folders():
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    final = {stage.split()[2]: words("USER", stage) for stage in stages}

    assert final["bot"] == final["bot-postgres"] == ["10001:10001"]
    assert list(final)[-1] == "bot"
    assert any("install --directory --owner rosette" in step and "/data/tmp" in step for step in words("RUN"))
    assert COMPOSE["services"]["bot"]["build"]["target"] == "${ROSETTE_TARGET:-bot}"


def test_the_image_has_what_pillow_needs_to_shape_text_and_leaves_no_lists_of_packages():
    installs = [step for step in words("RUN") if "apt-get install" in step]

    assert "libfribidi0" in DOCKERFILE.partition("AS base")[2].partition("FROM base")[0]
    assert installs
    assert all(step.endswith("rm -rf /var/lib/apt/lists/*") for step in installs)


def test_the_image_holds_what_the_bot_reads_and_nothing_private():
    let_in = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }

    guide = Path(money_guide._GUIDE).relative_to(ROOT)
    assert {"bot", "cogs", "migrations", "pyproject.toml", str(guide)} <= let_in
    assert not let_in & {".env", "data", ".git", "tests", "sandbox"}


@pytest.mark.parametrize("name", ["rosette.service", "rosette-backup.service"])
def test_a_unit_sets_settings_that_exist_and_reads_its_secrets_from_files(name: str):
    values = unit(name)
    variables = {value.split("=")[0] for value in values["Environment"]}
    credentials = {value.split(":")[0] for value in values["LoadCredential"]}

    assert variables <= NAMES | OF_PYTHON
    assert credentials == {"discord_token", "checkpoint_key"}
    assert credentials <= set(Settings.model_fields)
    assert values["DynamicUser"] == ["yes"]
    assert values["ProtectSystem"] == ["strict"]
    assert "TMPDIR=/var/lib/rosette/tmp" in values["Environment"]


def test_the_service_manager_does_not_try_again_what_cannot_help():
    values = unit("rosette.service")

    assert {int(code) for code in values["RestartPreventExitStatus"][0].split()} == NEVER_AGAIN
    assert (values["Type"], values["Restart"], values["TimeoutStopSec"]) == (["exec"], ["on-failure"], ["30"])
    assert COMPOSE["services"]["bot"]["stop_grace_period"] == "30s"


def test_both_backups_run_the_same_command_and_its_rule_is_one():
    (of_timer,) = unit("rosette-backup.service")["ExecStart"]
    (of_compose,) = COMPOSE["services"]["backup"]["command"]

    rules = [re.search(r"-m bot backup \S+ --keep (\S+?)[;\s]", f"{text} ") for text in (of_timer, of_compose)]

    assert [rule and rule[1] for rule in rules] == ["7d,4w,6m"] * 2
    assert Retention.of("7d,4w,6m") is not None


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_units_are_what_systemd_reads(file: Path, tmp_path: Path):
    tool = shutil.which("systemd-analyze")
    if tool is None:
        go_without(SYSTEMD_ANALYZE)
    # The program that a unit starts is on the machine of an operator, and not here.
    for each in UNITS:
        text = each.read_text(encoding="utf-8").replace("/opt/rosette/.venv/bin/python", "/bin/true")
        (tmp_path / each.name).write_text(text, encoding="utf-8")

    check = subprocess.run([tool, "verify", tmp_path / file.name], capture_output=True, text=True, check=False)

    assert (check.returncode, check.stderr) == (0, ""), check.stderr
