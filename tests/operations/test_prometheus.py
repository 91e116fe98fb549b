"""What Prometheus itself makes of the files for it, and of a bot that works: no query is wrong, and each has data."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests import operating
from tests.bot.buying import buy_package, link_of
from tests.operations.test_watching_files import OPS, loaded, panel_queries, rules
from tests.rig import Rig, free_port, until
from tests.services_needed import PROMETHEUS, go_without

WINDOW = "1m"
"""What Grafana would fill in for $__rate_interval: longer than a test."""


def program(name: str) -> str:
    """Return the path of a program of Prometheus."""
    path = shutil.which(name)
    if path is None:
        go_without(PROMETHEUS)
    return path


def promtool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program("promtool"), *words], capture_output=True, text=True, check=False, cwd=OPS)


def test_the_examples_are_what_prometheus_reads():
    check = promtool("check", "config", "prometheus.yml")

    assert check.returncode == 0, check.stdout + check.stderr
    assert f"{len(rules())} rules found" in check.stdout


def test_every_alert_comes_when_it_should_and_not_before():
    test = promtool("test", "rules", "alerts-test.yml")

    assert test.returncode == 0, test.stdout + test.stderr
    cases = loaded("alerts-test.yml")["tests"]
    firing = {sample["labels"] for case in cases for each in case["promql_expr_test"] for sample in each["exp_samples"]}
    assert firing == {f'{{alertname="{rule["alert"]}"}}' for rule in rules()}
    assert all(case["promql_expr_test"][0]["exp_samples"] == [] for case in cases)


class Watcher:
    """A Prometheus that asks a bot for its figures several times a second, with the alerts of the example."""

    def __init__(self, rig: Rig, folder: Path, bot_port: int) -> None:
        self._rig, self._folder = rig, folder
        self._url = f"http://127.0.0.1:{(port := free_port())}"
        config = loaded("prometheus.yml")
        config["global"] = {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "250ms"}
        config["rule_files"] = [str(OPS / name) for name in config["rule_files"]]
        config["scrape_configs"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{bot_port}"]}]
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        self._command = [
            program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'series'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn",
        ]

    async def open(self) -> None:
        """Start it, and wait until it has figures of the bot."""
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(*self._command, stdout=log, stderr=log)

        async def has_figures() -> bool:
            assert self._process.returncode is None, (self._folder / "log").read_text(encoding="utf-8")
            try:
                async with self._rig.http.get(f"{self._url}/-/ready") as answer:
                    return answer.status == HTTPStatus.OK and bool(await self.asked("up == 1"))
            except aiohttp.ClientError:
                return False

        await until(has_figures)

    async def close(self) -> None:
        """Stop it."""
        self._process.terminate()
        await self._process.wait()

    async def asked(self, query: str) -> list[dict[str, Any]]:
        """Return the result of a query now."""
        return (await self._get("query", query=query))["result"]

    async def rules(self) -> list[dict[str, Any]]:
        """Return the alerts with how they are."""
        (group,) = (await self._get("rules"))["groups"]
        return group["rules"]

    async def _get(self, path: str, **words: str) -> dict[str, Any]:
        async with self._rig.http.get(f"{self._url}/api/v1/{path}", params=words) as answer:
            content = await answer.json()
            assert content["status"] == "success", content
            return content["data"]


def has_data(result: list[dict[str, Any]]) -> bool:
    """Return whether a panel would show something: a quantile of nothing is not a number."""
    return any(series["value"][1] != "NaN" for series in result)


@pytest.fixture
async def watcher(own_rig: Rig, tmp_path: Path) -> AsyncIterator[Watcher]:
    """A Prometheus that watches a bot, which has just started."""
    port = free_port()
    await own_rig.start_bot(METRICS_PORT=str(port), DATABASE_DUMPS=str(own_rig.folder))
    watcher = Watcher(own_rig, tmp_path, port)
    await watcher.open()
    yield watcher
    await watcher.close()


@pytest.mark.databases("sqlite")
async def test_every_panel_and_alert_of_a_bot_that_works_has_data_and_none_fires(own_rig: Rig, watcher: Watcher):
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 10_000)
    await own_rig.pay(link_of(await buy_package(town, "70 ")))
    saved = operating.operate(own_rig.address, "backup", own_rig.folder / "saved", DATABASE_DUMPS=str(own_rig.folder))
    assert saved.returncode == 0, saved.stderr
    queries = [query.replace("$instance", ".*").replace("$__rate_interval", WINDOW) for query in panel_queries()]

    async def empty() -> list[str]:
        return [query for query in queries if not has_data(await watcher.asked(query))]

    async def is_none_empty() -> bool:
        # Figures that begin with the first gift show no growth before Prometheus has seen them once. Leo has no coins.
        for member in (town.mia, town.leo):
            await town.give(member, "Petal", town.noor)
        return not await empty()

    with suppress(TimeoutError):
        await until(is_none_empty)
    assert await empty() == []
    alerts = await watcher.rules()
    assert {alert["name"] for alert in alerts} == {rule["alert"] for rule in rules()}
    assert [(alert["name"], alert["lastError"]) for alert in alerts if alert["health"] != "ok"] == []

    async def are_all_inactive() -> bool:
        return {alert["state"] for alert in await watcher.rules()} == {"inactive"}

    # Until the backup was seen, its alert was pending.
    await until(are_all_inactive)
