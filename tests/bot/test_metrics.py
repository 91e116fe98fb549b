"""Figures for Prometheus, over HTTP: what they say of a bot that works, and that they name nobody."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics.catalogue import MEASURES
from tests import operating
from tests.bot.test_health import standstill, writer_of
from tests.rig import Rig, Town, free_port, until

ENDS = ("answered", "refused")
MOST_BYTES = 32 * 1024
"""The most bytes of a scrape of a bot with one shard: half as much again as there are."""
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Scraper:
    """Asks a bot for its figures."""

    def __init__(self, rig: Rig, port: int) -> None:
        self.rig = rig
        self.url = f"http://127.0.0.1:{port}/metrics"

    async def text(self, **headers: str) -> str:
        async with self.rig.http.get(self.url, headers=headers) as answer:
            assert answer.status == 200
            return await answer.text()

    async def samples(self) -> Samples:
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(await self.text())
            for sample in family.samples
        }

    async def value(self, name: str, **labels: str) -> float:
        return (await self.samples()).get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.fixture
async def watched_rig(own_rig: Rig) -> tuple[Rig, Scraper]:
    """A bot that serves figures."""
    port = free_port()
    await own_rig.start_bot(METRICS_PORT=str(port), DATABASE_DUMPS=str(own_rig.folder))
    return own_rig, Scraper(own_rig, port)


async def give_something(town: Town) -> None:
    """Have a member send a gift, and another one be refused theirs."""
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    assert "Receipt #" in (await town.give(town.mia, "Petal", town.noor)).text
    assert "short" in (await town.give(town.leo, "Petal", town.noor)).text


async def test_figures_follow_what_the_bot_does_and_name_nobody(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig
    town = await rig.found_town()
    before = await scraper.samples()

    await give_something(town)

    async def are_counted() -> bool:
        # A gift is counted a moment after Discord, and so this test, has the answer.
        return (
            await scraper.value("rosette_interaction_ack_seconds_count", command="gift")
            == 2
            == sum([await scraper.value("rosette_interactions_total", command="gift", outcome=each) for each in ENDS])
        )

    await until(are_counted)
    after = await scraper.samples()

    def grown(name: str, **labels: str) -> float:
        key = name, tuple(sorted(labels.items()))
        return after.get(key, 0.0) - before.get(key, 0.0)

    assert grown("rosette_gifts_total", tier="small") == 1
    assert grown("rosette_gift_coins_total", kind="promo") > 0
    assert grown("rosette_gift_coins_total", kind="bought") == 0
    assert grown("rosette_interactions_total", command="gift", outcome="answered") == 1
    assert grown("rosette_interactions_total", command="gift", outcome="refused") == 1
    assert grown("rosette_refusals_total", reason="not_enough_coins") == 1
    assert grown("rosette_interaction_ack_seconds_count", command="gift") == 2
    assert grown("rosette_interaction_ack_seconds_bucket", command="gift", le="+Inf") == 2
    assert grown("rosette_commit_seconds_count") == grown("rosette_batch_commands_count") > 0
    assert grown("rosette_commit_seconds_sum") > 0
    assert grown("rosette_discord_requests_total", method="POST", status="204") > 0
    assert after["rosette_books_open", ()] == 1
    assert after["rosette_guilds", ()] >= 1
    assert after["rosette_gateway_connected", (("shard", "0"),)] == 1
    assert after["process_resident_memory_bytes", ()] > 0
    text = await scraper.text()
    people = (town.olive, town.sam, town.noor, town.mia, town.leo)
    for private in (town.guild.name, *(str(person.user.id) for person in people), str(town.guild.id)):
        assert private not in text


async def test_more_guilds_make_no_more_figures(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig

    async def series_after_a_new_town() -> set[object]:
        await give_something(await rig.found_town())
        # Which answers Discord has ever given is chance.
        return {key for key in await scraper.samples() if key[0] != "rosette_discord_requests_total"}

    await series_after_a_new_town()
    few = await series_after_a_new_town()
    await series_after_a_new_town()
    many = await series_after_a_new_town()

    assert many == few
    assert len(await scraper.text()) < MOST_BYTES


async def test_every_figure_is_there_in_either_format(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig
    town = await rig.found_town()
    await give_something(town)

    plain = {family.name: family for family in text_string_to_metric_families(await scraper.text())}
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    text = await scraper.text(Accept=accept)
    open_metrics = {family.name: family for family in openmetrics_families(text)}

    assert text.endswith("# EOF\n")
    for measure in MEASURES:
        assert open_metrics[measure.name].documentation == measure.text
        assert open_metrics[measure.name].type == measure.kind
        name = measure.sample_name if measure.kind == "info" else measure.name
        assert plain[name].documentation == measure.text


async def test_backups_and_audits_are_seen_by_the_running_bot(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig
    assert await scraper.value("rosette_backup_success_timestamp_seconds") == 0
    dumps = {"DATABASE_DUMPS": str(rig.folder)}

    process = operating.operate(rig.address, "backup", rig.folder / "saved", **dumps)

    assert process.returncode == 0, process.stderr
    backup_s = await scraper.value("rosette_backup_success_timestamp_seconds")
    assert backup_s > 1_700_000_000
    assert await scraper.value("rosette_audit_success_timestamp_seconds") == backup_s
    assert await scraper.value("rosette_audit_findings") == 0


async def test_followers_come_to_the_end_of_what_they_follow(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig
    town = await rig.found_town()
    await give_something(town)

    async def is_at_the_end() -> bool:
        samples = await scraper.samples()
        lags = [
            samples["rosette_follower_lag_seconds", (("follower", name),)] for name in ("announcements", "standings")
        ]
        return lags == [0.0, 0.0]

    await until(is_at_the_end)


@pytest.mark.databases("sqlite")
async def test_the_process_that_writes_is_measured_too(watched_rig: tuple[Rig, Scraper]):
    _, scraper = watched_rig

    assert await scraper.value("rosette_writer_process_resident_memory_bytes") > 0


async def test_webhooks_are_counted_by_outcome_and_only_for_known_providers(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig
    before = await scraper.samples()
    for name in ("sandbox", "nobody", "stripe"):
        async with rig.http.post(f"http://127.0.0.1:{rig.web_port}/webhooks/{name}", data=b"{}") as answer:
            assert answer.status in {400, 404}

    assert await scraper.value("rosette_webhooks_total", provider="sandbox", outcome="refused") == 1
    assert await scraper.value("rosette_webhooks_total", provider="unknown", outcome="refused") == 2
    # Of a count that begins with 1, Prometheus sees no growth.
    for name, labels in (
        ("rosette_webhooks_total", {"provider": "sandbox", "outcome": "refused"}),
        ("rosette_orders_total", {"provider": "sandbox", "state": "credited"}),
        ("rosette_interactions_total", {"command": "unread", "outcome": "shed"}),
    ):
        assert before[name, tuple(sorted(labels.items()))] == 0


async def test_without_a_port_there_are_no_figures_and_never_any_on_the_web_port(own_rig: Rig):
    await own_rig.start_bot()

    async with own_rig.http.get(f"http://127.0.0.1:{own_rig.web_port}/metrics") as answer:
        assert answer.status == 404
    assert not any("Metrics for Prometheus" in line for line in own_rig.bot.lines)


@pytest.mark.databases("sqlite")
async def test_figures_say_that_the_books_are_closed_while_the_writer_hangs(watched_rig: tuple[Rig, Scraper]):
    rig, scraper = watched_rig

    async def books_open() -> float:
        return await scraper.value("rosette_books_open")

    async def are_open() -> bool:
        return await books_open() == 1

    async def are_closed() -> bool:
        return await books_open() == 0

    await until(are_open)
    with standstill(writer_of(rig)):
        await until(are_closed, 40)
        assert await scraper.value("rosette_writer_waiting") > 0
    await until(are_open)
