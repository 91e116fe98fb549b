"""The composition root: the only file that sees every room, and puts them together."""

import asyncio
import contextlib
import logging
import os
import random
import secrets
import signal
import time
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot import discordpy_internals, unseen_receipts
from bot.announcer.pace import Pace
from bot.background import background, overlay_part
from bot.client import BooksMissing, Rosette
from bot.clock import Clock, monotonic_ms
from bot.discord_requests import DiscordRequests
from bot.domain.errors import BooksClosed
from bot.exit_codes import Exit
from bot.gc_tuning import tune_collector
from bot.metrics.sources import Running
from bot.payments.provider import Provider
from bot.providers import providers_of
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_notes import PaymentNotes
from bot.services.pictures import PictureSources
from bot.settings import Settings
from bot.stopping import end_at_last
from bot.storage.checkpoint_keeper import SIGN_EVERY_S, CheckpointKeeper
from bot.storage.connect.address import StorageError
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database
from bot.storage.maintenance import checkpoints, erasure_list, marks
from bot.storage.probe import PROBE_EVERY_S, Probe
from bot.storage.watch import LOOK_EVERY_S, Watch
from bot.ui.kit.instances import Instances
from bot.ui.kit.legal import LegalPages
from bot.web.health import CHECK_EVERY_S, Health
from bot.web.server import WebServer
from bot.workers import Worker

if TYPE_CHECKING:
    from bot.metrics.server import MetricsServer

log = logging.getLogger(__name__)

COUNT_EVERY_S = 30.0
"""How often the counts of payments are read, because another process may have been told of them."""

SAVE_EVERY_S = 5.0
"""How far the cursor of shown receipts may be behind them: what a killed process may have shown is told once more."""


async def run(settings: Settings, process: ProcessTransactions | None, *, new_books: bool) -> Exit:
    """Run the bot until it is told to stop; return the exit code. What stops a start is one line in the log.

    `process` writes the books if they are a SQLite file; where there have been books, only `new_books` begins others.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Also as process 1, where a signal without a handler is ignored.
        loop.add_signal_handler(number, stop.set)
    try:
        instances, clock, requests = Instances(time.monotonic), Clock(), DiscordRequests()
        discordpy_internals.point_at(settings.discord_api_url, settings.discord_gateway_url)
        async with (
            discordpy_internals.answering(instances.notice, requests),
            _database(settings, clock, process, new_books=new_books) as database,
        ):
            watch = Watch(database, clock=monotonic_ms, chance=random.random)
            await watch.check()
            return await _serve(
                settings, database, clock, watch, instances, requests, stop, process, new_books=new_books
            )
    except (StorageError, BooksMissing) as error:
        log.critical("%s", error)
        return Exit.BOOKS
    except BooksClosed as error:
        if process is not None and process.has_ended:
            # Nothing is wrong with the books: the next start opens them again.
            log.critical("The process that writes the books has ended, so the bot stops")
            return Exit.FAILED
        log.critical("The books cannot be read, so the bot does not start: %s", error.__cause__)
        return Exit.BOOKS
    except discord.LoginFailure:
        log.critical("Discord does not accept this DISCORD_TOKEN. Copy it again from the developer portal.")
        return Exit.TOKEN
    except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
        log.critical("The start failed: %s", error)
        return Exit.FAILED


@contextlib.asynccontextmanager
async def _database(
    settings: Settings, clock: Clock, process: ProcessTransactions | None, *, new_books: bool
) -> AsyncGenerator[Database]:
    database = await Database.open(
        settings.database_url, clock=clock, dumps=settings.database_dumps, new_books=new_books, process=process
    )
    try:
        yield database
    finally:
        await database.close()


async def _serve(
    settings: Settings,
    database: Database,
    clock: Clock,
    watch: Watch,
    instances: Instances,
    requests: DiscordRequests,
    stop: asyncio.Event,
    process: ProcessTransactions | None,
    *,
    new_books: bool,
) -> Exit:
    signing = await _signing(settings, database, clock, new_books=new_books)
    providers = providers_of(settings, PaymentNotes(database), clock.estimate)
    services = _services(settings, database, clock, providers)
    await services.earnings.confirm(settings.confirmed_payouts)
    await services.personal_data.repeat()
    pace = Pace(time.monotonic, asyncio.sleep)
    client = Rosette(
        services,
        clock,
        shards=settings.shards,
        shard_count=settings.shard_count,
        http_trace=requests.listen(pace.trace()),
        instances=instances,
        legal_pages=LegalPages(settings.privacy_url, settings.terms_url),
        new_books=new_books,
    )
    watching = Worker("checking the books", lambda: watch.look(client.serves), interval_s=LOOK_EVERY_S)
    probe = Probe(database.writer, clock=time.monotonic, new_id=lambda: secrets.token_hex(8))
    probing = Worker("probing the books", probe.look, interval_s=PROBE_EVERY_S)
    health = Health(
        probe.trouble,
        lambda: None if client.is_ready() else "not connected to Discord's gateway",
        lambda: None if clock.is_clear else "this machine's clock is in doubt",
        degraded=lambda: [f"webhooks of {provider}" for provider in services.webhook_watch.silent],
    )
    checking = Worker("checking the health", health.check, interval_s=CHECK_EVERY_S)
    overlay, showing = overlay_part(client, database)
    web = WebServer(services, health, overlay)
    timing = Worker("asking for the time", lambda: _ask_time(client), interval_s=1)
    clock.on_doubt = timing.wake
    of_the_app = (timing, watching, probing, checking, showing, *signing, *_keeping(services))
    unasked = background(services, database, client, pace)
    workers = (*of_the_app, *unasked.workers)
    await web.start(settings.web_host, settings.web_port)
    running = Running(database, client, unasked.boards, overlay.hub, probe, watch, web, requests)
    metrics = await _start_metrics(settings, running, process)
    gateway = asyncio.create_task(_connect(client, settings.discord_token.get_secret_value(), workers), name="gateway")
    try:
        code = await _until_stopped(gateway, stop, process, database)
    finally:
        end_at_last(process)
        unsettled = await _close(client, gateway, web, workers, providers, database)
        if metrics is not None:
            await metrics.stop()
    return Exit.FAILED if unsettled and code is Exit.DONE else code


def _keeping(services: Services) -> tuple[Worker, ...]:
    """Return who reads what other processes were told of, and who keeps what members have not seen yet."""
    listening = Worker("watching webhooks", services.webhook_watch.load, interval_s=COUNT_EVERY_S)
    saving = Worker("keeping missed receipts", lambda: unseen_receipts.keep(services), interval_s=SAVE_EVERY_S)
    services.receipts.subscribe(saving.wake)
    return listening, saving


async def _signing(settings: Settings, database: Database, clock: Clock, *, new_books: bool) -> tuple[Worker, ...]:
    """Compare the books with their checkpoint, and return who renews it: of several processes, the one with shard 0."""
    if 0 not in settings.shards:
        return ()
    key = settings.checkpoint_key.get_secret_value()
    file = checkpoints.file_of(settings.database_url, settings.database_dumps, key)
    keeper = CheckpointKeeper(database, file, clock=clock.estimate)
    await keeper.check(new_books=new_books)
    return (Worker("signing the books", keeper.look, interval_s=SIGN_EVERY_S, cleanup=keeper.look_last),)


def _services(settings: Settings, database: Database, clock: Clock, providers: Sequence[Provider]) -> Services:
    return build(
        database,
        providers,
        clock,
        estimate=clock.estimate,
        pictures=PictureSources(settings.discord_cdn_url, settings.picture_folder, settings.fonts_dir),
        public_url=settings.public_url,
        erasures_in=erasure_list.path_of(settings.database_url, settings.database_dumps),
    )


async def _start_metrics(
    settings: Settings, running: Running, process: ProcessTransactions | None
) -> "MetricsServer | None":
    if settings.metrics_port is None:
        return None
    # Only where it is wanted: Prometheus' client takes 4 MiB of memory.
    from bot.metrics.server import serve_metrics  # noqa: PLC0415

    address = settings.metrics_host, settings.metrics_port
    marks_file = marks.path_of(settings.database_url, settings.database_dumps)
    return await serve_metrics(running, address, marks_file, writer_pid=process.pid if process else None)


async def _connect(client: Rosette, token: str, workers: Sequence[Worker]) -> None:
    """Log in and stay connected; the work in the background begins once the client can be waited for."""
    await client.login(token)
    # Discord has told the time by now, and nobody could be answered yet.
    await unseen_receipts.recover(client.services, client.serves)
    # Cogs and commands are there. Not guilds: what is left of them when they are gone has to be collected.
    tune_collector()
    for worker in workers:
        worker.start()
    client.services.pictures.start_filling()
    await client.connect()


async def _ask_time(client: Rosette) -> None:
    """Ask Discord for the time where there is need; the client's clock hears the answer."""
    if client.clock.needs_telling:
        # Asked again in a second, and the log has said already what is the matter.
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
            await discordpy_internals.ask_anything(client)


async def _until_stopped(
    gateway: asyncio.Task[None], stop: asyncio.Event, process: ProcessTransactions | None, database: Database
) -> Exit:
    """Wait for a signal, or for the end of the gateway, of the process that writes the books, or of the books."""
    asked = asyncio.create_task(stop.wait())
    died = asyncio.create_task(process.ended() if process else asyncio.Event().wait())
    gone = asyncio.create_task(database.writer.gone())
    await asyncio.wait((gateway, asked, died, gone), return_when=asyncio.FIRST_COMPLETED)
    died.cancel()
    gone.cancel()
    if stop.is_set():
        log.info("Stopping")
        # A second signal must be able to end a stop that hangs.
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, os._exit, Exit.FAILED)
        return Exit.DONE
    asked.cancel()
    if gone.done():
        log.critical("The books are gone, so the bot stops: %s", gone.result())
        return Exit.BOOKS
    if died.done():
        log.critical("The process that writes the books ended with exit code %s, so the bot stops", died.result())
        return Exit.FAILED
    try:
        await gateway
    except discord.ConnectionClosed as error:
        log.critical("Discord closed the connection for good, so the bot stops: %s", error)
        return Exit.TOKEN if error.code == 4004 else Exit.FAILED
    return Exit.FAILED


async def _close(
    client: Rosette,
    gateway: asyncio.Task[None],
    web: WebServer,
    workers: Sequence[Worker],
    providers: Sequence[Provider],
    database: Database,
) -> int:
    """Take nothing new in, finish what was accepted and answer it, then let go of everything.

    Returns how many commands were left by a writer that hangs.
    """
    client.is_closing = True
    await web.stop()
    await client.wait_for_answers(timeout_s=2)
    unsettled = await database.writer.drain()
    if unsettled:
        log.critical("The writer does not answer, so the bot stops. %d commands were not finished.", unsettled)
        await database.writer.abandon()
    await unseen_receipts.save(client.services)
    # It may still be logging in, and would start the workers after they were stopped.
    gateway.cancel()
    await asyncio.gather(gateway, return_exceptions=True)
    for worker in workers:
        await worker.stop()
    await client.close()
    await client.services.pictures.close()
    for provider in providers:
        await provider.close()
    log.info("Stopped")
    return unsettled
